import { formatAddCheckpoint } from '../../domain/ledger/add-checkpoint.ts';
import { openCosignatures } from '../../domain/ledger/cosignature.ts';
import { formatNote, formatSignatureLine, parseNote, parseSignatureLine, type Note } from '../../domain/ledger/note.ts';
import type { Verify } from '../../domain/ledger/signing.ts';
import type { VerifierKey } from '../../domain/ledger/verifier-key.ts';
import type { LedgerStore } from './ports.ts';
import type { PublicLog } from './public-log.ts';

/** Brings a request before a witness (C2SP tlog-witness): its status and body. Failures to reach it are thrown. */
export type AskWitness = (body: string) => Promise<{ readonly status: number; readonly text: string }>;

export type Pushed =
  | { readonly kind: 'cosigned'; readonly size: number }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string };

interface PushPorts {
  readonly store: LedgerStore;
  readonly log: PublicLog;
  readonly ask: AskWitness;
  readonly verify: Verify;
}

/**
 * Brings a log's newest checkpoint to a witness that cannot reach the log by itself, and keeps the cosignature. What size
 * the witness knows is learnt from its own answer, and the proof starts there.
 */
export async function pushCheckpoint(ports: PushPorts, agency: string, witness: VerifierKey): Promise<Pushed> {
  const head = await ports.store.head(agency);
  const note = head === undefined ? undefined : parseNote(head.checkpoint);
  if (head === undefined || note?.ok !== true)
    return { kind: 'refused', status: 404, message: `${agency} has no log here` };
  let answer = await askFrom(ports, agency, 0, head.size, note.value);
  const known = answer.status === 409 ? Number(/^(\d{1,15})\n?$/.exec(answer.text)?.[1] ?? NaN) : 0;
  if (answer.status === 409) {
    if (!Number.isSafeInteger(known)) return { kind: 'refused', status: 409, message: 'it names no size' };
    if (known > head.size) {
      return {
        kind: 'refused',
        status: 409,
        message: `it has cosigned ${known} entries, and there are ${head.size}: this is an older copy`,
      };
    }
    answer = await askFrom(ports, agency, known, head.size, note.value);
  }
  if (answer.status !== 200) return { kind: 'refused', status: answer.status, message: answer.text.trim() };
  return keep(ports, agency, head.size, note.value, witness, answer.text);
}

async function askFrom(
  { log, ask }: PushPorts,
  agency: string,
  oldSize: number,
  size: number,
  note: Note,
): Promise<{ status: number; text: string }> {
  const proof = oldSize === 0 || oldSize === size ? [] : await log.consistency(agency, oldSize, size);
  return ask(formatAddCheckpoint({ oldSize, proof, note }));
}

/** Only a cosignature that verifies is kept: an answer that anybody could have written says nothing. */
async function keep(
  { store, verify }: PushPorts,
  agency: string,
  size: number,
  note: Note,
  witness: VerifierKey,
  text: string,
): Promise<Pushed> {
  const lines = text.trimEnd().split('\n').map(parseSignatureLine);
  const signatures = lines.filter((line) => line !== undefined);
  const opened = await openCosignatures({ text: note.text, signatures }, [witness], verify);
  const line = opened.ok ? opened.value[0]?.line : undefined;
  if (line === undefined)
    return { kind: 'refused', status: 200, message: 'its answer is not signed by the key that was given for it' };
  await store.keepCosignature(agency, size, witness.name, formatSignatureLine(line));
  return { kind: 'cosigned', size };
}

/** A checkpoint with the cosignatures that are kept for it. */
export function cosignedNote(checkpoint: string, lines: readonly string[]): string {
  const note = parseNote(checkpoint);
  if (!note.ok || lines.length === 0) return checkpoint;
  const more = lines.map((line) => parseSignatureLine(line.trimEnd())).filter((line) => line !== undefined);
  return formatNote({ text: note.value.text, signatures: [...note.value.signatures, ...more] });
}
