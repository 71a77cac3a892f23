import { describe, expect, test } from 'vitest';
import { sha256Bytes as hash } from '../../adapters/system/sha256.ts';
import { randomFrom } from '../../../test/support/random.ts';
import { leafHash } from './hashes.ts';
import { formatHashTile, nodesFromTiles, parseHashTile, tileRoot, tilesReadBy, type ReadTile } from './tile-nodes.ts';
import { formatTilePath, tilesOf } from './tiles.ts';
import { nodesOf, proveConsistency, proveInclusion, rootOf, subtreeHash } from './tree.ts';

const MOST = 70_000;
const leaves = Array.from({ length: MOST }, (_, index) => leafHash(Buffer.from(`entry ${index}`), hash));
const whole = nodesOf(leaves, hash);

/** The tiles of a tree, each hash worked out from all its leaves: the definition, not the way by tiles. */
function tilesFor(size: number): Map<string, Uint8Array[]> {
  const tiles = new Map<string, Uint8Array[]>();
  for (const tile of tilesOf(size)) {
    const span = 256 ** (tile.level as number);
    const hashes = Array.from({ length: tile.width }, (_, at) => {
      const start = (tile.index * 256 + at) * span;
      return subtreeHash({ start, end: start + span }, whole, hash);
    });
    tiles.set(formatTilePath(tile), hashes);
  }
  return tiles;
}

function readerOf(tiles: ReadonlyMap<string, Uint8Array[]>): ReadTile {
  return (tile) => {
    const hashes = tiles.get(formatTilePath(tile));
    if (hashes === undefined) throw new Error(`${formatTilePath(tile)} was not written`);
    return hashes;
  };
}

test.each([1, 2, 255, 256, 257, 300, 511, 512, 513, 65_535, 65_536, 65_537, MOST])(
  'a tree of %i: root and proofs from its tiles are those from its leaves',
  (size) => {
    const read = nodesFromTiles(size, readerOf(tilesFor(size)), hash);
    const random = randomFrom(size);
    expect(rootOf(size, read, hash)).toEqual(rootOf(size, whole, hash));
    for (let round = 0; round < 20; round += 1) {
      const index = random.between(0, size - 1);
      expect(proveInclusion(index, size, read, hash)).toEqual(proveInclusion(index, size, whole, hash));
      const old = random.between(1, size);
      expect(proveConsistency(old, size, read, hash)).toEqual(proveConsistency(old, size, whole, hash));
    }
  },
);

test('an inclusion proof in 70,000 entries needs a handful of tiles, and no more than are named', () => {
  const tiles = tilesFor(MOST);
  const needed = tilesReadBy(MOST, (read) => proveInclusion(12_345, MOST, read, hash));
  expect(needed.map(formatTilePath).sort()).toEqual([
    'tile/0/048',
    'tile/0/273.p/112',
    'tile/1/000',
    'tile/1/001.p/17',
  ]);
  const fetched = new Map(needed.map((tile) => [formatTilePath(tile), readerOf(tiles)(tile) as Uint8Array[]]));
  const proof = proveInclusion(12_345, MOST, nodesFromTiles(MOST, readerOf(fetched), hash), hash);
  expect(proof).toEqual(proveInclusion(12_345, MOST, whole, hash));
});

test('the root of a whole tile is one hash of the level above', () => {
  expect(tileRoot(leaves.slice(256, 512), hash)).toEqual(subtreeHash({ start: 256, end: 512 }, whole, hash));
});

test('a whole tile serves where a partial one is asked for: the log may have dropped that', () => {
  const tiles = new Map([['tile/0/000.p/5', leaves.slice(0, 256)]]);
  expect(rootOf(5, nodesFromTiles(5, readerOf(tiles), hash), hash)).toEqual(rootOf(5, whole, hash));
});

describe('what is not there', () => {
  test('a tile with fewer hashes than its width', () => {
    const tiles = new Map([['tile/0/000.p/5', leaves.slice(0, 4)]]);
    expect(() => rootOf(5, nodesFromTiles(5, readerOf(tiles), hash), hash)).toThrow('tile/0/000.p/5 has 4 hashes only');
  });
  test('a node past the end of the tree', () => {
    const read = nodesFromTiles(5, readerOf(tilesFor(5)), hash);
    expect(() => read(0, 5)).toThrow('no node 5 at level 0');
    expect(() => read(2, 1)).toThrow('no node 1 at level 2');
    expect(() => read(8, 0)).toThrow('no node 0 at level 8');
  });
});

test('the bytes of a tile', () => {
  const bytes = formatHashTile(leaves.slice(0, 3));
  expect(bytes).toHaveLength(96);
  const parsed = parseHashTile(bytes);
  expect(parsed.ok && parsed.value.map((each) => Buffer.from(each))).toEqual(leaves.slice(0, 3));
  for (const length of [0, 31, 33, 257 * 32]) {
    expect(parseHashTile(new Uint8Array(length))).toMatchObject({ failure: { code: 'malformed-tile' } });
  }
  expect(parseHashTile(new Uint8Array(256 * 32))).toMatchObject({ ok: true });
  expect(() => formatHashTile([])).toThrow('1 to 256 hashes');
  expect(() => formatHashTile([new Uint8Array(31)])).toThrow('1 to 256 hashes');
});
