import { canonicalJson } from '../../domain/case/canonical.ts';
import type { Draft } from '../../domain/record/event.ts';
import { beginsSubject, type Refusal } from '../../domain/record/subject-state.ts';
import { entryAt, entryOf, openRow } from './history.ts';
import type { LedgerPorts } from './ledger.ts';
import type { EntryRow } from './ports.ts';

/**
 * Whether a draft is the one of which an entry was made under the same request. Then asking again gets the first result;
 * otherwise nobody may take the new draft for recorded. A handle that was left out was made up anew, and a time too.
 */
export async function isSameRequest(
  ports: Pick<LedgerPorts, 'store' | 'keyring' | 'primitives'>,
  agency: string,
  draft: Draft,
  row: EntryRow,
): Promise<boolean> {
  const envelope = entryOf(row);
  if (envelope.type !== draft.type || envelope.erases !== draft.erases || envelope.corrects !== draft.corrects)
    return false;
  if (envelope.subject !== draft.subject && !beginsSubject(draft.type)) return false;
  const entry = await entryAt(ports, agency, row.sequence);
  const kept =
    entry === undefined ? undefined : openRow(entry, ports.keyring.subjectKey(agency, entry.subject), ports.primitives);
  // Of what is sealed or gone all has been compared that can be.
  if (kept === undefined || !('event' in kept)) return true;
  return kept.event.actor === draft.actor && asked(kept.event.content) === asked(draft.content);
}

/** A key is encrypted to the court anew each time that a sealing is asked for: that is no part of what was asked. */
function asked(content: Readonly<Record<string, unknown>>): string {
  return canonicalJson(Object.fromEntries(Object.entries(content).filter(([name]) => name !== 'sealedKey')));
}

export function otherRequest(winner: number): Refusal {
  return {
    code: 'request-taken',
    message: `this request made entry ${winner}, which says something else; ask again with a new request`,
    winner,
  };
}
