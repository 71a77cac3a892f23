import { NO_ENTRIES, rootOfFrontier } from '../../domain/ledger/frontier.ts';
import { nextOrigin, originsUpTo } from '../../domain/ledger/origin.ts';
import type { Content } from '../../domain/record/catalogue.ts';
import { checkDraft, type Draft } from '../../domain/record/event.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { uuidFrom } from './draft.ts';
import { oneAlone } from './erase.ts';
import { readableOn } from './history.ts';
import type { Appended, Ledger, LedgerPorts } from './ledger.ts';
import { logName } from './log-name.ts';
import { lastRecorded } from './last-recorded.ts';
import { alreadySigned, beginSigning, clockTrouble } from './may-sign.ts';
import { planBatch } from './plan.ts';
import type { Head, SignedSizes } from './ports.ts';
import { forgottenErasures, type Forgotten } from './tombstones.ts';

/** Two people's decision that a lost tail is lost. */
export interface Continuation {
  readonly agency: string;
  readonly reason: string;
  readonly actor: string;
  readonly second: string;
  /** A size that a witness has seen: where the list of signed sizes was lost as well. */
  readonly seen?: number | undefined;
  /** The last name of the log that a witness has seen: where it had gone on once more than the backup knows. */
  readonly seenAs?: string | undefined;
}

export interface Continued {
  readonly kind: 'continued';
  /** Undefined: the log went on already, and only orders that it had forgotten were put on record. */
  readonly log:
    | {
        readonly origin: string;
        readonly from: string;
        readonly size: number;
        /** Undefined: nobody knows. */
        readonly signedSize?: number;
      }
    | undefined;
  readonly replayed: readonly Replayed[];
}

export interface Replayed {
  readonly subject: Handle;
  readonly how: Forgotten['how'];
  /** The key under the court's went with the tail: only the court's own copy is left. */
  readonly isSealedKeyLost: boolean;
  readonly appended: Appended;
}

export type NotContinued = Exclude<Appended, { kind: 'recorded' }>;

/**
 * The way on for a log that may not be signed any more, since a larger size was: the same tree goes on under a new name,
 * whose first entry says so, and the old name is never signed again. Nobody is shown two histories of one name. Then the
 * courts' orders that went with the tail are put on record again.
 */
export async function continueLog(
  ledger: Ledger,
  ports: LedgerPorts,
  wanted: Continuation,
): Promise<Continued | NotContinued> {
  const { agency } = wanted;
  const alone = oneAlone(wanted);
  if (alone !== undefined) return alone;
  const head = await ports.store.head(agency);
  const from = head?.origin ?? ports.originOf(agency);
  const hasSigned = ports.keyring.hasSigned(agency);
  const signed = ports.signedSizes.last(from);
  if (head === undefined && signed === undefined && !hasSigned) return impossible('has no log here');
  await ports.keyring.ensure(agency);
  const isStuck = alreadySigned(signed, head, hasSigned) || (wanted.seen ?? 0) > (head?.size ?? 0);
  const named = wanted.seenAs ?? from;
  if (!originsUpTo(agency, named).includes(from)) return impossible(`has never had the name ${named} after ${from}`);
  const forgotten = await forgottenErasures(ports, agency);
  if (!isStuck && forgotten.length === 0) {
    return impossible('is not stuck: no larger size was signed than it has, and what is recorded next goes on from it');
  }
  let log: Continued['log'];
  if (isStuck) {
    const lost = { from, size: head?.size ?? 0, ...largest(signed, wanted.seen) };
    const begun = await begin(ports, wanted, head, { ...lost, named });
    if (typeof begun !== 'string') return begun;
    log = { ...lost, origin: begun };
  }
  const replayed: Replayed[] = [];
  for (const each of forgotten) replayed.push(await replay(ledger, ports, agency, each));
  return { kind: 'continued', log, replayed };
}

/** The largest size that anybody is known to have seen. */
function largest(signed: ReturnType<SignedSizes['last']>, seen: number | undefined): { signedSize?: number } {
  if (signed === undefined || signed === 'damaged') return seen === undefined ? {} : { signedSize: seen };
  return { signedSize: Math.max(signed.size, seen ?? 0) };
}

