import { isSamePerson, type Draft } from '../../domain/record/event.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import type { Appended, Ledger, LedgerPorts } from './ledger.ts';

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
  const refused = oneAlone(order);
  if (refused !== undefined) return refused;
  await ports.keyring.ensure(order.agency);
  const key = ports.keyring.subjectKey(order.agency, order.subject);
  const extra = key === undefined ? {} : { sealed: sealTo(key) };
  return ledger.append(order.agency, draftOf('subject.sealed', order, ports), extra);
}

/** Unsealing: the court has decrypted the key and gives it back. */
export async function unsealSubject(
  ledger: Ledger,
  ports: LedgerPorts,
  order: Order,
  key: Uint8Array,
): Promise<Appended> {
  const refused = oneAlone(order);
  if (refused !== undefined) return refused;
  await ports.keyring.ensure(order.agency);
  return ledger.append(order.agency, draftOf('subject.unsealed', order, ports), { key });
}

/** Expunging: keys and content are destroyed. All proofs still verify; nothing that is left says whom it was about. */
export async function expungeSubject(ledger: Ledger, ports: LedgerPorts, order: Order): Promise<Appended> {
  const refused = oneAlone(order);
  if (refused !== undefined) return refused;
  await ports.keyring.ensure(order.agency);
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
