import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256Bytes as hash } from '../../src/adapters/system/sha256.ts';
import { emptyRoot, leafHash, nodeHash } from '../../src/domain/ledger/hashes.ts';
import {
  nodesOf,
  proveSubtreeConsistency,
  proveSubtreeInclusion,
  rootOf,
  subtreeHash,
} from '../../src/domain/ledger/tree.ts';
import {
  isSubtree,
  verifyConsistency,
  verifyInclusion,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
  type Verdict,
} from '../../src/domain/ledger/verify.ts';
import { hasShared, SHARED } from '../support/shared.ts';

// Published vectors of the tree (shared/vectors/ORIGIN.md says whose): what others accept we accept, and nothing else.

interface Vector {
  readonly desc: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
  readonly [fact: string]: unknown;
}

const present = hasShared();
const read = (name: string): unknown => JSON.parse(readFileSync(join(SHARED, 'vectors', name), 'utf8'));
const vectors = (name: string): Vector[] => (present ? (read(`merkle-proofs/${name}.json`) as Vector[]) : []);
const bytes = (base64: unknown): Uint8Array => Buffer.from(base64 as string, 'base64');
const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');
const toHex = (found: Uint8Array): string => Buffer.from(found).toString('hex');
const proofOf = ({ proof }: Vector): Uint8Array[] => (proof ?? []).map(bytes);

/** JSON's numbers past 2^53 are read inexactly; all of them stand in vectors that must fail, and do. */
const number = (value: unknown): number => value as number;

describe.skipIf(!present)('proofs', () => {
  test.each<[string, number, (vector: Vector) => Verdict]>([
    [
      'inclusion',
      98,
      (each) =>
        verifyInclusion(
          {
            index: number(each['leafIdx']),
            size: number(each['treeSize']),
            leaf: bytes(each['leafHash']),
            root: bytes(each['root']),
          },
          proofOf(each),
          hash,
        ),
    ],
    [
      'consistency',
      98,
      (each) =>
        verifyConsistency(
          {
            oldSize: number(each['size1']),
            size: number(each['size2']),
            oldRoot: bytes(each['root1']),
            root: bytes(each['root2']),
          },
          proofOf(each),
          hash,
        ),
    ],
    [
      'subtreeinclusion',
      204,
      (each) =>
        verifySubtreeInclusion(
          {
            index: number(each['leafIdx']),
            start: number(each['start']),
            end: number(each['end']),
            leaf: bytes(each['leafHash']),
            root: bytes(each['root']),
          },
          proofOf(each),
          hash,
        ),
    ],
    [
      'subtreeconsistency',
      118,
      (each) =>
        verifySubtreeConsistency(
          {
            start: number(each['start']),
            end: number(each['end']),
            size: number(each['size']),
            subtree: bytes(each['root1']),
            root: bytes(each['root2']),
          },
          proofOf(each),
          hash,
        ),
    ],
  ])('%s: all %i', (name, count, verify) => {
    const all = vectors(name);
    expect(all).toHaveLength(count);
    const wrong = all.filter((each) => (verify(each) === 'valid') === each.wantErr);
    expect(wrong.map(({ desc }) => desc)).toEqual([]);
    expect(all.some(({ wantErr }) => wantErr) && all.some(({ wantErr }) => !wantErr)).toBe(true);
  });

  test('a real entry of a public log of 21 million', () => {
    const rekor = read('rekor-real-inclusion.json') as {
      leaf_body_base64: string;
      index: number;
      tree_size: number;
      root_hex: string;
      proof_hex: string[];
    };
    const claim = {
      index: rekor.index,
      size: rekor.tree_size,
      leaf: leafHash(bytes(rekor.leaf_body_base64), hash),
      root: hex(rekor.root_hex),
    };
    expect(verifyInclusion(claim, rekor.proof_hex.map(hex), hash)).toBe('valid');
    expect(verifyInclusion({ ...claim, index: claim.index + 1 }, rekor.proof_hex.map(hex), hash)).not.toBe('valid');
  });
});

describe.skipIf(!present)('the tree', () => {
  const reference = (present ? read('rfc6962-reference.json') : {}) as {
    empty_root: string;
    empty_leaf_hash: string;
    leaf_hash: { input_utf8: string; hash: string };
    node_hash: { left_utf8: string; right_utf8: string; hash: string };
    leaf_inputs_hex: string[];
    root_hashes_by_size: string[];
    accumulated_subtree_vectors: Record<string, string>;
  };

  test('leaves, nodes and roots of RFC 6962', () => {
    expect(toHex(emptyRoot(hash))).toBe(reference.empty_root);
    expect(toHex(leafHash(new Uint8Array(0), hash))).toBe(reference.empty_leaf_hash);
    expect(toHex(leafHash(Buffer.from(reference.leaf_hash.input_utf8), hash))).toBe(reference.leaf_hash.hash);
    const { left_utf8: left, right_utf8: right, hash: node } = reference.node_hash;
    expect(toHex(nodeHash(Buffer.from(left), Buffer.from(right), hash))).toBe(node);
    const nodes = nodesOf(
      reference.leaf_inputs_hex.map((each) => leafHash(hex(each), hash)),
      hash,
    );
    const roots = reference.root_hashes_by_size.map((_, size) => toHex(rootOf(size, nodes, hash)));
    expect(roots).toEqual(reference.root_hashes_by_size);
  });

  test('every subtree of 130 leaves: hashes, inclusion and consistency proofs', () => {
    const nodes = nodesOf(
      Array.from({ length: 130 }, (_, index) => leafHash(Uint8Array.of(index), hash)),
      hash,
    );
    const [hashes, inclusions, consistencies]: [string[], string[], string[]] = [[], [], []];
    const line = (head: string, proof: readonly Uint8Array[]): string => `${[head, ...proof.map(toHex)].join(' ')}\n`;
    for (let end = 0; end <= 130; end += 1) {
      for (let start = 0; start <= end; start += 1) {
        if (!isSubtree({ start, end })) continue;
        const name = `[${start}, ${end})`;
        hashes.push(`${name} ${toHex(subtreeHash({ start, end }, nodes, hash))}\n`);
        for (let index = start; index < end; index += 1) {
          inclusions.push(line(`${index} ${name}`, proveSubtreeInclusion(index, { start, end }, nodes, hash)));
        }
      }
    }
    for (let size = 0; size <= 130; size += 1) {
      for (let end = 0; end <= size; end += 1) {
        for (let start = 0; start <= end; start += 1) {
          if (!isSubtree({ start, end })) continue;
          const proof = proveSubtreeConsistency({ start, end }, size, nodes, hash);
          consistencies.push(line(`[${start}, ${end}) ${size}`, proof));
        }
      }
    }
    const digest = (lines: readonly string[]): string => toHex(hash(Buffer.from(lines.join(''))));
    const expected = reference.accumulated_subtree_vectors;
    expect(digest(hashes)).toBe(expected['subtree_hash_sha256']);
    expect(digest(inclusions)).toBe(expected['subtree_inclusion_sha256']);
    expect(digest(consistencies)).toBe(expected['subtree_consistency_sha256']);
  });
});
