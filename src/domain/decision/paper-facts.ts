import type { Case, Detainer, Order, Warrant } from '../case/case.ts';
import { happenedAt, isByThisOfficer, serviceMade } from '../case/happenings.ts';
import { PartlyKnown, type Unknown, type Value } from '../law/evaluate.ts';
import { standingOf } from '../law/issuers.ts';
import { DAY, NEVER, type Day, type Instant } from '../time/instant.ts';
import { dayAt } from '../time/zone.ts';
import type { Ground } from './grounds.ts';
import { dated, known, unknown, type Fact, type FactsFrom, type SeenGround } from './seen.ts';

/** What one ground says: its clock, its detainer, its warrant and the service of it, the orders made since it came. */
export const PAPER_FACTS: FactsFrom<SeenGround> = {
  'clock.bounded': (seen) => (seen.clock.deadline === undefined ? (inDoubt(seen) ?? false) : true),
  'clock.deadline': deadlineOf,

  'detainer.present': ({ ground }) => ground.detainer !== undefined,
  'detainer.form': ofDetainer('none', ({ form }) => form),
  'detainer.signed': ofDetainer(false, ({ signed }, { ground }) => known(signed, inDetainer(ground, 'signed'))),
  'detainer.issuedOn': ofDetainer(NEVER, ({ issuedOn }, { ground }) => dated(issuedOn, inDetainer(ground, 'issuedOn'))),
  'detainer.receivedAt': ofDetainer(NEVER, ({ receivedAt }, { question }) => happenedAt(question, receivedAt)),
  'detainer.receivedOn': ofDetainer(
    NEVER,
    ({ receivedAt }, { question }) => dayAt(receivedAt, question.facility.timeZone) * DAY,
  ),
  'detainer.addressedHere': ofDetainer(false, isAddressedHere),
  'detainer.probableCause': ofDetainer([], ({ probableCause }, { ground }) =>
    known(probableCause, inDetainer(ground, 'probableCause')),
  ),
  'detainer.transferredByDhs': ofDetainer(false, ({ transferredByDhs }) => transferredByDhs),
  'detainer.warrantAttached': ofDetainer(false, isWarrantAttached),
  'detainer.servedOnPersonAt': ofDetainer(NEVER, ({ servedOnPersonAt }, { question }) =>
    happenedAt(question, servedOnPersonAt),
  ),
  'detainer.cancelledAt': ofDetainer(NEVER, ({ cancelledAt }, { question }) => happenedAt(question, cancelledAt)),

  'warrant.present': ({ ground }) => ground.warrant !== undefined,
  'warrant.form': ofWarrant('none', ({ form }) => form),
  'warrant.signed': ofWarrant(false, ({ signed }, { ground }) => known(signed, inWarrant(ground, 'signed'))),
  'warrant.issuedOn': ofWarrant(NEVER, ({ issuedOn }, { ground }) => dated(issuedOn, inWarrant(ground, 'issuedOn'))),
  'warrant.issuer': ofWarrant('not-authorized', issuerOf),
  'warrant.basis': ofWarrant([], boxesTicked),
  'warrant.namesPerson': ofWarrant(false, ({ namesPerson }, { ground }) =>
    known(namesPerson, inWarrant(ground, 'namesPerson')),
  ),
  'warrant.received': ofWarrant('none', ({ received }, { ground }) => known(received, inWarrant(ground, 'received'))),
  'warrant.inHandOn': ofWarrant(NEVER, (_, seen) => inHandOn(seen) * DAY),

  'service.atIssue': (seen) => seen.isServedNow || serviceMade(seen.question, seen.ground.warrant) !== undefined,
  'service.at': (seen) =>
    seen.isServedNow ? seen.question.question.at : (serviceMade(seen.question, seen.ground.warrant)?.at ?? NEVER),
  'service.on': (seen) => serviceDay(seen),
  'service.byThisOfficer': (seen) => seen.isServedNow || isServedByThisOfficer(seen),
  'service.isDescribed': isServerDescribed,
  'service.here': (seen) =>
    seen.isServedNow || serviceMade(seen.question, seen.ground.warrant)?.facility === seen.question.facility.id,

  'orders.holdBy': heldBy,
  'orders.isGround': isOrderGround,
  'orders.groundAt': ({ question, ground }) => happenedAt(question, ground.order?.at),
  // A case has no place for the court that made an order.
  'orders.ofFederalCourt': ({ ground }) => (ground.order === undefined ? false : unknown('orders')),
  'orders.holdSinceDetainerAt': heldSinceDetainer,
  'orders.releaseAfterCustodyEnded': isReleasedAfter,
};

