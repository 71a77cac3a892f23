import { emptyRoot, nodeHash, type Hash } from './hashes.ts';
import { isSubtree, type Range } from './verify.ts';

/**
 * The hash of the full subtree at a level: `level` 0 is the leaves, `index` counts its subtrees of 2^level leaves from
 * the left. Only subtrees that are full are asked for, so what is read once never changes.
 */
export type ReadNode = (level: number, index: number) => Uint8Array;

/** The root of the tree of the first `size` leaves (RFC 9162 §2.1.1). */
export function rootOf(size: number, read: ReadNode, hash: Hash): Uint8Array {
  return subtreeHash({ start: 0, end: size }, read, hash);
}

/** The hash of a subtree. @throws RangeError where the range is none. */
export function subtreeHash(range: Range, read: ReadNode, hash: Hash): Uint8Array {
  if (!isSubtree(range)) throw new RangeError(`[${range.start}, ${range.end}) is no subtree`);
  if (range.start === range.end) return emptyRoot(hash);
  return hashOf(range, read, hash);
}

function hashOf({ start, end }: Range, read: ReadNode, hash: Hash): Uint8Array {
  const width = end - start;
  const split = splitOf(width);
  if (split * 2 === width || width === 1) return read(Math.round(Math.log2(width)), start / width);
  const middle = start + split;
  return nodeHash(hashOf({ start, end: middle }, read, hash), hashOf({ start: middle, end }, read, hash), hash);
}

/** The siblings on the way from a leaf to the root, from below (RFC 9162 §2.1.3.1). */
export function proveInclusion(index: number, size: number, read: ReadNode, hash: Hash): Uint8Array[] {
  return proveSubtreeInclusion(index, { start: 0, end: size }, read, hash);
}

/** The siblings on the way from a leaf to a subtree's hash, from below. @throws RangeError where the leaf is not in it. */
export function proveSubtreeInclusion(index: number, range: Range, read: ReadNode, hash: Hash): Uint8Array[] {
  if (!isSubtree(range) || index < range.start || index >= range.end) {
    throw new RangeError(`no leaf ${index} in [${range.start}, ${range.end})`);
  }
  const proof: Uint8Array[] = [];
  let { start, end } = range;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      proof.push(hashOf({ start: middle, end }, read, hash));
      end = middle;
    } else {
      proof.push(hashOf({ start, end: middle }, read, hash));
      start = middle;
    }
  }
  return proof.reverse();
}

/** What shows that the tree of `oldSize` is a prefix of that of `size` (RFC 9162 §2.1.4.1). */
export function proveConsistency(oldSize: number, size: number, read: ReadNode, hash: Hash): Uint8Array[] {
  return proveSubtreeConsistency({ start: 0, end: oldSize }, size, read, hash);
}

/** What shows that a subtree is part of the tree of `size` (draft-ietf-plants-merkle-tree-certs §4.4). */
export function proveSubtreeConsistency(range: Range, size: number, read: ReadNode, hash: Hash): Uint8Array[] {
  if (!isSubtree(range) || range.end > size)
    throw new RangeError(`[${range.start}, ${range.end}) is no subtree of ${size}`);
  if (range.start === range.end) return [];
  const proof: Uint8Array[] = [];
  let { start, end } = { start: 0, end: size };
  let from = range.start;
  // Whether the verifier knows the part that is left: it is the subtree itself.
  let isKnown = true;
  while (from !== start || range.end !== end) {
    const middle = start + splitOf(end - start);
    if (range.end <= middle) {
      proof.push(hashOf({ start: middle, end }, read, hash));
      end = middle;
    } else {
      proof.push(hashOf({ start, end: middle }, read, hash));
      // A subtree that crosses the middle begins where this part does; its left half is the node just given.
      if (from < middle) [from, isKnown] = [middle, false];
      start = middle;
    }
  }
  if (!isKnown) proof.push(hashOf({ start, end }, read, hash));
  return proof.reverse();
}

/** The nodes of a tree whose leaf hashes all lie in memory. */
export function nodesOf(leaves: readonly Uint8Array[], hash: Hash): ReadNode {
  const levels: Uint8Array[][] = [[...leaves]];
  for (let below = levels[0] ?? []; below.length > 1; below = levels.at(-1) ?? []) {
    const level: Uint8Array[] = [];
    for (let index = 0; index + 1 < below.length; index += 2) {
      level.push(nodeHash(below[index] as Uint8Array, below[index + 1] as Uint8Array, hash));
    }
    levels.push(level);
  }
  return (level, index) => {
    const node = levels[level]?.[index];
    if (node === undefined) throw new RangeError(`no node ${index} at level ${level}`);
    return node;
  };
}

/** The largest power of two below a width: where RFC 9162 splits a tree. */
function splitOf(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}
