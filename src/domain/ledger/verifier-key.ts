import { concat, fromBase64, readUint32, toBase64, utf8 } from './bytes.ts';
import type { Hash } from './hashes.ts';
import { accepted, refused, type Outcome } from './outcome.ts';
import { isKnownAlgorithm, PUBLIC_KEY_BYTES, type Algorithm } from './signing.ts';

/** A public key under the name that its notes carry (C2SP signed-note, "Verifier keys"). Name and ID together are unique. */
export interface VerifierKey {
  readonly name: string;
  /** Four bytes as a number. It finds the key; it does not prove it. */
  readonly keyId: number;
  /** The signature type byte. */
  readonly algorithm: number;
  readonly publicKey: Uint8Array;
}

export type KeyCode =
  | 'malformed-key' // not of the form name+id+base64
  | 'unknown-algorithm' // well formed, but of a signature type that we cannot verify
  | 'wrong-key-id'; // the ID is not that of this name and key: mistyped, or tampered with

/** SHA-256(name, newline, signature type, public key), its first four bytes (C2SP signed-note, "Signatures"). */
export function keyIdOf(name: string, algorithm: number, publicKey: Uint8Array, hash: Hash): number {
  return readUint32(hash(concat(utf8(`${name}\n`), Uint8Array.of(algorithm), publicKey)));
}

/** A key under a name, its ID worked out. @throws RangeError where the name or key cannot be one. */
export function verifierKey(name: string, algorithm: Algorithm, publicKey: Uint8Array, hash: Hash): VerifierKey {
  if (!isKeyName(name)) throw new RangeError(`${JSON.stringify(name)} cannot be a key name`);
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new RangeError(`a public key has ${PUBLIC_KEY_BYTES} bytes`);
  return { name, keyId: keyIdOf(name, algorithm, publicKey, hash), algorithm, publicKey };
}

/** Reads `name+id+base64(signature type, public key)`. */
export function parseVerifierKey(text: string, hash: Hash): Outcome<VerifierKey, KeyCode> {
  const [, name = '', id = '', base64 = ''] = /^([^+]*)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const bytes = fromBase64(base64);
  const algorithm = bytes?.[0];
  if (!isKeyName(name) || bytes === undefined || algorithm === undefined) {
    return refused('malformed-key', 'The key is not of the form name+id+base64; copy it again, whole.');
  }
  if (!isKnownAlgorithm(algorithm)) {
    return refused(
      'unknown-algorithm',
      `The key ${name} is of signature type ${algorithm}, which this version cannot verify.`,
    );
  }
  const publicKey = bytes.subarray(1);
  if (publicKey.length !== PUBLIC_KEY_BYTES) {
    return refused('malformed-key', `The key ${name} has ${publicKey.length} bytes instead of ${PUBLIC_KEY_BYTES}.`);
  }
  const keyId = keyIdOf(name, algorithm, publicKey, hash);
  if (formatKeyId(keyId) !== id) {
    return refused('wrong-key-id', `The key ${name} does not fit its ID ${id}; copy it again, whole.`);
  }
  return accepted({ name, keyId, algorithm, publicKey });
}

export function formatVerifierKey({ name, keyId, algorithm, publicKey }: VerifierKey): string {
  return `${name}+${formatKeyId(keyId)}+${toBase64(concat(Uint8Array.of(algorithm), publicKey))}`;
}

export function formatKeyId(keyId: number): string {
  return keyId.toString(16).padStart(8, '0');
}

/** Non-empty, without Unicode spaces, plus signs and control characters (C2SP signed-note, "Format"). */
export function isKeyName(name: string): boolean {
  // eslint-disable-next-line no-control-regex -- a note must not hold them, so no name may
  return name.isWellFormed() && /^[^\p{White_Space}+\u0000-\u001f]+$/u.test(name);
}
