/**
 * Reads the one spelling of an envelope byte by byte. RFC 8785 sorts its keys and none of its values has a character that
 * JSON escapes, so bytes which follow this pattern are canonical, and all others are not. Whoever verifies a log reads
 * every entry: this costs a fraction of hashing it, where parsing, writing again and comparing would cost as much.
 */
export interface EnvelopeScan {
  readonly sequence: number;
  /** Where values lie, by their first byte; of those whose length varies also the byte after. −1: there is none. */
  readonly agencyEnd: number;
  readonly commitment: number;
  readonly corrects: number;
  readonly erases: number;
  readonly recordedOn: number;
  readonly subject: number;
  readonly type: number;
  readonly typeEnd: number;
}

export const AGENCY_AT = '{"agency":"'.length;
export const HASH_DIGITS = 64;
export const HANDLE_DIGITS = 32;
export const DAY_LENGTH = '2026-12-01'.length;
/** The ciphertext's hash stands after the agency. */
export const CIPHERTEXT_AFTER = '","ciphertext":"'.length;

const FIRST = bytesOf('{"agency":"us/');
const CIPHERTEXT = bytesOf('","ciphertext":"');
const COMMITMENT = bytesOf('","commitment":"');
const CORRECTS = bytesOf('","corrects":');
const ERASES = bytesOf(',"erases":"');
const RECORDED = bytesOf(',"recordedOn":"');
const SEQUENCE = bytesOf('","sequence":');
const SUBJECT = bytesOf(',"subject":"');
const TYPE = bytesOf('","type":"');
const END = bytesOf('","v":1}');
const QUOTE = 0x22;
/** A digit's place in a day is `0`; everything else must stand as it is. */
const DAY = bytesOf('0000-00-00');
const ZERO = 0x30;

const HEX = 1;
const OF_AGENCY = 2;
const OF_TYPE = 4;
const KINDS = new Uint8Array(256);
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
for (const [kind, characters] of [
  [HEX, '0123456789abcdef'],
  [OF_AGENCY, `${LETTERS}0123456789-/`],
  [OF_TYPE, `${LETTERS}-.`],
] as const) {
  for (const byte of bytesOf(characters)) KINDS[byte] = (KINDS[byte] as number) | kind;
}

/** Undefined: the bytes are no envelope in its one spelling. */
export function scanEnvelope(bytes: Uint8Array): EnvelopeScan | undefined {
  if (!isAt(bytes, 0, FIRST)) return undefined;
  const agencyEnd = endOfName(bytes, FIRST.length, OF_AGENCY);
  if (!isAt(bytes, agencyEnd, CIPHERTEXT) || !isHex(bytes, agencyEnd + CIPHERTEXT.length, HASH_DIGITS))
    return undefined;
  let at = agencyEnd + CIPHERTEXT.length + HASH_DIGITS;
  const commitment = at + COMMITMENT.length;
  if (!isAt(bytes, at, COMMITMENT) || !isHex(bytes, commitment, HASH_DIGITS)) return undefined;
  at = commitment + HASH_DIGITS;
  let [corrects, erases] = [-1, -1];
  if (isAt(bytes, at, CORRECTS)) {
    corrects = at + CORRECTS.length;
    at = endOfNumber(bytes, corrects);
  } else if (bytes[at] === QUOTE) at += 1;
  else return undefined;
  if (isAt(bytes, at, ERASES)) {
    erases = at + ERASES.length;
    if (!isHex(bytes, erases, HANDLE_DIGITS) || bytes[erases + HANDLE_DIGITS] !== QUOTE) return undefined;
    at = erases + HANDLE_DIGITS + 1;
  }
  const recordedOn = at + RECORDED.length;
  if (!isAt(bytes, at, RECORDED) || !isDay(bytes, recordedOn)) return undefined;
  at = recordedOn + DAY_LENGTH;
  const sequenceAt = at + SEQUENCE.length;
  const sequenceEnd = isAt(bytes, at, SEQUENCE) ? endOfNumber(bytes, sequenceAt) : -1;
  const subject = sequenceEnd + SUBJECT.length;
  if (sequenceEnd === -1 || !isAt(bytes, sequenceEnd, SUBJECT) || !isHex(bytes, subject, HANDLE_DIGITS))
    return undefined;
  const type = subject + HANDLE_DIGITS + TYPE.length;
  if (!isAt(bytes, subject + HANDLE_DIGITS, TYPE)) return undefined;
  const typeEnd = endOfName(bytes, type, OF_TYPE);
  if (typeEnd === type || !isAt(bytes, typeEnd, END) || typeEnd + END.length !== bytes.length) return undefined;
  const sequence = numberAt(bytes, sequenceAt, sequenceEnd);
  return { sequence, agencyEnd, commitment, corrects, erases, recordedOn, subject, type, typeEnd };
}

/** A whole number without leading zeros. */
export function numberAt(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + (bytes[at] ?? 0) - ZERO;
  return value;
}

/** −1 where there is no whole number below 10^15, or one that begins with 0. */
export function endOfNumber(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at] ?? 0) && at - from < 15) at += 1;
  return at === from || (bytes[from] === ZERO && at > from + 1) ? -1 : at;
}

function endOfName(bytes: Uint8Array, from: number, kind: number): number {
  let at = from;
  while (at < bytes.length && (kindAt(bytes, at) & kind) !== 0) at += 1;
  return at;
}

function isAt(bytes: Uint8Array, from: number, text: Uint8Array): boolean {
  if (from < 0 || from + text.length > bytes.length) return false;
  for (let at = 0; at < text.length; at += 1) if (bytes[from + at] !== text[at]) return false;
  return true;
}

function isHex(bytes: Uint8Array, from: number, digits: number): boolean {
  if (from + digits > bytes.length) return false;
  // All of them, and one look at the end: this is most of an entry, and nearly always right.
  let all = HEX;
  for (let at = from; at < from + digits; at += 1) all &= kindAt(bytes, at);
  return all !== 0;
}

function isDay(bytes: Uint8Array, from: number): boolean {
  for (let at = 0; at < DAY_LENGTH; at += 1) {
    const byte = bytes[from + at] ?? 0;
    if (DAY[at] === ZERO ? !isDigit(byte) : byte !== DAY[at]) return false;
  }
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}

/** What a byte may be part of, looked up: a verifier asks it of most bytes of a log. */
function kindAt(bytes: Uint8Array, at: number): number {
  return KINDS[bytes[at] as number] as number;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
