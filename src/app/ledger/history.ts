import { envelopeFrom, openEntry, type Envelope, type EventRead, type Unreadable } from '../../domain/record/event.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import type { LedgerPorts } from './ledger.ts';
import { StoreUnavailable, type EntryRead, type EntryRow } from './ports.ts';

/** An entry as it can be read now: opened, or why not. */
export type EventKept =
  { readonly event: EventRead } | { readonly envelope: Envelope; readonly unreadable: Unreadable };

type Reading = Pick<LedgerPorts, 'store' | 'keyring' | 'primitives'>;

/** @param key the subject's, where it is not the keyring's to give: a court has brought it back. */
export async function historyOf(
  { store, keyring, primitives }: Reading,
  agency: string,
  subject: Handle,
  key = keyring.subjectKey(agency, subject),
): Promise<EventKept[]> {
  return (await store.entriesOn(agency, [subject])).map((row) => openRow(row, key, primitives));
}

export function openRow(row: EntryRead, key: Uint8Array | undefined, primitives: LedgerPorts['primitives']): EventKept {
  const envelope = entryOf(row);
  const opened = openEntry(envelope, row.ciphertext, key, primitives);
  return typeof opened === 'string' ? { envelope, unreadable: opened } : { event: opened };
}

/** @throws StoreUnavailable where somebody has changed the row: nothing is decided on it. */
export function entryOf({ sequence, envelope: bytes }: Pick<EntryRow, 'sequence' | 'envelope'>): Envelope {
  const envelope = envelopeFrom(bytes);
  if (envelope === undefined)
    throw new StoreUnavailable('refused', `entry ${sequence} was damaged; run writkeeper ledger verify`);
  return envelope;
}

/** Whether a row is an entry at all: whoever looks for damage goes on past it, and the audit names it. */
export function isEntry({ envelope }: Pick<EntryRow, 'envelope'>): boolean {
  return envelopeFrom(envelope) !== undefined;
}

/** What can be read of a subject, whatever was damaged. */
export async function readableOn(reading: Reading, agency: string, subject: Handle): Promise<EventRead[]> {
  const key = reading.keyring.subjectKey(agency, subject);
  const rows = (await reading.store.entriesOn(agency, [subject])).filter(isEntry);
  return readable(rows.map((row) => openRow(row, key, reading.primitives)));
}

/** One entry of a log; undefined where it is not there. */
export async function entryAt(
  { store }: Pick<Reading, 'store'>,
  agency: string,
  sequence: number,
): Promise<EntryRead | undefined> {
  for await (const [row] of store.entries(agency, sequence, sequence + 1)) return row;
  return undefined;
}

/** Only what could be read. */
export function readable(kept: readonly EventKept[]): EventRead[] {
  return kept.flatMap((each) => ('event' in each ? [each.event] : []));
}
