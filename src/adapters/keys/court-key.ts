import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SealTo } from '../../app/ledger/erase.ts';
import { failed, ok, type Result } from '../../domain/failure.ts';

/** Shorter RSA keys are not to be relied on (NIST SP 800-131A). */
const SHORTEST = 3072;

/**
 * A court's RSA public key in PEM. Its answer opens with `openssl pkeyutl -decrypt -pkeyopt rsa_padding_mode:oaep
 * -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256` (RFC 8017 §7.1), so that a court needs nothing of ours.
 */
export function courtKey(path: string): Result<SealTo> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return failed({ code: 'unreadable', where: path, message: `cannot be read (${(error as Error).message})` });
  }
  const key = publicKeyIn(text);
  const bits = key?.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key?.asymmetricKeyType !== 'rsa' || bits < SHORTEST) {
    return failed({
      code: 'malformed',
      where: path,
      message: `is no RSA public key of ${SHORTEST} bits or more in PEM; ask the court for one`,
    });
  }
  return ok((secret) => publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, secret));
}

function publicKeyIn(text: string): ReturnType<typeof createPublicKey> | undefined {
  // A private key would be taken too, and its public part used: whoever sends one has made a grave mistake.
  if (!text.includes('BEGIN PUBLIC KEY')) return undefined;
  try {
    return createPublicKey(text);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
