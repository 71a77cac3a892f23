import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from '../../domain/ledger/signing.ts';

/** An Ed25519 key pair as RFC 8032 writes it: 32 bytes each. */
export interface KeyPair {
  /** The seed. Whoever has it signs in our name. */
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

export const PRIVATE_KEY_BYTES = 32;

export function generateEd25519(): KeyPair {
  const pair = generateKeyPairSync('ed25519');
  return { privateKey: pair.privateKey.export({ format: 'raw-private' }), publicKey: rawPublic(pair.publicKey) };
}

/** @throws RangeError where the private key has not 32 bytes. */
export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  return rawPublic(createPublicKey(keyObject(privateKey)));
}

/** Signs with a key that is read once. @throws RangeError where it has not 32 bytes. */
export function signerOf(privateKey: Uint8Array): (message: Uint8Array) => Uint8Array {
  const key = keyObject(privateKey);
  return (message) => sign(null, message, key);
}

/** False for whatever is no good signature, also where the key or signature cannot be one. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'raw-public', asymmetricKeyType: 'ed25519' });
  return verify(null, message, key, signature);
}

function keyObject(privateKey: Uint8Array): KeyObject {
  if (privateKey.length !== PRIVATE_KEY_BYTES) throw new RangeError(`a private key has ${PRIVATE_KEY_BYTES} bytes`);
  return createPrivateKey({ key: Buffer.from(privateKey), format: 'raw-private', asymmetricKeyType: 'ed25519' });
}

function rawPublic(key: KeyObject): Uint8Array {
  return key.export({ format: 'raw-public' });
}
