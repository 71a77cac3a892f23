import { emptyRoot, HASH_BYTES, isSameHash, nodeHash, type Hash } from './hashes.ts';

/**
 * Whether a proof shows what it claims. Pure and without IO: the same code in the browser, in `ledger verify` and on a
 * witness's machine. Sizes and indexes are whole numbers below 2^53.
 */
export type Verdict = 'valid' | 'impossible-position' | 'malformed-hash' | 'wrong-length' | 'wrong-root';

/** A stretch of entries, the end not among them. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

interface LeafClaim {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
}

interface SubtreeClaim extends Range {
  /** The hash of the range. */
  readonly subtree: Uint8Array;
  /** The size and root of the tree that it is part of. */
  readonly size: number;
  readonly root: Uint8Array;
}

/** That a leaf stands at an index of the tree of this size and root (RFC 9162 §2.1.3.2). */
export function verifyInclusion(
  claim: LeafClaim & { readonly size: number },
  proof: readonly Uint8Array[],
  hash: Hash,
): Verdict {
  return verifySubtreeInclusion({ ...claim, start: 0, end: claim.size }, proof, hash);
}

/** That a leaf stands at an index of a subtree, whose hash is `root` (draft-ietf-plants-merkle-tree-certs §4). */
export function verifySubtreeInclusion(
  { index, start, end, leaf, root }: LeafClaim & Range,
  proof: readonly Uint8Array[],
  hash: Hash,
): Verdict {
  if (!isSubtree({ start, end }) || !Number.isSafeInteger(index) || index < start || index >= end) {
    return 'impossible-position';
  }
  if (!areHashes([leaf, root, ...proof])) return 'malformed-hash';
  let at = index - start;
  let last = end - start - 1;
  let found = leaf;
  for (const sibling of proof) {
    if (last === 0) return 'wrong-length';
    if (isOdd(at) || at === last) {
      found = nodeHash(sibling, found, hash);
      // Where the path is the right edge of the tree, levels without a sibling are skipped.
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      found = nodeHash(found, sibling, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0) return 'wrong-length';
  return isSameHash(found, root) ? 'valid' : 'wrong-root';
}

/**
 * That a tree is a prefix of a larger one (RFC 9162 §2.1.4.2). From size 0 there is nothing to prove, and a proof of it
 * is refused: a caller that accepts a first checkpoint must say so in its own words.
 */
export function verifyConsistency(
  claim: { readonly oldSize: number; readonly oldRoot: Uint8Array; readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
  hash: Hash,
): Verdict {
  if (claim.oldSize === 0) return 'impossible-position';
  const { oldSize: end, oldRoot: subtree, size, root } = claim;
  return verifySubtreeConsistency({ start: 0, end, subtree, size, root }, proof, hash);
}

/** That a subtree's hash belongs to the tree of this size and root (draft-ietf-plants-merkle-tree-certs §4.4). */
export function verifySubtreeConsistency(
  { start, end, subtree, size, root }: SubtreeClaim,
  proof: readonly Uint8Array[],
  hash: Hash,
): Verdict {
  if (!isSubtree({ start, end }) || !Number.isSafeInteger(size) || end > size) return 'impossible-position';
  if (!areHashes(proof)) return 'malformed-hash';
  if (start === end) {
    // Nothing is part of everything: there is no path to walk, and only the hash of nothing is its hash.
    if (proof.length > 0) return 'wrong-length';
    return isSameHash(subtree, emptyRoot(hash)) ? 'valid' : 'wrong-root';
  }
  return walk({ start, end, subtree, size, root }, proof, hash);
}

function walk({ start, end, subtree, size, root }: SubtreeClaim, proof: readonly Uint8Array[], hash: Hash): Verdict {
  let [first, last, top] = [start, end - 1, size - 1];
  const up = (): void => {
    [first, last, top] = [half(first), half(last), half(top)];
  };
  while (first !== last && (last === top || isOdd(last))) up();
  const rest = [...proof];
  // A subtree that is a node of the tree is known already; otherwise the proof begins with its rightmost node.
  const begin = first === last ? subtree : rest.shift();
  if (begin === undefined) return 'wrong-length';
  let [ofSubtree, ofTree] = [begin, begin];
  // A node on the right edge of the tree has no sibling until the edge turns left.
  if (first === last && last === top) while (top !== 0 && !isOdd(last)) up();
  for (const sibling of rest) {
    if (top === 0) return 'wrong-length';
    if (isOdd(last) || last === top) {
      if (first < last) ofSubtree = nodeHash(sibling, ofSubtree, hash);
      ofTree = nodeHash(sibling, ofTree, hash);
      while (!isOdd(last) && last !== 0) up();
    } else {
      ofTree = nodeHash(ofTree, sibling, hash);
    }
    up();
  }
  if (top !== 0) return 'wrong-length';
  return isSameHash(ofSubtree, subtree) && isSameHash(ofTree, root) ? 'valid' : 'wrong-root';
}

/** A range that is a subtree: it starts at 0, or at a multiple of the least power of two that holds it; or is empty. */
export function isSubtree({ start, end }: Range): boolean {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) return false;
  if (start === 0 || start === end) return true;
  let width = 1;
  while (width < end - start) width *= 2;
  return start % width === 0;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every(({ length }) => length === HASH_BYTES);
}

// By division and not by bits: JavaScript's bit operators stop at 32.
function half(number: number): number {
  return Math.floor(number / 2);
}

function isOdd(number: number): boolean {
  return number % 2 === 1;
}
