import { isSamePerson, type Draft } from '../../domain/record/event.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import { historyOf } from './history.ts';
import type { Appended, Ledger, LedgerPorts } from './ledger.ts';
import { unknownAgency } from './unknown-agency.ts';

/** What a court ordered of one subject's record, and the two people who do it. */
export interface Order {
  readonly agency: string;
  readonly subject: Handle;
  /** The court, its case number and the day. */
  readonly order: string;
  readonly actor: string;
  readonly second: string;
  readonly request: string;
}

/** Encrypts a key so that only the court can read it. */
export type SealTo = (key: Uint8Array) => Uint8Array;

/**
 * Sealing: the key goes to the court, encrypted to its public key, and leaves the house. The content stays, and nobody
 * here can read it.
 */
export async function sealSubject(ledger: Ledger, ports: LedgerPorts, order: Order, sealTo: SealTo): Promise<Appended> {
  const refused = oneAlone(order) ?? notKept(ports.keyring, order.agency);
  if (refused !== undefined) return refused;
  const key = ports.keyring.subjectKey(order.agency, order.subject);
  const draft = draftOf('subject.sealed', order, ports);
  if (key === undefined) return ledger.append(order.agency, draft);
  const sealed = sealTo(key);
  const content = { ...draft.content, sealedKey: ports.primitives.hash(sealed).toHex() };
  return ledger.append(order.agency, { ...draft, content }, { sealed });
}

/** Unsealing: the court has decrypted the key and gives it back. */
export async function unsealSubject(
  ledger: Ledger,
  ports: LedgerPorts,
  order: Order,
  key: Uint8Array,
): Promise<Appended> {
  const refused = oneAlone(order) ?? notKept(ports.keyring, order.agency);
  if (refused !== undefined) return refused;
  const appended = await ledger.append(order.agency, draftOf('subject.unsealed', order, ports), { key });
  return (await takenBack(ledger, ports, order, key, appended)) ?? appended;
}

/**
 * An unsealing that was put on record, and whose key did not reach the vault (another process held it, or this one was
 * ended), is asked for again: then the key is taken back, and nothing more is recorded.
 */
async function takenBack(
  ledger: Ledger,
  ports: LedgerPorts,
  { agency, subject }: Order,
  key: Uint8Array,
  appended: Appended,
): Promise<Appended | undefined> {
  const { keyring, store } = ports;
  const isOnRecord =
    appended.kind === 'recorded' || (appended.kind === 'conflict' && appended.refusal.code === 'already-done');
  if (!isOnRecord || keyring.subjectKey(agency, subject) !== undefined) return undefined;
  const state = await ledger.state(agency, subject);
  if (state === undefined || state.erased !== undefined) return undefined;
  const kept = await historyOf(ports, agency, subject, key);
  if (kept.some((each) => !('event' in each))) return undefined;
  await keyring.restore(agency, subject, key);
  if (appended.kind === 'recorded') return appended;
  const ofAgency = await historyOf(ports, agency, keyring.agencySubject(agency));
  const envelopes = ofAgency.map((each) => ('event' in each ? each.event.envelope : each.envelope));
  const envelope = envelopes.findLast(({ type, erases }) => type === 'subject.unsealed' && erases === subject);
  const checkpoint = (await store.head(agency))?.checkpoint;
  if (envelope === undefined || checkpoint === undefined) return undefined;
  return { kind: 'recorded', envelope, checkpoint, repeated: true };
}

/** Expunging: keys and content are destroyed. All proofs still verify; nothing that is left says whom it was about. */
export async function expungeSubject(ledger: Ledger, ports: LedgerPorts, order: Order): Promise<Appended> {
  const refused = oneAlone(order) ?? notKept(ports.keyring, order.agency);
  if (refused !== undefined) return refused;
  return ledger.append(order.agency, draftOf('subject.expunged', order, ports));
}

function draftOf(
  type: 'subject.sealed' | 'subject.unsealed' | 'subject.expunged',
  order: Order,
  { keyring, now }: LedgerPorts,
): Draft {
  return {
    type,
    subject: keyring.agencySubject(order.agency),
    occurredAt: now(),
    actor: order.actor,
    request: order.request,
    content: { order: order.order, second: order.second },
    erases: order.subject,
  };
}

/** Two people, or nothing is done. */
export function oneAlone({
  actor,
  second,
}: Pick<Order, 'actor' | 'second'>): (Appended & { kind: 'invalid' }) | undefined {
  if (!isSamePerson(actor, second)) return undefined;
  return {
    kind: 'invalid',
    failures: [{ code: 'impossible', where: 'second', message: 'is the same person; this takes two' }],
  };
}

/** Of an agency that has no record nothing can be sealed or rotated. */
export function notKept(keyring: LedgerPorts['keyring'], agency: string): (Appended & { kind: 'invalid' }) | undefined {
  const failure = unknownAgency(keyring, agency);
  return failure === undefined ? undefined : { kind: 'invalid', failures: [failure] };
}
