import type { Hash } from '../ledger/hashes.ts';

/** Cryptography as the record needs it; a port, since browsers, Node and a FIPS module bring their own. */
export interface Primitives {
  /** SHA-256. */
  readonly hash: Hash;
  /** HMAC-SHA-256 (RFC 2104). */
  readonly hmac: (key: Uint8Array, message: Uint8Array) => Uint8Array;
  /** AES-256-GCM (NIST SP 800-38D): the ciphertext with its 16-byte tag after it. The nonce has 12 bytes. */
  readonly encrypt: (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, bound: Uint8Array) => Uint8Array;
  /** Undefined: the key, the bytes or what they are bound to are not those of the encryption. */
  readonly decrypt: (
    key: Uint8Array,
    nonce: Uint8Array,
    ciphertext: Uint8Array,
    bound: Uint8Array,
  ) => Uint8Array | undefined;
  /** Bytes that nobody can foresee. */
  readonly random: (count: number) => Uint8Array;
}

export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