/**
 * While the end of state custody is in doubt, the true deadline is no later than the limits that are known, and may be
 * earlier. So one that has come by the act, or that the hand-over would miss, decides; any other leaves it unknown.
 */
function deadlineOf(seen: SeenGround): Value {
  const { deadline } = seen.clock;
  const { act, at, completesAt = at } = seen.question.question;
  const doubted = inDoubt(seen);
  if (doubted === undefined) return deadline ?? at;
  if (deadline === undefined) return doubted;
  return deadline <= at || (act === 'transfer' && deadline < completesAt) ? deadline : doubted;
}

/** What would have to be recorded for the end of state custody to be known; undefined: it is, or lies ahead. */
function inDoubt({ stateCustody }: SeenGround): Unknown | undefined {
  if (stateCustody === undefined) return unknown('custody.bases');
  return stateCustody.doubt === undefined ? undefined : unknown(stateCustody.doubt);
}

/** @param absent what holds where the ground has no detainer. */
function ofDetainer(absent: Value, fact: (detainer: Detainer, seen: SeenGround) => Value): Fact<SeenGround> {
  return (seen) => (seen.ground.detainer === undefined ? absent : fact(seen.ground.detainer, seen));
}

/** @param absent what holds where the ground has no warrant. */
function ofWarrant(absent: Value, fact: (warrant: Warrant, seen: SeenGround) => Value): Fact<SeenGround> {
  return (seen) => (seen.ground.warrant === undefined ? absent : fact(seen.ground.warrant, seen));
}

function inDetainer({ detainerIndex }: Ground, fact: string): string {
  return `detainers[${detainerIndex}].${fact}`;
}

function inWarrant({ warrantIndex }: Ground, fact: string): string {
  return `warrants[${warrantIndex}].${fact}`;
}

function isAddressedHere({ relayedTo, addressedTo }: Detainer, { question, ground }: SeenGround): Value {
  const { agency } = question.facility;
  if (relayedTo.includes(agency)) return true;
  return addressedTo === undefined ? unknown(inDetainer(ground, 'addressedTo')) : addressedTo === agency;
}

/** A warrant dated after the day on which the detainer came did not come with it, whatever the list says. */
function isWarrantAttached({ warrants, receivedAt }: Detainer, { ground, question }: SeenGround): Value {
  const { warrant } = ground;
  if (warrant?.issuedOn !== undefined && warrant.issuedOn > dayAt(receivedAt, question.facility.timeZone)) return false;
  if (warrants === undefined) return unknown(inDetainer(ground, 'warrants'));
  return warrant !== undefined && warrants.includes(warrant.id);
}

function issuerOf({ form, issuerTitle }: Warrant, { law, ground }: SeenGround): Value {
  const titles = law.issuers.get(form);
  const issuer = issuerTitle === undefined || titles === undefined ? undefined : standingOf(titles, issuerTitle);
  return issuer ?? unknown(inWarrant(ground, 'issuerTitle'));
}

/** The form's own boxes that are ticked, however they are spelt. Words that are none of them may be a box by another name, or no ground at all. */
function boxesTicked({ form, basis }: Warrant, { law, ground }: SeenGround): Value {
  if (basis === undefined) return unknown(inWarrant(ground, 'basis'));
  const boxes = law.warrantBoxes.get(form);
  if (boxes === undefined) return basis;
  for (const words of basis) if (!boxes.includes(words)) return partlyTicked(basis, boxes, ground);
  return basis;
}

