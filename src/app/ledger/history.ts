import { envelopeFrom, openEntry, type Envelope, type EventRead, type Unreadable } from '../../domain/record/event.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import type { LedgerPorts } from './ledger.ts';
import type { EntryRead } from './ports.ts';

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
  const envelope = envelopeFrom(row.envelope);
  if (envelope === undefined) throw new Error(`entry ${row.sequence} is no envelope; run writkeeper ledger verify`);
  const opened = openEntry(envelope, row.ciphertext, key, primitives);
  return typeof opened === 'string' ? { envelope, unreadable: opened } : { event: opened };
}

/** Only what could be read. */
export function readable(kept: readonly EventKept[]): EventRead[] {
  return kept.flatMap((each) => ('event' in each ? [each.event] : []));
}
