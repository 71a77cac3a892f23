import { canonicalJson } from '../case/canonical.ts';
import { fromBase64 } from '../ledger/bytes.ts';
import type { Handle } from './key-tree.ts';
import { NONCE_BYTES, type Primitives } from './primitives.ts';
import { keyFor } from './subject-keys.ts';
import type { SubjectState } from './subject-state.ts';

/**
 * A projection as the database keeps it. What tells a time is encrypted under the subject's key: a row that is replaced
 * stays for a while in the database's files, its write-ahead log and its backups, and an expunging reaches none of them
 * but through the key (docs/adr/0013).
 */
export type KeptState = Shell & (Erased | { readonly sealed: string });

type Shell = Pick<SubjectState, 'about' | 'lastSequence' | 'lastChange'>;
type Erased = Required<Pick<SubjectState, 'erased'>>;

/** Whose projection it is; sealed for one it does not open for another. */
export interface Owner {
  readonly agency: string;
  readonly subject: Handle;
}

/** @param key the subject's own; it may be missing only where the subject is erased, and nothing is left to encrypt. */
export function sealState(
  state: SubjectState,
  owner: Owner,
  key: Uint8Array | undefined,
  primitives: Primitives,
): KeptState {
  const { about, lastSequence, lastChange, erased, ...rest } = state;
  const shell = { about, lastSequence, lastChange };
  if (erased !== undefined) return { ...shell, erased };
  if (key === undefined) throw new Error('a projection is sealed under the key of its subject');
  const nonce = primitives.random(NONCE_BYTES);
  const text = encoder.encode(canonicalJson(rest));
  const sealed = primitives.encrypt(keyFor('state', key, primitives), nonce, text, boundTo(shell, owner));
  // Twelve bytes are sixteen digits without a rest, so the two stand behind each other as one text.
  return { ...shell, sealed: nonce.toBase64() + sealed.toBase64() };
}

/** Undefined: what is kept was not sealed so under this key; where there is one, somebody has changed it. */
export function openState(
  kept: KeptState,
  owner: Owner,
  key: Uint8Array | undefined,
  primitives: Primitives,
): SubjectState | undefined {
  if ('erased' in kept) return kept;
  if (key === undefined) return undefined;
  const { about, lastSequence, lastChange, ...more } = kept;
  const shell = { about, lastSequence, lastChange };
  // Nothing may stand beside what is sealed: it would be read as if it had been.
  if (Object.keys(more).join() !== 'sealed') return undefined;
  const bytes = fromBase64(kept.sealed);
  if (bytes === undefined) return undefined;
  const [nonce, sealed] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)];
  const text = primitives.decrypt(keyFor('state', key, primitives), nonce, sealed, boundTo(shell, owner));
  if (text === undefined) return undefined;
  return { ...shell, ...(JSON.parse(decoder.decode(text)) as Omit<SubjectState, keyof Shell>) };
}

/** All that is left of one whose key is gone. */
export function shellOf({ about, lastSequence, lastChange }: KeptState): SubjectState {
  return { about, lastSequence, lastChange };
}

function boundTo(shell: Shell, { agency, subject }: Owner): Uint8Array {
  return encoder.encode(canonicalJson({ ...shell, agency, subject }));
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
