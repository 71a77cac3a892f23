/** SHA-256 of bytes, worked out at once; a port, since browsers and Node name it differently. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

/** Bytes of a hash: SHA-256 and nothing else (RFC 9162 §2.1.1). */
export const HASH_BYTES = 32;

const LEAF = 0x00;
const NODE = 0x01;

// Hashing an entry or a node is most of what verifying takes, so what is hashed is laid out in bytes that are used again
// and again. Nobody else sees them: a hash function reads them and is done before the next one is laid out.
let entryBytes = new Uint8Array(1024);
const nodeBytes = new Uint8Array(1 + 2 * HASH_BYTES);

/** The hash of an entry (RFC 6962 §2.1). The first byte keeps a leaf from passing for a node. */
export function leafHash(entry: Uint8Array, hash: Hash): Uint8Array {
  if (entry.length >= entryBytes.length) entryBytes = new Uint8Array(2 * (entry.length + 1));
  entryBytes[0] = LEAF;
  entryBytes.set(entry, 1);
  return hash(entryBytes.subarray(0, entry.length + 1));
}

/** The hash of two neighbours (RFC 6962 §2.1). A proof may bring bytes of another length than a hash: its root then differs. */
export function nodeHash(left: Uint8Array, right: Uint8Array, hash: Hash): Uint8Array {
  const isUsual = left.length === HASH_BYTES && right.length === HASH_BYTES;
  const bytes = isUsual ? nodeBytes : new Uint8Array(1 + left.length + right.length);
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
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}
