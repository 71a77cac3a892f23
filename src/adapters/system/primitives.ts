import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { NONCE_BYTES, type Primitives } from '../../domain/record/primitives.ts';
import { sha256Bytes } from './sha256.ts';

const CIPHER = 'aes-256-gcm';
const TAG_BYTES = 16;

/** Node's own cryptography (OpenSSL). */
export const primitives: Primitives = {
  hash: sha256Bytes,
  hmac: (key, message) => createHmac('sha256', key).update(message).digest(),
  encrypt: (key, nonce, plaintext, bound) => {
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(bound);
    return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  },
  decrypt: (key, nonce, ciphertext, bound) => {
    if (nonce.length !== NONCE_BYTES || ciphertext.length < TAG_BYTES) return undefined;
    const decipher = createDecipheriv(CIPHER, key, nonce).setAAD(bound);
    decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
    const head = decipher.update(ciphertext.subarray(0, -TAG_BYTES));
    try {
      return Buffer.concat([head, decipher.final()]);
    } catch (error) {
      // OpenSSL's one word for a tag that does not fit; every other error is a bug and passes on.
      if (error instanceof Error && error.message.includes('unable to authenticate data')) return undefined;
      throw error;
    }
  },
  random: (count) => randomBytes(count),
};
