import type { Content } from '../../domain/record/catalogue.ts';
import type { Envelope } from '../../domain/record/event.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import { historyOf, isEntry, type EventKept } from './history.ts';
import type { LedgerPorts } from './ledger.ts';
import type { Destroyed } from './ports.ts';

type Reading = Pick<LedgerPorts, 'store' | 'keyring' | 'primitives'>;

/**
 * By which order a subject was erased, as the ledger has it. Undefined: no entry says so, whatever a projection says, and
 * no key is destroyed for it.
 */
export async function whyErased(ports: Reading, agency: string, subject: Handle): Promise<Destroyed | undefined> {
  const of = ports.keyring.agencySubject(agency);
  // Where one of the agency's entries was damaged it may be the one that gave the key back: then none is destroyed.
  if (!(await ports.store.entriesOn(agency, [of])).every(isEntry)) return undefined;
  const onAgency = await historyOf(ports, agency, of);
  const last = onAgency.findLast((kept) => envelopeOf(kept).erases === subject);
  if (last === undefined || envelopeOf(last).type === 'subject.unsealed') return undefined;
  const { type, sequence } = envelopeOf(last);
  const how = type === 'subject.expunged' ? 'expunged' : 'sealed';
  if (!('event' in last)) {
    const untold = `see entry ${sequence}`;
    return { how, order: untold, actor: untold, second: untold };
  }
  const { order, second } = last.event.content as Content<'subject.expunged'>;
  return { how, order, second, actor: last.event.actor };
}

function envelopeOf(kept: EventKept): Envelope {
  return 'event' in kept ? kept.event.envelope : kept.envelope;
}

export interface Forgotten extends Destroyed {
  readonly subject: Handle;
}

/**
 * Subjects whose key was destroyed by a court's order of which the ledger, restored from an older backup, knows nothing.
 * What was begun after that backup has no entry any more and needs none.
 */
export async function forgottenErasures(
  { store, keyring }: Pick<Reading, 'store' | 'keyring'>,
  agency: string,
): Promise<Forgotten[]> {
  const destroyed = keyring.destroyed(agency);
  const states = await store.states(agency, [...destroyed.keys()]);
  return [...destroyed].flatMap(([subject, why]) => {
    const state = states.get(subject);
    if (state === undefined) return [];
    const isKnown = 'erased' in state && (state.erased.how === 'expunged' || why.how === 'sealed');
    return isKnown ? [] : [{ subject, ...why }];
  });
}
