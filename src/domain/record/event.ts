import { malformed } from '../case/malformed.ts';
import { canonicalJson } from '../case/canonical.ts';
import { failed, ok, type Failure, type Result } from '../failure.ts';
import { dayIn, isoOfDay, isoOfMilliseconds, type Instant } from '../time/instant.ts';
import { CATALOGUE, isEventType, type Content, type EventType } from './catalogue.ts';
import {
  AGENCY_AT,
  CIPHERTEXT_AFTER,
  DAY_LENGTH,
  endOfNumber,
  HANDLE_DIGITS,
  HASH_DIGITS,
  numberAt,
  scanEnvelope,
} from './envelope-scan.ts';
import { isHandle, type Handle } from './key-tree.ts';
import { NONCE_BYTES, type Primitives } from './primitives.ts';
import { keyFor } from './subject-keys.ts';

/** What somebody wants on record. */
export interface Draft<Type extends EventType = EventType> {
  readonly type: Type;
  /** Whom or what it is about. */
  readonly subject: Handle;
  /** When it happened, as a person says. */
  readonly occurredAt: Instant;
  /** The account that says so. */
  readonly actor: string;
  /** A UUID of chance (version 4) by whoever asks: the same one asked again gets the first result. It stays in the clear. */
  readonly request: string;
  readonly content: Content<Type>;
  /** The last entry of the subject that the actor had seen; a decision on less than what is there is refused. */
  readonly basedOn?: number | undefined;
  /** The entry that a correction corrects. */
  readonly corrects?: number | undefined;
  /** The subject whose keys and content a sealing, unsealing or expunging is about. */
  readonly erases?: Handle | undefined;
}

/**
 * The public part of an entry, whose canonical JSON (RFC 8785) is the leaf of the tree. It names no person: what is
 * personal is under `commitment` and `ciphertext`. The keys are a format (docs/ledger-format.md): add a version to change one.
 */
export interface Envelope {
  readonly v: 1;
  readonly agency: string;
  /** Counts the agency's entries from 0. */
  readonly sequence: number;
  readonly type: EventType;
  /**
   * The UTC day of recording, `YYYY-MM-DD`. The times are sealed with the content: in the open they would tell whoever
   * holds a roster of booking times whose record was expunged (docs/adr/0013).
   */
  readonly recordedOn: string;
  readonly subject: Handle;
  /** HMAC-SHA-256 of the sealed text under the subject's commitment key, hexadecimal. */
  readonly commitment: string;
  /** SHA-256 of the ciphertext, hexadecimal. */
  readonly ciphertext: string;
  readonly corrects?: number;
  readonly erases?: Handle;
}

