import { canonicalJson } from '../../domain/case/canonical.ts';
import { envelopeFrom, type Draft, type Envelope } from '../../domain/record/event.ts';
import { beginsSubject, type Refusal } from '../../domain/record/subject-state.ts';
import { openRow } from './history.ts';
import type { LedgerPorts } from './ledger.ts';
import type { EntryRow } from './ports.ts';

/**
 * Whether a draft is the one of which an entry was made under the same request. Then asking again gets the first result;
 * otherwise nobody may take the new draft for recorded. A handle that was left out was made up anew, and a time too.
 */
export async function isSameRequest(
  { store, keyring, primitives }: Pick<LedgerPorts, 'store' | 'keyring' | 'primitives'>,
  agency: string,
  draft: Draft,
  row: EntryRow,
): Promise<boolean> {
  const envelope = entryOf(row);
  if (envelope.type !== draft.type || envelope.erases !== draft.erases || envelope.corrects !== draft.corrects)
    return false;
  if (envelope.subject !== draft.subject && !beginsSubject(draft.type)) return false;
  for await (const [kept] of store.entries(agency, row.sequence, row.sequence + 1)) {
    if (kept === undefined) continue;
    const opened = openRow(kept, keyring.subjectKey(agency, kept.subject), primitives);
    // Of what is sealed or gone all has been compared that can be.
    if (!('event' in opened)) return true;
    return opened.event.actor === draft.actor && canonicalJson(opened.event.content) === canonicalJson(draft.content);
  }
  return true;
}

export function otherRequest(winner: number): Refusal {
  return {
    code: 'request-taken',
    message: `this request made entry ${winner}, which says something else; ask again with a new request`,
    winner,
  };
}

/** @throws Error where somebody has changed the row. */
export function entryOf(row: EntryRow): Envelope {
  const envelope = envelopeFrom(row.envelope);
  if (envelope === undefined) throw new Error(`entry ${row.sequence} is no envelope; run writkeeper ledger verify`);
  return envelope;
}
