import { z } from 'zod';
import { malformed } from '../../domain/case/malformed.ts';
import { instant } from '../../domain/case/schema.ts';
import { failed, ok, type Result } from '../../domain/failure.ts';
import { CATALOGUE, isEventType, type EventType } from '../../domain/record/catalogue.ts';
import { EVENTS, failuresIn, type Draft } from '../../domain/record/event.ts';
import { isHandle, newHandle, type Handle } from '../../domain/record/key-tree.ts';
import type { Primitives } from '../../domain/record/primitives.ts';
import { beginsSubject } from '../../domain/record/subject-state.ts';
import type { LedgerPorts } from './ledger.ts';

/** A draft as somebody writes it down: what can be left out is filled in as the catalogue says. */
const written = z.strictObject({
  agency: z.string().regex(/^us(\/[a-z0-9-]+)+$/, 'is no agency; write us/fl/monroe-county/sheriff'),
  type: z.string(),
  subject: z.string().refine(isHandle, 'is no handle; it has 32 hexadecimal digits').optional(),
  occurredAt: instant.optional(),
  actor: z.string(),
  request: z.string().optional(),
  content: z.record(z.string(), z.unknown()).default({}),
  basedOn: z.int().min(0).optional(),
  corrects: z.int().min(0).optional(),
});

export interface WrittenDraft {
  readonly agency: string;
  readonly draft: Draft;
}

/**
 * Reads a draft. A kind that begins a subject gets a new handle where none is given, one about the agency the agency's
 * own; a time that is left out is now, and a request that is left out a new one.
 */
export async function draftFrom(
  document: unknown,
  { keyring, primitives, now }: Pick<LedgerPorts, 'keyring' | 'primitives' | 'now'>,
): Promise<Result<WrittenDraft>> {
  const parsed = written.safeParse(document);
  if (!parsed.success) return failed(...parsed.error.issues.flatMap((issue) => malformed(issue, document, EVENTS)));
  const { agency, type, subject: given, occurredAt, request, content, ...rest } = parsed.data;
  if (!isEventType(type)) {
    return failed({
      code: 'malformed',
      where: 'type',
      message: `"${type}" is no kind of event; docs/events.md lists them`,
    });
  }
  const command = RECORDED_BY[type];
  if (command !== undefined) {
    return failed({
      code: 'malformed',
      where: 'type',
      message: `${type} is what "${command}" puts on record once it has done it; use that command`,
    });
  }
  const early = failuresIn(type, content);
  if (early.length > 0) return failed(...early);
  await keyring.ensure(agency);
  const subject = given ?? subjectOf(type, agency, keyring, primitives);
  if (subject === undefined) {
    return failed({
      code: 'malformed',
      where: 'subject',
      message: 'is missing; name the handle that the first entry gave',
    });
  }
  const draft = {
    ...rest,
    type,
    subject,
    occurredAt: occurredAt ?? now(),
    request: request ?? uuidFrom(primitives.random(16)),
    content,
  } as Draft;
  return ok({ agency, draft });
}

/** Kinds that say that something was done to keys, logs or records: whoever does it records it, and nobody else. */
const RECORDED_BY: Readonly<Partial<Record<EventType, string>>> = {
  'key.rotated': 'writkeeper keys rotate-signing',
  'log.continued': 'writkeeper ledger continue',
  'import.vouched': 'writkeeper import bookings',
  'subject.sealed': 'writkeeper subject seal',
  'subject.unsealed': 'writkeeper subject unseal',
  'subject.expunged': 'writkeeper subject expunge',
};

function subjectOf(
  type: EventType,
  agency: string,
  keyring: LedgerPorts['keyring'],
  primitives: Primitives,
): Handle | undefined {
  if (beginsSubject(type)) return newHandle(primitives);
  return CATALOGUE[type].about === 'agency' ? keyring.agencySubject(agency) : undefined;
}

/** A UUID of chance alone (RFC 9562 §5.4). */
export function uuidFrom(random: Uint8Array): string {
  const bytes = Uint8Array.from(random);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toHex();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