/** An entry as it is kept: the leaf's bytes, and beside the tree its personal part. */
export interface Entry {
  readonly envelope: Envelope;
  readonly bytes: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** What an entry says, once opened. */
export interface EventRead {
  readonly envelope: Envelope;
  readonly actor: string;
  /** Both times in UTC, always with three digits of a second: so they sort as texts. */
  readonly occurredAt: string;
  readonly recordedAt: string;
  /** The one that made it: sealed too, so that the one that is kept in the clear can be held against it. */
  readonly request: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export type Unreadable =
  'key-destroyed' | 'content-missing' | 'ciphertext-differs' | 'wrong-key' | 'commitment-differs';

/** Bytes of chance in each sealed text: without them a short content could be guessed from its commitment. */
const SALT_BYTES = 16;
const CIPHERTEXT_VERSION = 1;

interface Place {
  readonly agency: string;
  readonly sequence: number;
  readonly recordedAt: Instant;
}

/** @param key the subject's own (key-tree.ts). */
export function sealEntry(draft: Draft, place: Place, key: Uint8Array, primitives: Primitives): Entry {
  const { type, subject, corrects, erases } = draft;
  const salt = primitives.random(SALT_BYTES).toHex();
  const { actor, content, request } = draft;
  const recordedAt = isoOfMilliseconds(place.recordedAt);
  const occurredAt = isoOfMilliseconds(draft.occurredAt);
  const text = utf8(canonicalJson({ actor, content, occurredAt, recordedAt, request, salt }));
  const nonce = primitives.random(NONCE_BYTES);
  const bound = boundTo({ ...place, type, subject });
  const ciphertext = joined(
    Uint8Array.of(CIPHERTEXT_VERSION),
    nonce,
    primitives.encrypt(keyFor('content', key, primitives), nonce, text, bound),
  );
  const envelope: Envelope = {
    v: 1,
    agency: place.agency,
    sequence: place.sequence,
    type,
    recordedOn: dayRecorded(place.recordedAt),
    subject,
    commitment: primitives.hmac(keyFor('commitment', key, primitives), text).toHex(),
    ciphertext: primitives.hash(ciphertext).toHex(),
    ...(corrects === undefined ? {} : { corrects }),
    ...(erases === undefined ? {} : { erases }),
  };
  return { envelope, bytes: utf8(canonicalJson(envelope)), ciphertext };
}

/** Opens an entry and holds it against its commitment. */
export function openEntry(
  envelope: Envelope,
  ciphertext: Uint8Array | undefined,
  key: Uint8Array | undefined,
  primitives: Primitives,
): EventRead | Unreadable {
  if (ciphertext === undefined) return 'content-missing';
  if (primitives.hash(ciphertext).toHex() !== envelope.ciphertext) return 'ciphertext-differs';
  if (key === undefined) return 'key-destroyed';
  const nonce = ciphertext.subarray(1, 1 + NONCE_BYTES);
  const body = ciphertext.subarray(1 + NONCE_BYTES);
  const text = primitives.decrypt(keyFor('content', key, primitives), nonce, body, boundTo(envelope));
  if (text === undefined) return 'wrong-key';
  if (primitives.hmac(keyFor('commitment', key, primitives), text).toHex() !== envelope.commitment)
    return 'commitment-differs';
  const sealed = JSON.parse(decoder.decode(text)) as Omit<EventRead, 'envelope'>;
  const { actor, content, occurredAt, recordedAt, request } = sealed;
  return { envelope, actor, occurredAt, recordedAt, request, content };
}

/** The day that an envelope tells of the time that is sealed. */
export function dayRecorded(recordedAt: Instant): string {
  return isoOfDay(dayIn(recordedAt));
}

/** Reads a leaf's bytes. Undefined: they are no envelope, or not the one canonical text of it. */
export function envelopeFrom(bytes: Uint8Array, scan = scanEnvelope(bytes)): Envelope | undefined {
  if (scan === undefined) return undefined;
  const slice = (from: number, to: number): string => decoder.decode(bytes.subarray(from, to));
  const { agencyEnd, commitment, corrects, erases, recordedOn, subject, type, typeEnd } = scan;
  const ciphertext = agencyEnd + CIPHERTEXT_AFTER;
  return {
    v: 1,
    agency: slice(AGENCY_AT, agencyEnd),
    sequence: scan.sequence,
    // Kinds that a later version knows are carried, not judged: a verifier need not know them.
    type: slice(type, typeEnd) as EventType,
    recordedOn: slice(recordedOn, recordedOn + DAY_LENGTH),
    subject: slice(subject, subject + HANDLE_DIGITS) as Handle,
    commitment: slice(commitment, commitment + HASH_DIGITS),
    ciphertext: slice(ciphertext, ciphertext + HASH_DIGITS),
    ...(corrects === -1 ? undefined : { corrects: numberAt(bytes, corrects, endOfNumber(bytes, corrects)) }),
    ...(erases === -1 ? undefined : { erases: slice(erases, erases + HANDLE_DIGITS) as Handle }),
  };
}

const decoder = new TextDecoder();

/** What the catalogue asks of a draft, beyond its types. */
export function checkDraft(draft: Draft): Result<Draft> {
  const failures: Failure[] = [];
  const wrong = (where: string, message: string): void => void failures.push({ code: 'malformed', where, message });
  if (!isEventType(draft.type))
    return failed({
      code: 'malformed',
      where: 'type',
      message: `"${String(draft.type)}" is no kind of event; docs/events.md lists them`,
    });
  if (!isHandle(draft.subject)) wrong('subject', 'is no handle; it has 32 hexadecimal digits');
  if (!UUID.test(draft.request))
    wrong('request', 'is no UUID of chance (version 4); write one such as crypto.randomUUID() gives');
  if (draft.actor.trim() === '') wrong('actor', 'is empty; name the account that says so');
  if ((draft.type === 'correction') !== (draft.corrects !== undefined))
    wrong('corrects', 'names the corrected entry, in a correction and nowhere else');
  if (isErasure(draft.type) !== (draft.erases !== undefined))
    wrong('erases', 'names the subject that is sealed or expunged, and nothing else does');
  if (DECIDING.has(draft.type) && draft.basedOn === undefined)
    wrong('basedOn', 'is missing; a decision names the last entry of the booking that was looked at');
  const { second } = draft.content as { readonly second?: unknown };
  if (typeof second === 'string' && isSamePerson(draft.actor, second))
    wrong('content.second', 'is the same person; this takes two');
  failures.push(...failuresIn(draft.type, draft.content));
  return failures.length === 0 ? ok(draft) : failed(...failures);
}

/** Where every kind is described. */
export const EVENTS = 'this kind of event (docs/events.md)';

/** What is wrong with the content of a kind, as the catalogue has it. */
export function failuresIn(type: EventType, content: unknown): Failure[] {
  const issues = CATALOGUE[type].content.safeParse(content).error?.issues ?? [];
  return issues.flatMap((issue) => malformed({ ...issue, path: ['content', ...issue.path] }, { content }, EVENTS));
}

/** Whether two accounts are one: spelling, spaces and characters that nobody sees make no second person. */
export function isSamePerson(one: string, other: string): boolean {
  return plainAccount(one) === plainAccount(other);
}

function plainAccount(account: string): string {
  return account
    .normalize('NFKC')
    .replaceAll(/[\p{C}\s]+/gu, '')
    .toLowerCase();
}

/** Whether a kind rests on what was seen, and so must name the last entry that was looked at. */
export function restsOnWhatWasSeen(type: EventType): boolean {
  return DECIDING.has(type);
}

/** Kinds that rest on what was seen: where more has come since, they are refused. */
const DECIDING: ReadonlySet<EventType> = new Set(['decision.made', 'hold.begun']);

/** Version 4 and no other: it stays in the clear, and the other versions hold a time, a machine or a hash of a name. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Kinds by which a court has a record sealed, unsealed or expunged. */
export function isErasure(type: EventType): boolean {
  return ERASURES.has(type);
}

const ERASURES: ReadonlySet<EventType> = new Set(['subject.sealed', 'subject.unsealed', 'subject.expunged']);

/** A ciphertext serves in its own place only: moved to another entry it does not open. */
function boundTo({
  agency,
  sequence,
  type,
  subject,
}: Pick<Envelope, 'agency' | 'sequence' | 'type' | 'subject'>): Uint8Array {
  return utf8(canonicalJson({ agency, sequence, subject, type }));
}

const encoder = new TextEncoder();

function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
