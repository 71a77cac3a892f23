import { createHash } from 'node:crypto';

/**
 * A second verifier of tree proofs that shares no code and no way of thinking with the first: it follows the recursive
 * definitions of RFC 9162 §2.1 downwards, where src/domain/ledger/verify.ts walks upwards by the bits of the index.
 */
const sha = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const node = (left: Uint8Array, right: Uint8Array): Buffer => sha(Buffer.of(1), left, right);

export function leafOf(entry: Uint8Array): Buffer {
  return sha(Buffer.of(0), entry);
}

/** MTH(D[n]) as the RFC writes it. */
export function rootFrom(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  const k = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  return node(rootFrom(leaves.slice(0, k)), rootFrom(leaves.slice(k)));
}

export function includes(
  index: number,
  size: number,
  leaf: Uint8Array,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  const path = [...proof];
  const climb = (m: number, n: number): Uint8Array | undefined => {
    if (n === 1) return leaf;
    const sibling = path.pop();
    if (sibling === undefined) return undefined;
    const k = 2 ** (Math.ceil(Math.log2(n)) - 1);
    if (m < k) {
      const left = climb(m, k);
      return left && node(left, sibling);
    }
    const right = climb(m - k, n - k);
    return right && node(sibling, right);
  };
  if (!(index >= 0 && index < size)) return false;
  const found = climb(index, size);
  return found !== undefined && path.length === 0 && Buffer.compare(found, root) === 0;
}

export function isPrefix(
  oldSize: number,
  size: number,
  oldRoot: Uint8Array,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!(oldSize > 0 && oldSize <= size)) return false;
  const path = [...proof];
  /** The old tree's hash and the whole one's, of a part of n leaves of which m are old. */
  const climb = (m: number, n: number, isWhole: boolean): [Uint8Array, Uint8Array] | undefined => {
    if (m === n) {
      const known = isWhole ? oldRoot : path.pop();
      return known && [known, known];
    }
    const sibling = path.pop();
    if (sibling === undefined) return undefined;
    const k = 2 ** (Math.ceil(Math.log2(n)) - 1);
    if (m <= k) {
      const left = climb(m, k, isWhole);
      return left && [left[0], node(left[1], sibling)];
    }
    const right = climb(m - k, n - k, false);
    return right && [node(sibling, right[0]), node(sibling, right[1])];
  };
  const found = climb(oldSize, size, true);
  return (
    found !== undefined &&
    path.length === 0 &&
    Buffer.compare(found[0], oldRoot) === 0 &&
    Buffer.compare(found[1], root) === 0
  );
}
