import type { AddCheckpoint } from './add-checkpoint.ts';
import { isPossible } from './checkpoint.ts';
import { cosign } from './cosignature.ts';
import type { Hash } from './hashes.ts';
import { formatNote, formatSignatureLine, openNote, type OpenCode, type OpenedNote, type Signer } from './note.ts';
import { accepted, refused, type Outcome, type Refusal } from './outcome.ts';
import type { Verify } from './signing.ts';
import type { VerifierKey } from './verifier-key.ts';
import { unreachable } from '../unreachable.ts';
import { verifyConsistency } from './verify.ts';

/** A log that the witness has been told to watch, and the keys that may speak for it. */
export interface WitnessedLog {
  readonly origin: string;
  readonly keys: readonly VerifierKey[];
}

/** The last checkpoint of a log that the witness has cosigned. It never goes back. */
export interface WitnessState {
  readonly size: number;
  readonly root: Uint8Array;
  /** The signed note: the log's signatures that we verified, and our own. What a monitor asks to see. */
  readonly checkpoint: string;
}

/** What the witness holds against a request. */
export interface WitnessContext {
  /** The log of the request's origin; none where it is not watched. */
  readonly log: WitnessedLog | undefined;
  /** What was last cosigned for that origin; none where nothing was. */
  readonly state: WitnessState | undefined;
  readonly signer: Signer;
  /** Seconds since 1970. */
  readonly time: number;
  readonly hash: Hash;
  readonly verify: Verify;
}

/** The answer over HTTP (C2SP tlog-witness, "add-checkpoint"). */
export type WitnessAnswer =
  | {
      readonly status: 200;
      readonly body: string;
      /**
       * To be stored before the answer leaves, by a compare-and-swap from the state that this decision was made on. Where
       * another request was first, decide again on its state; the cosignature made here must then never leave.
       */
      readonly state: WitnessState;
    }
  | { readonly status: 409; readonly contentType: 'text/x.tlog.size'; readonly body: string }
  | { readonly status: 400 | 403 | 404 | 422; readonly refusal: Refusal<WitnessCode> };

export type WitnessCode =
  | 'malformed-request' // 400: no request of this kind
  | 'shrinking-log' // 400: the old size is larger than the new one
  | 'untrusted-checkpoint' // 403: no good signature by the log
  | 'unknown-log' // 404: nobody told us to watch it
  | 'inconsistent'; // 422: not shown to continue what we cosigned. With a good signature it may prove that a log lies

/** Decides on a request that could be read. The checks come in the specification's order, since the first that fails is told. */
export async function answerAddCheckpoint(request: AddCheckpoint, context: WitnessContext): Promise<WitnessAnswer> {
  const { oldSize, checkpoint } = request;
  const { log, state, hash } = context;
  if (log?.origin !== checkpoint.origin) {
    // litewitness of 2025 says 403; the specification says 404.
    return deny(404, 'unknown-log', `This witness does not watch the log ${checkpoint.origin}.`);
  }
  const opened = await openNote(request.note, log.keys, context.verify);
  if (!opened.ok) return untrusted(opened.failure);
  if (oldSize > checkpoint.size) {
    return deny(400, 'shrinking-log', `A log does not shrink from ${oldSize} to ${checkpoint.size} entries.`);
  }
  const known = state?.size ?? 0;
  if (oldSize !== known) return { status: 409, contentType: 'text/x.tlog.size', body: `${known}\n` };
  const growth = checkGrowth(request, state, hash);
  if (!growth.ok) return { status: 422, refusal: growth.failure };
  return await cosigned(opened.value, request, context);
}

/** The answer to a body that `parseAddCheckpoint` refused. */
export function malformedRequest(refusal: Refusal<'malformed-request'>): WitnessAnswer {
  return { status: 400, refusal };
}

function deny(status: 400 | 403 | 404, code: WitnessCode, message: string): WitnessAnswer {
  return { status, refusal: { code, message } };
}

function untrusted({ code, message }: Refusal<OpenCode>): WitnessAnswer {
  switch (code) {
    case 'invalid-signature':
    case 'unverified':
      return deny(403, 'untrusted-checkpoint', message);
    case 'ambiguous-key':
      // Not the log's fault: the witness was set up with two keys of one name and ID.
      throw new Error(message);
    default:
      return unreachable(code);
  }
}

/**
 * That the new tree begins with the old one. From size 0 everything does, and there is nothing to prove: the tree's own
 * `verifyConsistency` refuses to say so, hence these words of our own. At the same size the root must be the same: the
 * specification of 2024 answers another root with 409, its later drafts with 422, as here, since a 409 without a size
 * would tell a log to try again what can never succeed.
 */
function checkGrowth(
  { oldSize, checkpoint, proof }: AddCheckpoint,
  state: WitnessState | undefined,
  hash: Hash,
): Outcome<true, 'inconsistent'> {
  if (!isPossible(checkpoint, hash))
    return refused('inconsistent', 'An empty log has the root of nothing, and no other.');
  if (state === undefined || oldSize === 0) {
    return proof.length === 0 ? accepted(true) : refused('inconsistent', 'A proof from size 0 must be empty.');
  }
  const { size, root } = checkpoint;
  const verdict = verifyConsistency({ oldSize, oldRoot: state.root, size, root }, proof, hash);
  if (verdict === 'valid') return accepted(true);
  return refused(
    'inconsistent',
    `The proof does not show that ${size} entries begin with the ${oldSize} that this witness has cosigned (${verdict}).`,
  );
}

async function cosigned(note: OpenedNote, request: AddCheckpoint, context: WitnessContext): Promise<WitnessAnswer> {
  const line = await cosign(note.text, context.signer, context.time);
  const signatures = [...note.verified.map((each) => each.line), line];
  const { size, root } = request.checkpoint;
  return {
    status: 200,
    body: formatSignatureLine(line),
    state: { size, root, checkpoint: formatNote({ text: note.text, signatures }) },
  };
}
