import { concat, readUint64, uint64, utf8 } from './bytes.ts';
import { unreachable } from '../unreachable.ts';

/** Whether the signature is this key's over the message. A port: browsers verify asynchronously, Node at once. */
export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;

/** Signs with a key that stays where it is. */
export type Sign = (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** Signature type bytes (C2SP signed-note, "Signature types") that we can verify. Any other is carried, never trusted. */
export const ED25519 = 0x01;
export const COSIGNATURE_V1 = 0x04;

export type Algorithm = typeof ED25519 | typeof COSIGNATURE_V1;

/** An Ed25519 public key and signature (RFC 8032 §5.1). */
export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;
const TIME_BYTES = 8;

export function isKnownAlgorithm(byte: number): byte is Algorithm {
  return byte === ED25519 || byte === COSIGNATURE_V1;
}

/** What a signature over a note's text really signs. */
export interface Signed {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  /** Seconds since 1970, in a cosignature. */
  readonly time?: number;
}

/** Nothing where the bytes cannot be a signature of this algorithm. */
export function readSigned(algorithm: Algorithm, text: string, bytes: Uint8Array): Signed | undefined {
  switch (algorithm) {
    case ED25519:
      return bytes.length === SIGNATURE_BYTES ? { message: utf8(text), signature: bytes } : undefined;
    case COSIGNATURE_V1: {
      if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
      const time = readUint64(bytes);
      if (time === undefined) return undefined;
      return { message: cosignedMessage(time, text), signature: bytes.subarray(TIME_BYTES), time };
    }
    default:
      return unreachable(algorithm);
  }
}

/** What a cosignature at a time signs (C2SP tlog-cosignature, "Ed25519 signed message"). */
export function cosignedMessage(time: number, text: string): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${text}`);
}

/** The `timestamped_signature` of a cosignature (C2SP tlog-cosignature, "Format"). */
export function timestamped(time: number, signature: Uint8Array): Uint8Array {
  return concat(uint64(time), signature);
}
