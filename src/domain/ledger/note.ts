import { concat, fromLooseBase64, fromUtf8, readUint32, toBase64, uint32, utf8 } from './bytes.ts';
import { accepted, refused, type Outcome } from './outcome.ts';
import { ED25519, isKnownAlgorithm, readSigned, type Sign, type Verify } from './signing.ts';
import { formatKeyId, isKeyName, type VerifierKey } from './verifier-key.ts';

/** One line under a note: who signed, by name and key ID, and the bytes, whose meaning the key's algorithm gives. */
export interface SignatureLine {
  readonly name: string;
  readonly keyId: number;
  readonly signature: Uint8Array;
}

/**
 * A text and its signatures (C2SP signed-note). The text ends in a newline. Until `openNote` has accepted it nobody has
 * said any of it, and it must not be used.
 */
export interface Note {
  readonly text: string;
  readonly signatures: readonly SignatureLine[];
}

/** A note that at least one known key has signed. */
export interface OpenedNote extends Note {
  /** One for each known key, the first of several: so that counting signatures counts signers. */
  readonly verified: readonly VerifiedSignature[];
  /** Lines of keys that we do not know. They say nothing. */
  readonly unverified: readonly SignatureLine[];
}

export interface VerifiedSignature {
  readonly key: VerifierKey;
  readonly line: SignatureLine;
}

/** Who signs, and with what. */
export interface Signer {
  readonly key: VerifierKey;
  readonly sign: Sign;
}

export type NoteCode =
  | 'malformed-note' // no signed note
  | 'too-many-signatures'; // more than MAX_SIGNATURES

export type OpenCode =
  | 'invalid-signature' // a key that we know did not make the signature that bears its name
  | 'unverified' // no key that we know has signed
  | 'ambiguous-key'; // two known keys share name and ID

/** C2SP: at least 16 must be accepted, and a limit there should be; 100 is Go's. */
export const MAX_SIGNATURES = 100;

const DASH = '— ';
const KEY_ID_BYTES = 4;

/** Reads a note without trusting it. */
export function parseNote(note: Uint8Array | string): Outcome<Note, NoteCode> {
  const whole = typeof note === 'string' ? note : fromUtf8(note);
  if (whole === undefined || !isPlain(whole)) {
    return refused('malformed-note', 'The note is not UTF-8, or holds control characters; fetch it again.');
  }
  // The text may hold empty lines: the last one ends it.
  const blank = whole.lastIndexOf('\n\n');
  if (blank === -1 || blank + 2 === whole.length || !whole.endsWith('\n')) {
    return refused('malformed-note', 'The note has no signatures after an empty line, or was cut off; fetch it whole.');
  }
  const lines = whole.slice(blank + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) {
    return refused(
      'too-many-signatures',
      `The note has ${lines.length} signatures; at most ${MAX_SIGNATURES} are read.`,
    );
  }
  const signatures = lines.map(parseSignatureLine);
  const wrong = signatures.indexOf(undefined);
  if (wrong !== -1) return refused('malformed-note', `Signature line ${wrong + 1} is not of the form "— name base64".`);
  return accepted({ text: whole.slice(0, blank + 1), signatures: signatures.filter((line) => line !== undefined) });
}

/** Reads a line without its newline. */
export function parseSignatureLine(line: string): SignatureLine | undefined {
  const [dash, name = '', base64 = '', ...rest] = line.split(' ');
  const bytes = fromLooseBase64(base64);
  if (dash !== DASH.trimEnd() || rest.length > 0 || !isKeyName(name)) return undefined;
  if (bytes === undefined || bytes.length <= KEY_ID_BYTES) return undefined;
  return { name, keyId: readUint32(bytes), signature: bytes.subarray(KEY_ID_BYTES) };
}

/** The bytes that `parseNote` reads. */
export function formatNote({ text, signatures }: Note): string {
  return `${text}\n${signatures.map(formatSignatureLine).join('')}`;
}

/** With its newline. */
export function formatSignatureLine({ name, keyId, signature }: SignatureLine): string {
  return `${DASH}${name} ${toBase64(concat(uint32(keyId), signature))}\n`;
}

/**
 * Which of the known keys have signed (C2SP signed-note, "Signatures"). Lines of other keys are passed over, even where
 * they share a name or an ID; a bad signature under a known key's name and ID refuses the whole note.
 */
export async function openNote(
  note: Note,
  keys: readonly VerifierKey[],
  verify: Verify,
): Promise<Outcome<OpenedNote, OpenCode>> {
  const verified: VerifiedSignature[] = [];
  const unverified: SignatureLine[] = [];
  for (const line of note.signatures) {
    const [key, ...others] = keysOf(line, keys);
    if (key === undefined) {
      unverified.push(line);
      continue;
    }
    const named = `${line.name} (${formatKeyId(line.keyId)})`;
    if (others.length > 0) return refused('ambiguous-key', `Two of the known keys are ${named}; remove one.`);
    if (!(await isSignedBy(key, note.text, line, verify))) {
      return refused('invalid-signature', `The signature of ${named} is not by that key; do not use this note.`);
    }
    if (!verified.some((each) => each.key === key)) verified.push({ key, line });
  }
  if (verified.length === 0) return refused('unverified', 'None of the known keys has signed this note.');
  return accepted({ ...note, verified, unverified });
}

function keysOf({ name, keyId }: SignatureLine, keys: readonly VerifierKey[]): VerifierKey[] {
  return keys.filter((key) => key.name === name && key.keyId === keyId && isKnownAlgorithm(key.algorithm));
}

async function isSignedBy(key: VerifierKey, text: string, line: SignatureLine, verify: Verify): Promise<boolean> {
  if (!isKnownAlgorithm(key.algorithm)) return false;
  const signed = readSigned(key.algorithm, text, line.signature);
  return signed !== undefined && (await verify(key.publicKey, signed.message, signed.signature));
}

/** @throws RangeError where the text cannot be a note's, or a key is not for plain signatures: cosigning takes a time. */
export async function signNote(text: string, signers: readonly Signer[]): Promise<Note> {
  if (!isNoteText(text)) throw new RangeError('a text to sign ends in a newline and holds no control characters');
  const signatures: SignatureLine[] = [];
  for (const { key, sign } of signers) {
    if (key.algorithm !== ED25519) throw new RangeError(`the key ${key.name} does not sign notes`);
    signatures.push({ name: key.name, keyId: key.keyId, signature: await sign(utf8(text)) });
  }
  return { text, signatures };
}

function isNoteText(text: string): boolean {
  return text.endsWith('\n') && isPlain(text);
}

/** Without control characters other than newline, and without halves of characters, which UTF-8 cannot write. */
function isPlain(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- looking for them is the point
  return text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text);
}
