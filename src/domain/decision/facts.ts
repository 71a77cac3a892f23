import type { Act, Case, Conviction, Detainer, Order, Warrant } from '../case/case.ts';
import { isOver, type Clock } from '../clock/clock.ts';
import { stateCustodyOf, type StateCustody } from '../clock/state-custody.ts';
import { Unknown, type Facts, type Known, type Value } from '../law/evaluate.ts';
import type { LawInForce } from '../law/in-force.ts';
import { addYears, DAY, NEVER, yearsBetween, type Day, type Instant } from '../time/instant.ts';
import { dayAt } from '../time/zone.ts';
import { plainTitle } from '../law/issuers.ts';
import type { Ground } from './grounds.ts';

/**
 * The case as rules read it (rule-packs/facts.cedarschema): no law, only what was recorded, seen from the moment of
 * the act. A state that nobody has recorded becomes an Unknown that carries its path into the case.
 */
export function factsOf(question: Case, act: Act, law: LawInForce, ground: Ground, clock: Clock): Facts {
  return groundFacts(question, act, law, ground, clock, recordFacts(question, law));
}

/** Facts that are the same whatever the act and whichever paper is looked at: found once a case. */
export function recordFacts(
  question: Case,
  law: LawInForce,
  stateCustody: StateCustody | undefined = stateCustodyOf(question),
): Facts {
  const { at, completesAt } = question.question;
  const today = dayAt(at, question.facility.timeZone);
  return {
    at,
    today: today * DAY,
    completesAt: completesAt ?? at,
    stateLawRead: law.stateLawRead ? true : unknown('jurisdiction'),
    counsel: law.counsel,
    facilityKind: question.facility.kind,
    person: personFacts(question, today),
    convictions: convictionFacts(question.convictions, law, today),
    custody: custodyFacts(question, stateCustody),
    agreement: agreementFacts(question),
    officer: officerFacts(question),
    housing: {
      igsaCoversBed: question.housing?.igsaCoversBed ?? false,
      i203At: question.housing?.i203At ?? NEVER,
    },
  };
}

/** The facts of one act on one ground. */
export function groundFacts(
  question: Case,
  act: Act,
  law: LawInForce,
  ground: Ground,
  clock: Clock,
  record: Facts,
): Facts {
  const today = dayAt(question.question.at, question.facility.timeZone);
  return {
    ...record,
    clock: clockFacts(question, clock),
    detainer: detainerFacts(question, ground),
    warrant: warrantFacts(question, act, law, ground, today),
    service: serviceFacts(question, act, ground, today),
    orders: orderFacts(question, ground, record),
  };
}

function unknown(path: string): Unknown {
  return new Unknown([path]);
}

function known(value: Known | undefined, path: string): Value {
  return value ?? unknown(path);
}

function date(day: Day | undefined, path: string): Value {
  return day === undefined ? unknown(path) : day * DAY;
}

function happened(instant: Instant | undefined): Instant {
  return instant ?? NEVER;
}

function personFacts(recorded: Case, today: Day): Facts {
  const { person, question } = recorded;
  const { bornOn, identity, citizenship } = person;
  const claimed = citizenship?.claimedAt !== undefined && citizenship.claimedAt <= question.at;
  const open = claimed && citizenship.resolved === undefined;
  return {
    age: bornOn === undefined ? unknown('person.bornOn') : yearsBetween(bornOn, firstServiceOn(recorded, today)),
    identity: known(identity, 'person.identity'),
    citizenshipEvidence: citizenship?.evidence ?? 'none',
    citizenshipResolved: citizenship?.resolved ?? 'open',
    // A claim is settled by a person's finding and by nothing else.
    citizenshipSettled: open ? unknown('person.citizenship.resolved') : true,
    lawfulStatusProof: person.lawfulStatusProof,
    victimOrWitness: person.victimOrWitness,
  };
}

/** A hold rests on the arrest that service made, so the age on that day counts; without one, today's. */
function firstServiceOn({ warrants, question, facility }: Case, today: Day): Day {
  let first = today;
  for (const { service } of warrants) {
    if (service === undefined || service.at > question.at) continue;
    first = Math.min(first, dayAt(service.at, facility.timeZone)) as Day;
  }
  return first;
}

/**
 * Classes that the packs declare, still within their look-back. A class that no pack declares is none of theirs; only
 * where it bears the packs' own prefix and nothing else qualifies does nobody know what it is.
 */
function convictionFacts(convictions: readonly Conviction[], law: LawInForce, today: Day): Value {
  if (convictions.length === 0) return NO_CONVICTIONS;
  const counted: string[] = [];
  const undeclared: string[] = [];
  const prefixes = new Set([...law.convictionClasses.keys()].map(prefixOf));
  for (const [index, conviction] of convictions.entries()) {
    const declared = law.convictionClasses.get(conviction.class);
    if (declared === undefined) {
      if (prefixes.has(prefixOf(conviction.class))) undeclared.push(`convictions[${index}].class`);
    } else if (conviction.convictedOn <= today && isRecent(conviction, declared.withinYears, today)) {
      counted.push(conviction.class);
    }
  }
  return counted.length === 0 && undeclared.length > 0 ? new Unknown(undeclared) : counted;
}

