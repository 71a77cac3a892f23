import { openState, shellOf, type KeptState } from '../../domain/record/kept-state.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import type { SubjectState } from '../../domain/record/subject-state.ts';
import type { LedgerPorts } from './ledger.ts';
import { StoreUnavailable } from './ports.ts';

type Reading = Pick<LedgerPorts, 'store' | 'keyring' | 'primitives'>;

/**
 * What is known of some subjects. Of one whose key is gone, though the database does not say so yet (a restored backup is
 * older than a court's order), only that there is one.
 * @throws StoreUnavailable where a projection was changed by somebody else.
 */
export async function statesOf(
  reading: Reading,
  agency: string,
  subjects: readonly Handle[],
): Promise<Map<Handle, SubjectState>> {
  const kept = await reading.store.states(agency, subjects);
  return new Map([...kept].map(([subject, each]) => [subject, opened(reading, agency, subject, each)]));
}

function opened({ keyring, primitives }: Reading, agency: string, subject: Handle, kept: KeptState): SubjectState {
  if ('erased' in kept) return kept;
  const key = keyring.subjectKey(agency, subject);
  if (key === undefined) return shellOf(kept);
  const state = openState(kept, { agency, subject }, key, primitives);
  if (state !== undefined) return state;
  throw new StoreUnavailable(
    'refused',
    `the projection that is kept of ${subject} was changed; run writkeeper ledger verify, then ledger rebuild`,
  );
}
