import { emptyRoot, nodeHash, type Hash } from './hashes.ts';

/**
 * The right edge of a tree: the hashes of its full subtrees, the largest first. It is all that one must know to add a
 * leaf and to name the new root, however large the tree is.
 */
export interface Frontier {
  readonly size: number;
  readonly peaks: readonly Uint8Array[];
}

export const NO_ENTRIES: Frontier = { size: 0, peaks: [] };

/** The full subtree that a leaf completed: `level` 0 is the leaf itself, `index` counts subtrees from the left. */
export type OnComplete = (level: number, index: number, node: Uint8Array) => void;

/** @param completed is told every full subtree that the leaf completes, from below. */
export function withLeaf(frontier: Frontier, leaf: Uint8Array, hash: Hash, completed?: OnComplete): Frontier {
  const peaks = [...frontier.peaks];
  addLeaf(peaks, frontier.size, leaf, hash, completed);
  return { size: frontier.size + 1, peaks };
}

/** A tree that grows in place, for whoever reads a whole log. */
export function growingTree(
  start: Frontier,
  hash: Hash,
): { add: (leaf: Uint8Array, completed?: OnComplete) => void; frontier: () => Frontier } {
  const peaks = [...start.peaks];
  let { size } = start;
  return {
    add: (leaf, completed) => {
      addLeaf(peaks, size, leaf, hash, completed);
      size += 1;
    },
    frontier: () => ({ size, peaks: [...peaks] }),
  };
}

function addLeaf(peaks: Uint8Array[], size: number, leaf: Uint8Array, hash: Hash, completed?: OnComplete): void {
  let node = leaf;
  let index = size;
  for (let level = 0; ; level += 1) {
    completed?.(level, index, node);
    // An odd index is the right half of a pair whose left half is the last peak.
    if (index % 2 === 0) break;
    node = nodeHash(peaks.pop() as Uint8Array, node, hash);
    index = (index - 1) / 2;
  }
  peaks.push(node);
}

/** The root (RFC 9162 §2.1.1): the peaks joined from the right. */
export function rootOfFrontier({ peaks }: Frontier, hash: Hash): Uint8Array {
  if (peaks.length === 0) return emptyRoot(hash);
  return peaks.reduceRight((right, left) => nodeHash(left, right, hash));
}
