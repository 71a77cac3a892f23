import { openNote, type Note, type OpenCode, type SignatureLine, type Signer } from './note.ts';
import { accepted, type Outcome } from './outcome.ts';
import { COSIGNATURE_V1, cosignedMessage, readSigned, timestamped, type Verify } from './signing.ts';
import type { VerifierKey } from './verifier-key.ts';

/**
 * That a witness has seen the log grow to this checkpoint and knew no larger one at this time
 * (C2SP tlog-cosignature, cosignature/v1).
 */
export interface Cosignature {
  readonly witness: VerifierKey;
  /** Seconds since 1970. */
  readonly time: number;
  readonly line: SignatureLine;
}

/**
 * Cosigns a checkpoint's text. Only for what has been checked and will be remembered: `answerAddCheckpoint` does both.
 * @throws RangeError where the key is not for cosignatures, or the time no whole number of seconds.
 */
export async function cosign(text: string, { key, sign }: Signer, time: number): Promise<SignatureLine> {
  // The message of a plain signature may be any text: a key for both could be made to cosign by signing.
  if (key.algorithm !== COSIGNATURE_V1) throw new RangeError(`the key ${key.name} does not cosign`);
  if (!Number.isSafeInteger(time) || time < 0) throw new RangeError(`${time} is no time in whole seconds`);
  const signature = timestamped(time, await sign(cosignedMessage(time, text)));
  return { name: key.name, keyId: key.keyId, signature };
}

/**
 * The cosignatures of these witnesses, one a witness. None is an empty list: how many are enough, and how old they may be,
 * is for the caller to say. Keys of another signature type are no witnesses.
 */
export async function openCosignatures(
  note: Note,
  witnesses: readonly VerifierKey[],
  verify: Verify,
): Promise<Outcome<Cosignature[], Exclude<OpenCode, 'unverified'>>> {
  const keys = witnesses.filter(({ algorithm }) => algorithm === COSIGNATURE_V1);
  const opened = await openNote(note, keys, verify);
  if (opened.ok) {
    return accepted(opened.value.verified.map(({ key, line }) => ({ witness: key, time: timeOf(note, line), line })));
  }
  const { code, message } = opened.failure;
  return code === 'unverified' ? accepted([]) : { ok: false, failure: { code, message } };
}

function timeOf(note: Note, line: SignatureLine): number {
  const time = readSigned(COSIGNATURE_V1, note.text, line.signature)?.time;
  if (time === undefined) throw new Error('a verified cosignature has a time');
  return time;
}
