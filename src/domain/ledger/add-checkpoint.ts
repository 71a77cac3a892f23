import { fromBase64, fromUtf8, parseDecimal, toBase64 } from './bytes.ts';
import { parseCheckpoint, type Checkpoint } from './checkpoint.ts';
import { HASH_BYTES } from './hashes.ts';
import { formatNote, parseNote, type Note } from './note.ts';
import { accepted, refused, type Outcome } from './outcome.ts';

/** What a log asks of a witness (C2SP tlog-witness, "add-checkpoint"): to cosign, as grown from the last that it cosigned. */
export interface AddCheckpoint {
  /** The size that the log believes the witness to know. */
  readonly oldSize: number;
  /** That the tree of the old size is a prefix of the new one; empty from size 0. */
  readonly proof: readonly Uint8Array[];
  readonly note: Note;
  /** What the note's text says. Nobody has verified it yet. */
  readonly checkpoint: Checkpoint;
}

/** A tree below 2^63 needs no longer proof, and the specification allows none. */
export const MAX_PROOF_LINES = 63;

/** Reads a request's body: `old N`, the proof, an empty line, the checkpoint. */
export function parseAddCheckpoint(body: Uint8Array | string): Outcome<AddCheckpoint, 'malformed-request'> {
  const text = typeof body === 'string' ? body : fromUtf8(body);
  const blank = text?.indexOf('\n\n') ?? -1;
  if (text === undefined || blank === -1) return malformed('it has no empty line before the checkpoint.');
  const [oldLine = '', ...proofLines] = text.slice(0, blank).split('\n');
  const oldSize = oldLine.startsWith('old ') ? parseDecimal(oldLine.slice('old '.length)) : undefined;
  if (oldSize === undefined) return malformed('its first line is not "old" and a size.');
  if (proofLines.length > MAX_PROOF_LINES) return malformed(`its proof has more than ${MAX_PROOF_LINES} lines.`);
  const proof = proofLines.map(fromBase64).filter((each) => each?.length === HASH_BYTES);
  if (proof.length < proofLines.length) return malformed('a line of its proof is not the base64 of 32 bytes.');
  const note = parseNote(text.slice(blank + 2));
  if (!note.ok) return malformed(note.failure.message);
  const checkpoint = parseCheckpoint(note.value.text);
  if (!checkpoint.ok) return malformed(checkpoint.failure.message);
  return accepted({
    oldSize,
    proof: proof.filter((each) => each !== undefined),
    note: note.value,
    checkpoint: checkpoint.value,
  });
}

function malformed(why: string): Outcome<never, 'malformed-request'> {
  return refused('malformed-request', `The request cannot be read: ${why}`);
}

/** The body that `parseAddCheckpoint` reads: a log's side of the conversation. */
export function formatAddCheckpoint(request: Pick<AddCheckpoint, 'oldSize' | 'proof' | 'note'>): string {
  const proof = request.proof.map((each) => `${toBase64(each)}\n`).join('');
  return `old ${request.oldSize}\n${proof}\n${formatNote(request.note)}`;
}
