import { publicKeyOf, signerOf } from '../../src/adapters/system/ed25519.ts';
import { sha256Bytes } from '../../src/adapters/system/sha256.ts';
import type { Signer } from '../../src/domain/ledger/note.ts';
import { ED25519, type Algorithm } from '../../src/domain/ledger/signing.ts';
import { verifierKey } from '../../src/domain/ledger/verifier-key.ts';

/** A signer whose key is worked out from its name: the same in every run, and secret nowhere. */
export function testSigner(name: string, algorithm: Algorithm = ED25519): Signer {
  const seed = sha256Bytes(Buffer.from(`a key for tests only: ${name}`));
  return { key: verifierKey(name, algorithm, publicKeyOf(seed), sha256Bytes), sign: signerOf(seed) };
}