const NO_CONVICTIONS: readonly string[] = [];

function isRecent({ convictedOn }: Conviction, withinYears: number | undefined, today: Day): boolean {
  return withinYears === undefined || today <= addYears(convictedOn, withinYears);
}

function prefixOf(code: string): string {
  return code.slice(0, code.indexOf(':'));
}

function custodyFacts({ custody, question }: Case, stateCustody: StateCustody | undefined): Facts {
  if (stateCustody === undefined) {
    const bases = unknown('custody.bases');
    return { begun: bases, ended: bases, endedAt: bases, over: false };
  }
  const { begun, runs, endsAt } = stateCustody;
  // No basis at all: nothing of the state's holds the person either.
  return { begun, ended: !runs, endedAt: endsAt ?? NEVER, over: isOver(custody, question.at) };
}

function clockFacts({ custody, question }: Case, clock: Clock): Facts {
  if (custody === undefined) {
    const bases = unknown('custody.bases');
    return { bounded: bases, deadline: bases };
  }
  return { bounded: clock.deadline !== undefined, deadline: clock.deadline ?? question.at };
}

const NO_DETAINER: Facts = {
  present: false,
  form: 'none',
  signed: false,
  issuedOn: NEVER,
  receivedAt: NEVER,
  receivedOn: NEVER,
  addressedHere: false,
  probableCause: [],
  transferredByDhs: false,
  warrantAttached: false,
  servedOnPersonAt: NEVER,
  cancelledAt: NEVER,
};

function detainerFacts(question: Case, { detainer, detainerIndex, warrant }: Ground): Facts {
  if (detainer === undefined) return NO_DETAINER;
  const path = `detainers[${detainerIndex}]`;
  const { agency, timeZone } = question.facility;
  const relayed = detainer.relayedTo.includes(agency);
  const addressed = detainer.addressedTo === undefined ? undefined : detainer.addressedTo === agency;
  return {
    present: true,
    form: detainer.form,
    signed: known(detainer.signed, `${path}.signed`),
    issuedOn: date(detainer.issuedOn, `${path}.issuedOn`),
    receivedAt: detainer.receivedAt,
    receivedOn: dayAt(detainer.receivedAt, timeZone) * DAY,
    addressedHere: relayed || known(addressed, `${path}.addressedTo`),
    probableCause: known(detainer.probableCause, `${path}.probableCause`),
    transferredByDhs: detainer.transferredByDhs,
    warrantAttached: known(
      detainer.warrants && warrant !== undefined
        ? detainer.warrants.includes(warrant.id)
        : noneAttached(detainer.warrants),
      `${path}.warrants`,
    ),
    servedOnPersonAt: asRecorded(question, detainer.servedOnPersonAt),
    cancelledAt: happened(detainer.cancelledAt),
  };
}

function noneAttached(warrants: readonly string[] | undefined): false | undefined {
  return warrants === undefined ? undefined : false;
}

/** Of a booking tried on another day only *that* a thing happened is taken, not when. */
function asRecorded(question: Case, instant: Instant | undefined): Instant {
  if (instant === undefined) return NEVER;
  return question.triedOnAnotherDay ? (Math.min(instant, question.question.at) as Instant) : instant;
}

const NO_WARRANT: Facts = {
  present: false,
  form: 'none',
  signed: false,
  issuedOn: NEVER,
  issuer: 'not-authorized',
  basis: [],
  namesPerson: false,
  received: 'none',
  inHandOn: NEVER,
};

function warrantFacts(
  question: Case,
  act: Act,
  law: LawInForce,
  { detainer, warrant, warrantIndex }: Ground,
  today: Day,
): Facts {
  if (warrant === undefined) return NO_WARRANT;
  const path = `warrants[${warrantIndex}]`;
  return {
    present: true,
    form: warrant.form,
    signed: known(warrant.signed, `${path}.signed`),
    issuedOn: date(warrant.issuedOn, `${path}.issuedOn`),
    issuer: known(issuerOf(warrant.form, warrant.issuerTitle, law), `${path}.issuerTitle`),
    basis: known(warrant.basis, `${path}.basis`),
    namesPerson: known(warrant.namesPerson, `${path}.namesPerson`),
    received: known(warrant.received, `${path}.received`),
    inHandOn: inHandOn(question, act, detainer, warrant, today) * DAY,
  };
}

/** The day on which the paper had to be there: that of its service, or today. */
function inHandOn(question: Case, act: Act, detainer: Detainer | undefined, { service }: Warrant, today: Day): Day {
  const { facility, triedOnAnotherDay } = question;
  if (triedOnAnotherDay && detainer !== undefined) {
    return Math.max(today, dayAt(detainer.receivedAt, facility.timeZone)) as Day;
  }
  const served = act !== 'serve-warrant' && service !== undefined && service.at <= question.question.at;
  return served ? dayAt(service.at, facility.timeZone) : today;
}

function issuerOf(form: string, title: string | undefined, law: LawInForce): string | undefined {
  if (title === undefined) return undefined;
  return law.issuers.get(form)?.get(plainTitle(title));
}

