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
  random: (count) => {
    if (count > RESERVE_BYTES) return randomBytes(count);
    if (given + count > reserve.length) {
      reserve = randomBytes(RESERVE_BYTES);
      given = 0;
    }
    const bytes = Uint8Array.from(reserve.subarray(given, given + count));
    // What was given out is whoever's asked for it, and nobody's else.
    reserve.fill(0, given, (given += count));
    return bytes;
  },
};

/** Chance is fetched ahead: an append needs a few bytes at a time, and each call for them costs as much as a hash. */
const RESERVE_BYTES = 4096;
let reserve = Buffer.alloc(0);
let given = 0;
