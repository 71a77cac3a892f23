import { fromBase64, parseDecimal, toBase64 } from './bytes.ts';
import { emptyRoot, HASH_BYTES, isSameHash, type Hash } from './hashes.ts';
import {
  openNote,
  parseNote,
  signNote,
  type Note,
  type NoteCode,
  type OpenCode,
  type OpenedNote,
  type Signer,
} from './note.ts';
import { accepted, refused, type Outcome } from './outcome.ts';
import type { Verify } from './signing.ts';
import type { VerifierKey } from './verifier-key.ts';

/** What a log says of itself at one size: which log, how many entries, and their root (C2SP tlog-checkpoint, "Note text"). */
export interface Checkpoint {
  /** The log's name, by which everybody knows it. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Further lines, opaque. No monitor can check what they say, so we write none. */
  readonly extensions: readonly string[];
}

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** With every signature, also those of witnesses. */
  readonly note: OpenedNote;
}

export type CheckpointCode =
  | 'malformed-checkpoint' // the note's text is no checkpoint
  | 'wrong-origin' // it is one, of another log
  | 'wrong-root'; // it says that the log is empty, and its root is not that of nothing

export function parseCheckpoint(text: string): Outcome<Checkpoint, 'malformed-checkpoint'> {
  if (!text.endsWith('\n')) return malformed('it does not end in a newline');
  const lines = text.slice(0, -1).split('\n');
  const [origin = '', sizeLine = '', rootLine = '', ...extensions] = lines;
  if (lines.length < 3 || lines.includes('')) return malformed('it must have three lines or more, none of them empty');
  const size = parseDecimal(sizeLine);
  if (size === undefined) return malformed('its size is not a whole number below 2^53 without leading zeros');
  const root = fromBase64(rootLine);
  if (root?.length !== HASH_BYTES) return malformed('its root is not the base64 of 32 bytes');
  return accepted({ origin, size, root, extensions });
}

function malformed(why: string): Outcome<never, 'malformed-checkpoint'> {
  return refused('malformed-checkpoint', `The text is no checkpoint: ${why}.`);
}

/** The text that `parseCheckpoint` reads. @throws RangeError where there is none. */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  const text = [origin, String(size), toBase64(root), ...extensions].map((line) => `${line}\n`).join('');
  const read = parseCheckpoint(text);
  // A line break within a line would make one checkpoint read as another.
  if (!read.ok || read.value.extensions.length !== extensions.length) {
    throw new RangeError(`no checkpoint of ${JSON.stringify(origin)} at size ${size} can be written`);
  }
  return text;
}

/**
 * The checkpoint as a note. Whoever signs one never again signs another that is not a continuation of it: store it before
 * it leaves the house, and grow from it only.
 */
export async function signCheckpoint(checkpoint: Checkpoint, signers: readonly Signer[]): Promise<Note> {
  return await signNote(formatCheckpoint(checkpoint), signers);
}

/**
 * A checkpoint that the log has signed. Other signatures are passed over; `openCosignatures` reads those of witnesses.
 * The origin is the key's name, unless the log names itself otherwise: one key may sign for several logs.
 */
export async function openCheckpoint(
  bytes: Uint8Array | string,
  logKey: VerifierKey,
  hash: Hash,
  verify: Verify,
  origin: string = logKey.name,
): Promise<Outcome<OpenedCheckpoint, NoteCode | OpenCode | CheckpointCode>> {
  const parsed = parseNote(bytes);
  if (!parsed.ok) return parsed;
  const note = await openNote(parsed.value, [logKey], verify);
  if (!note.ok) return note;
  const checkpoint = parseCheckpoint(note.value.text);
  if (!checkpoint.ok) return checkpoint;
  if (checkpoint.value.origin !== origin) {
    return refused('wrong-origin', `The checkpoint is of the log ${checkpoint.value.origin}, and not of ${origin}.`);
  }
  if (!isPossible(checkpoint.value, hash)) {
    return refused('wrong-root', 'The checkpoint is of an empty log, but its root is not that of nothing.');
  }
  return accepted({ checkpoint: checkpoint.value, note: note.value });
}

/** An empty log has one root only; of any other size a root can be judged only with its entries or a proof. */
export function isPossible({ size, root }: Checkpoint, hash: Hash): boolean {
  return size > 0 || isSameHash(root, emptyRoot(hash));
}