const NO_SERVICE: Facts = { atIssue: false, at: NEVER, on: NEVER, byThisOfficer: false, here: false };

function serviceFacts(question: Case, act: Act, { warrant, warrantIndex }: Ground, today: Day): Facts {
  const { at } = question.question;
  if (act === 'serve-warrant') return { atIssue: true, at, on: today * DAY, byThisOfficer: true, here: true };
  const service = warrant?.service;
  if (service === undefined || service.at > at) return NO_SERVICE;
  const { id, timeZone } = question.facility;
  return {
    atIssue: true,
    at: service.at,
    on: dayAt(service.at, timeZone) * DAY,
    // Somebody else served: whether he might, the case does not say.
    byThisOfficer: question.officer?.id === service.by ? true : unknown(`warrants[${warrantIndex}].service.by`),
    here: service.facility === id,
  };
}

const NO_ORDERS: Facts = { holdBy: [], releaseAfterCustodyEnded: false };

function orderFacts({ orders, question, triedOnAnotherDay }: Case, { detainer }: Ground, record: Facts): Facts {
  if (orders.length === 0) return NO_ORDERS;
  const made = triedOnAnotherDay ? orders : orders.filter((order) => order.at <= question.at);
  const releases = made.filter((order) => order.kind === 'release');
  const { endedAt } = record['custody'] as Facts;
  return {
    holdBy: holdFact(made, releases, triedOnAnotherDay ? undefined : detainer?.receivedAt),
    // An earlier or simultaneous order ended state custody; a later one can only mean what came after it.
    releaseAfterCustodyEnded:
      endedAt instanceof Unknown ? endedAt : releases.some((order) => order.at > (endedAt as number)),
  };
}

/** An order made before the request came speaks of another one; whether a later release undid it, a person must say. */
function holdFact(made: readonly Order[], releases: readonly Order[], since: Instant | undefined): Value {
  const holds = made.filter((order) => order.kind === 'hold' && (since === undefined || order.at >= since));
  const stands = holds.filter((hold) => !releases.some((release) => release.at >= hold.at));
  return stands.length === 0 && holds.length > 0 ? unknown('orders') : stands.map((order) => order.by);
}

const NO_AGREEMENT: Facts = {
  present: false,
  model: 'none',
  effectiveOn: NEVER,
  approvedBy: [],
  listsFacility: false,
  terminationNoticeReceivedAt: NEVER,
  suspendedAt: NEVER,
};

function agreementFacts({ agreement, facility }: Case): Facts {
  if (agreement === undefined) return NO_AGREEMENT;
  return {
    present: true,
    model: agreement.model,
    effectiveOn: date(agreement.effectiveOn, 'agreement.effectiveOn'),
    approvedBy: known(agreement.approvedBy, 'agreement.approvedBy'),
    listsFacility: known(agreement.facilities?.includes(facility.id), 'agreement.facilities'),
    terminationNoticeReceivedAt: happened(agreement.terminationNoticeReceivedAt),
    suspendedAt: happened(agreement.suspendedAt),
  };
}

const NO_OFFICER: Facts = {
  present: false,
  ofAgency: false,
  ofFacility: false,
  usCitizen: false,
  backgroundInvestigation: 'none',
  firstScore: -1,
  secondScore: -1,
  certifiedOn: NEVER,
  authorizationLetterOn: NEVER,
  form70006On: NEVER,
  credentialCarried: false,
  credentialExpiresOn: NEVER,
  withdrawnAt: NEVER,
  iceSupervised: false,
};

function officerFacts({ officer, facility }: Case): Facts {
  if (officer === undefined) return NO_OFFICER;
  const { examScores } = officer;
  return {
    present: true,
    ofAgency: known(officer.agency && officer.agency === facility.agency, 'officer.agency'),
    ofFacility: known(officer.facility && officer.facility === facility.id, 'officer.facility'),
    usCitizen: known(officer.usCitizen, 'officer.usCitizen'),
    backgroundInvestigation: known(officer.backgroundInvestigation, 'officer.backgroundInvestigation'),
    firstScore: examScores === undefined ? unknown('officer.examScores') : percent(examScores[0]),
    secondScore: examScores === undefined ? unknown('officer.examScores') : percent(examScores[1]),
    certifiedOn: date(officer.certifiedOn, 'officer.certifiedOn'),
    authorizationLetterOn: date(officer.authorizationLetterOn, 'officer.authorizationLetterOn'),
    form70006On: date(officer.form70006On, 'officer.form70006On'),
    credentialCarried: known(officer.credentialCarried, 'officer.credentialCarried'),
    credentialExpiresOn: officer.credentialExpiresOn === undefined ? NEVER : officer.credentialExpiresOn * DAY,
    withdrawnAt: happened(officer.withdrawnAt),
    iceSupervised: officer.iceSupervisor === undefined ? unknown('officer.iceSupervisor') : true,
  };
}

/** Whole percent: Cedar knows no fractions, and 69.9 is not 70. */
function percent(score: number | undefined): number {
  return score === undefined ? -1 : Math.floor(score);
}
