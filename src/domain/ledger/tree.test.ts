import { describe, expect, test } from 'vitest';
import { sha256Bytes } from '../../adapters/system/sha256.ts';
import { randomFrom } from '../../../test/support/random.ts';
import { includes, isPrefix, leafOf, rootFrom } from '../../../test/support/second-verifier.ts';
import { emptyRoot, leafHash } from './hashes.ts';
import { nodesOf, proveConsistency, proveInclusion, proveSubtreeConsistency, rootOf, subtreeHash } from './tree.ts';
import { isSubtree, verifyConsistency, verifyInclusion } from './verify.ts';

const hash = sha256Bytes;
const entries = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => Buffer.from(`entry ${index}`));
const leaves = entries(300).map((entry) => leafHash(entry, hash));
const read = nodesOf(leaves, hash);

test('every root up to 300 is that of the recursive definition', () => {
  expect(rootOf(0, read, hash)).toEqual(emptyRoot(hash));
  for (let size = 1; size <= 300; size += 1) {
    expect(Buffer.compare(rootOf(size, read, hash), rootFrom(leaves.slice(0, size))), `size ${size}`).toBe(0);
  }
});

test('10,000 random trees: what one verifier accepts the other does, and a flipped bit neither', () => {
  const random = randomFrom(6962);
  for (let round = 0; round < 10_000; round += 1) {
    const size = random.between(1, 300);
    const index = random.between(0, size - 1);
    const oldSize = random.between(1, size);
    const [root, oldRoot] = [rootOf(size, read, hash), rootOf(oldSize, read, hash)];
    const leaf = leaves[index] as Uint8Array;
    const path = proveInclusion(index, size, read, hash);
    const growth = proveConsistency(oldSize, size, read, hash);
    const where = `round ${round}: ${index} of ${size}, grown from ${oldSize}`;
    expect(
      [verifyInclusion({ index, size, leaf, root }, path, hash), includes(index, size, leaf, root, path)],
      where,
    ).toEqual(['valid', true]);
    expect(
      [
        verifyConsistency({ oldSize, oldRoot, size, root }, growth, hash),
        isPrefix(oldSize, size, oldRoot, root, growth),
      ],
      where,
    ).toEqual(['valid', true]);
    const wrongPath = spoilt(path, random);
    expect(
      [
        verifyInclusion({ index, size, leaf, root }, wrongPath, hash) === 'valid',
        includes(index, size, leaf, root, wrongPath),
      ],
      where,
    ).toEqual([false, false]);
    const wrongGrowth = spoilt(growth, random);
    expect(
      [
        verifyConsistency({ oldSize, oldRoot, size, root }, wrongGrowth, hash) === 'valid',
        isPrefix(oldSize, size, oldRoot, root, wrongGrowth),
      ],
      where,
    ).toEqual([false, false]);
  }
});

/** A proof with one bit flipped, or one hash more where there is none to flip. */
function spoilt(proof: readonly Uint8Array[], random: ReturnType<typeof randomFrom>): Uint8Array[] {
  if (proof.length === 0) return [new Uint8Array(32)];
  const which = random.between(0, proof.length - 1);
  return proof.map((each, place) => {
    if (place !== which) return each;
    const copy = Uint8Array.from(each);
    const byte = random.between(0, 31);
    copy[byte] = (copy[byte] ?? 0) ^ (1 << random.between(0, 7));
    return copy;
  });
}

describe('what is impossible is refused, and named', () => {
  const root = rootOf(8, read, hash);
  const leaf = leaves[3] as Uint8Array;
  const path = proveInclusion(3, 8, read, hash);
  test.each<[string, number, number]>([
    ['an index past the end', 8, 8],
    ['a negative index', -1, 8],
    ['a broken index', 2.5, 8],
    ['a size beyond what a number holds', 3, 2 ** 53],
    ['an empty tree', 0, 0],
  ])('%s', (_, index, size) =>
    expect(verifyInclusion({ index, size, leaf, root }, path, hash)).toBe('impossible-position'),
  );
  test('a proof too short, too long, of a wrong hash length, of another leaf', () => {
    const claim = { index: 3, size: 8, leaf, root };
    expect(verifyInclusion(claim, path.slice(1), hash)).toBe('wrong-length');
    expect(verifyInclusion(claim, [...path, leaf], hash)).toBe('wrong-length');
    expect(verifyInclusion(claim, [...path.slice(1), leaf.slice(1)], hash)).toBe('malformed-hash');
    expect(verifyInclusion({ ...claim, index: 4 }, path, hash)).toBe('wrong-root');
  });
  test('growth backwards, and from nothing', () => {
    const claim = { oldRoot: root, root };
    expect(verifyConsistency({ ...claim, oldSize: 9, size: 8 }, [], hash)).toBe('impossible-position');
    expect(verifyConsistency({ ...claim, oldSize: 0, size: 8 }, [], hash)).toBe('impossible-position');
    expect(verifyConsistency({ ...claim, oldSize: 8, size: 8 }, [], hash)).toBe('valid');
    expect(verifyConsistency({ ...claim, oldSize: 8, size: 8 }, [leaf], hash)).toBe('wrong-length');
    expect(verifyConsistency({ ...claim, oldSize: 3, size: 8 }, [], hash)).toBe('wrong-length');
  });
  test('to prove what is not there', () => {
    expect(() => proveInclusion(8, 8, read, hash)).toThrow('no leaf 8 in [0, 8)');
    expect(() => subtreeHash({ start: 1, end: 3 }, read, hash)).toThrow('[1, 3) is no subtree');
    expect(() => proveSubtreeConsistency({ start: 8, end: 16 }, 15, read, hash)).toThrow('no subtree of 15');
    expect(() => rootOf(301, read, hash)).toThrow('no node');
  });
});

test.each<[number, number, boolean]>([
  [0, 0, true],
  [5, 5, true],
  [0, 7, true],
  [4, 8, true],
  [4, 7, true],
  [8, 11, true],
  [4, 9, false],
  [2, 5, false],
  [1, 3, false],
  [3, 2, false],
  [-4, 0, false],
])('[%i, %i) is a subtree: %s', (start, end, is) => expect(isSubtree({ start, end })).toBe(is));

test('a leaf never passes for a node', () => {
  expect(Buffer.compare(leafHash(Buffer.from('a'), hash), leafOf(Buffer.from('a')))).toBe(0);
  const [left, right] = [leaves[0] as Uint8Array, leaves[1] as Uint8Array];
  expect(leafHash(Buffer.concat([left, right]), hash)).not.toEqual(rootOf(2, read, hash));
});
