import { expect, it } from 'vitest';
import { sha256Bytes } from '../../adapters/system/sha256.ts';
import { NO_ENTRIES, rootOfFrontier, withLeaf } from './frontier.ts';
import { leafHash } from './hashes.ts';
import { nodesOf, rootOf } from './tree.ts';

const leaves = Array.from({ length: 700 }, (_, index) => leafHash(Uint8Array.of(index >> 8, index & 255), sha256Bytes));

it('names the root of every tree size up to 700 as the whole tree does', () => {
  const nodes = nodesOf(leaves, sha256Bytes);
  let frontier = NO_ENTRIES;
  expect(rootOfFrontier(frontier, sha256Bytes)).toEqual(rootOf(0, nodes, sha256Bytes));
  for (const leaf of leaves) {
    frontier = withLeaf(frontier, leaf, sha256Bytes);
    expect(rootOfFrontier(frontier, sha256Bytes)).toEqual(rootOf(frontier.size, nodes, sha256Bytes));
  }
});

it('tells each full subtree once, as the whole tree has it', () => {
  const nodes = nodesOf(leaves, sha256Bytes);
  const told = new Map<string, Uint8Array>();
  let frontier = NO_ENTRIES;
  for (const leaf of leaves) {
    frontier = withLeaf(frontier, leaf, sha256Bytes, (level, index, node) => {
      expect(told.has(`${level} ${index}`)).toBe(false);
      told.set(`${level} ${index}`, node);
    });
  }
  for (const [name, node] of told) {
    const [level = 0, index = 0] = name.split(' ').map(Number);
    expect(node).toEqual(nodes(level, index));
  }
  expect([...told.keys()].filter((name) => name.startsWith('8 '))).toEqual(['8 0', '8 1']);
});
