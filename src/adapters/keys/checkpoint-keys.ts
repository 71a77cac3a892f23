import type { ReadCheckpoint, SignCheckpoint } from '../../app/ledger/ports.ts';
import { openCheckpoint, signCheckpoint } from '../../domain/ledger/checkpoint.ts';
import { formatNote, type Signer } from '../../domain/ledger/note.ts';
import { ED25519 } from '../../domain/ledger/signing.ts';
import { verifierKey, type VerifierKey } from '../../domain/ledger/verifier-key.ts';
import { publicKeyOf, signerOf, verifyEd25519 } from '../system/ed25519.ts';
import { sha256Bytes } from '../system/sha256.ts';

/** Signs with all of an agency's keys that are in use: while keys change hands, checkpoints bear both. */
export function checkpointSigner(seedsOf: (agency: string) => readonly Uint8Array[]): SignCheckpoint {
  const signers = new Map<string, Signer>();
  return async ({ agency, origin, size, root }) => {
    const using = seedsOf(agency).map((seed) => {
      // A log that goes on from an older one has another name, and so have its keys.
      const name = `${origin} ${seed.toHex()}`;
      const signer = signers.get(name) ?? { key: keyOf(origin, seed), sign: signerOf(seed) };
      signers.set(name, signer);
      return signer;
    });
    return formatNote(await signCheckpoint({ origin, size, root, extensions: [] }, using));
  };
}

/** The public keys of a log, by which others verify it. */
export function verifierKeys(origin: string, seeds: readonly Uint8Array[]): VerifierKey[] {
  return seeds.map((seed) => keyOf(origin, seed));
}

/**
 * Reads checkpoints of logs by the keys that may have signed them. A log keeps one for each append, so the keys are
 * remembered, and asked for again where none of them fits: then one may be new.
 * @param keysOf also those that have been retired since.
 */
export function checkpointReader(keysOf: (agency: string) => Promise<readonly VerifierKey[]>): ReadCheckpoint {
  const known = new Map<string, readonly VerifierKey[]>();
  return async (agency, note) => {
    const remembered = await readBy(note, known.get(agency) ?? []);
    if (!('why' in remembered)) return remembered;
    const keys = await keysOf(agency);
    known.set(agency, keys);
    return readBy(note, keys);
  };
}

async function readBy(note: string, keys: readonly VerifierKey[]): ReturnType<ReadCheckpoint> {
  let why = 'none of the log’s keys is known';
  for (const key of keys) {
    const opened = await openCheckpoint(note, key, sha256Bytes, verifyEd25519);
    if (opened.ok) return { size: opened.value.checkpoint.size, root: opened.value.checkpoint.root };
    why = opened.failure.message;
  }
  return { why };
}

function keyOf(origin: string, seed: Uint8Array): VerifierKey {
  return verifierKey(origin, ED25519, publicKeyOf(seed), sha256Bytes);
}
