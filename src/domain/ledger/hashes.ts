/** SHA-256 of bytes; a port, since browsers and Node name it differently. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

/** Bytes of a hash: SHA-256 and nothing else (RFC 9162 §2.1.1). */
export const HASH_BYTES = 32;

const LEAF = 0x00;
const NODE = 0x01;

/** The hash of an entry (RFC 6962 §2.1). The first byte keeps a leaf from passing for a node. */
export function leafHash(entry: Uint8Array, hash: Hash): Uint8Array {
  const bytes = new Uint8Array(entry.length + 1);
  bytes[0] = LEAF;
  bytes.set(entry, 1);
  return hash(bytes);
}

/** The hash of two neighbours (RFC 6962 §2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array, hash: Hash): Uint8Array {
  const bytes = new Uint8Array(1 + left.length + right.length);
  bytes[0] = NODE;
  bytes.set(left, 1);
  bytes.set(right, 1 + left.length);
  return hash(bytes);
}

/** The root of a tree without entries: the hash of nothing. */
export function emptyRoot(hash: Hash): Uint8Array {
  return hash(new Uint8Array(0));
}

export function isSameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