/** @returns the new name, once its first checkpoint is kept. */
async function begin(
  ports: LedgerPorts,
  { agency, reason, actor, second }: Continuation,
  head: Head | undefined,
  { from, named, size, signedSize }: { from: string; named: string; size: number; signedSize?: number },
): Promise<string | NotContinued> {
  const lastAt = await lastRecorded(ports, head);
  const behind = clockTrouble(lastAt, ports.now());
  if (behind !== undefined) return behind;
  const { keyring, primitives, signedSizes, store } = ports;
  const origin = freeOrigin(agency, named, signedSizes);
  const root = (head?.root ?? rootOfFrontier(NO_ENTRIES, primitives.hash)).toHex();
  const now = Math.max(ports.now(), lastAt) as Instant;
  const draft: Draft<'log.continued'> = {
    type: 'log.continued',
    subject: keyring.agencySubject(agency),
    occurredAt: now,
    actor,
    request: uuidFrom(primitives.random(16)),
    content: { origin: from, size, root, reason, second, ...(signedSize === undefined ? {} : { signedSize }) },
  };
  const checked = checkDraft(draft);
  if (!checked.ok) return { kind: 'invalid', failures: checked.failures };
  const renamed = head === undefined ? undefined : { ...head, origin };
  const plan = await planBatch(
    { agency, head: renamed, now, known: new Map(), looksForAll: true, ports: { ...ports, originOf: () => origin } },
    [{ draft }],
  );
  if (plan.batch === undefined) return (plan.refused[0]?.appended ?? BUSY) as NotContinued;
  await beginSigning(ports, agency, origin);
  if ((await store.commit(plan.batch)) !== 'committed') return BUSY;
  const { after } = plan.batch;
  signedSizes.keep(after.origin, after.size, after.root.toHex());
  return origin;
}

/**
 * What others have seen of a log, as far as it bears on the log as it is now: under its own name, and under former names
 * up to the size from which it went on. What was seen beyond that is the tail that was lost.
 */
export async function bearingOn<Seen extends { readonly origin: string; readonly size: number }>(
  { store, keyring, primitives, originOf }: Pick<LedgerPorts, 'store' | 'keyring' | 'primitives' | 'originOf'>,
  agency: string,
  seen: readonly Seen[],
): Promise<Seen[]> {
  const origin = await logName({ store, originOf }, agency);
  if (seen.every((each) => each.origin === origin)) return [...seen];
  if (!keyring.knows(agency)) return seen.filter((each) => each.origin === origin);
  const onAgency = await readableOn({ store, keyring, primitives }, agency, keyring.agencySubject(agency));
  const upTo = new Map([[origin, Number.MAX_SAFE_INTEGER]]);
  for (const { envelope, content } of onAgency) {
    if (envelope.type !== 'log.continued') continue;
    const former = content as Content<'log.continued'>;
    upTo.set(former.origin, former.size);
  }
  return seen.filter((each) => each.size <= (upTo.get(each.origin) ?? -1));
}

/** A name under which nothing was ever signed: an older backup may have forgotten that the log went on before. */
function freeOrigin(agency: string, from: string, signedSizes: LedgerPorts['signedSizes']): string {
  let origin = nextOrigin(agency, from);
  while (signedSizes.last(origin) !== undefined) origin = nextOrigin(agency, origin);
  return origin;
}

async function replay(
  ledger: Ledger,
  { store, keyring, primitives, now }: LedgerPorts,
  agency: string,
  { subject, how, order, actor, second }: Forgotten,
): Promise<Replayed> {
  const sealed = how === 'sealed' ? await store.sealedKey(agency, subject) : undefined;
  const appended = await ledger.append(agency, {
    type: how === 'expunged' ? 'subject.expunged' : 'subject.sealed',
    subject: keyring.agencySubject(agency),
    occurredAt: now(),
    actor,
    request: uuidFrom(primitives.random(16)),
    content: { order, second, ...(sealed === undefined ? {} : { sealedKey: primitives.hash(sealed).toHex() }) },
    erases: subject,
  });
  return { subject, how, isSealedKeyLost: how === 'sealed' && sealed === undefined, appended };
}

function impossible(message: string): NotContinued {
  return { kind: 'invalid', failures: [{ code: 'impossible', where: 'log', message }] };
}

const BUSY: NotContinued = {
  kind: 'unavailable',
  trouble: 'busy',
  message: 'somebody else wrote to the log meanwhile; look again, then decide',
};