function partlyTicked(basis: readonly string[], boxes: readonly string[], ground: Ground): Value {
  const plain = basis.map((words) =>
    words
      .trim()
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-'),
  );
  const own = plain.filter((words) => boxes.includes(words));
  return own.length === basis.length ? own : new PartlyKnown(own, [inWarrant(ground, 'basis')]);
}

/** The day on which the paper had to be there: that of its service, or today. */
function inHandOn(seen: SeenGround): Day {
  const { question, ground, today } = seen;
  const { timeZone } = question.facility;
  if (question.triedOnAnotherDay && ground.detainer !== undefined) {
    return Math.max(today, dayAt(ground.detainer.receivedAt, timeZone)) as Day;
  }
  const service = seen.isServedNow ? undefined : serviceMade(seen.question, seen.ground.warrant);
  return service === undefined ? today : dayAt(service.at, timeZone);
}

function serviceDay(seen: SeenGround): number {
  if (seen.isServedNow) return seen.today * DAY;
  const service = serviceMade(seen.question, seen.ground.warrant);
  return service === undefined ? NEVER : dayAt(service.at, seen.question.facility.timeZone) * DAY;
}

function isServedByThisOfficer({ question, ground }: SeenGround): boolean {
  const service = serviceMade(question, ground.warrant);
  return service !== undefined && isByThisOfficer(question, service);
}

/**
 * Somebody served whom the case does not describe: it may have been another of the agency's officers, with or without
 * authority, or ICE's own.
 */
function isServerDescribed(seen: SeenGround): Value {
  if (seen.isServedNow || serviceMade(seen.question, seen.ground.warrant) === undefined) return true;
  return isServedByThisOfficer(seen) ? true : unknown('officer');
}

function heldBy({ question }: SeenGround): Value {
  if (question.orders.length === 0) return NOBODY;
  return holdsOrdered(question).map(({ by }) => by);
}

const NOBODY: readonly string[] = [];

/**
 * Whether a later release undid the order, and whether one from before any request of ICE came speaks of ICE at all and
 * not of the state's own case, a person must say.
 */
function isOrderGround({ question, ground: { order, received } }: SeenGround): Value {
  if (order === undefined) return false;
  const isUndone = ordersMade(question).some(({ kind, at }) => kind === 'release' && at >= order.at);
  const isOlder = received.length > 0 && received.every(({ receivedAt }) => receivedAt > order.at);
  return isUndone || (isOlder && !question.triedOnAnotherDay) ? unknown('orders') : true;
}

/** The first that no release has followed; whether a later release undid the others, a person must say. */
function heldSinceDetainer({ question, ground }: SeenGround): Value {
  if (question.orders.length === 0) return NEVER;
  const since = question.triedOnAnotherDay ? -Infinity : (ground.detainer?.receivedAt ?? -Infinity);
  const holds = holdsOrdered(question).filter(({ at }) => at >= since);
  if (holds.length === 0) return NEVER;
  const releases = ordersMade(question).filter(({ kind }) => kind === 'release');
  let first: Instant | undefined;
  for (const { at } of holds) {
    if ((first === undefined || at < first) && !releases.some((order) => order.at >= at)) first = at;
  }
  return first === undefined ? unknown('orders') : happenedAt(question, first);
}

function holdsOrdered(question: Case): readonly Order[] {
  return ordersMade(question).filter(({ kind }) => kind === 'hold');
}

/** An earlier or simultaneous order ended state custody; a later one can only mean what came after it. */
function isReleasedAfter({ question, stateCustody }: SeenGround): Value {
  const { orders } = question;
  if (orders.length === 0) return false;
  if (stateCustody === undefined) return unknown('custody.bases');
  const { endsAt = NEVER, doubt } = stateCustody;
  const isLater = ordersMade(question).some(({ kind, at }) => kind === 'release' && at > endsAt);
  return isLater && doubt !== undefined ? unknown(doubt) : isLater;
}

function ordersMade({ orders, question, triedOnAnotherDay }: Case): readonly Order[] {
  return triedOnAnotherDay ? orders : orders.filter((order) => order.at <= question.at);
}
