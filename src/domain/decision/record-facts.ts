import type { Agreement, Case, Officer } from '../case/case.ts';
import { happenedAt, hasHappened, isOver } from '../case/happenings.ts';
import type { StateCustody } from '../clock/state-custody.ts';
import { Unknown, type Value } from '../law/evaluate.ts';
import { isLocal, type LawInForce } from '../law/in-force.ts';
import { isUnderLaw } from '../law/whose-law.ts';
import { addHours, DAY, NEVER, yearsBetween, type Day, type Instant } from '../time/instant.ts';
import { dayAt } from '../time/zone.ts';
import { convictionClasses } from './convictions.ts';
import { dated, known, unknown, type Fact, type FactsFrom, type Seen } from './seen.ts';

/** Percent of an exam that was not sat. */
const NOT_SAT = -1;

/** What the record says whatever the act and whichever paper is looked at. */
export const RECORD_FACTS: FactsFrom<Seen> = {
  at: ({ question }) => question.question.at,
  today: ({ today }) => today * DAY,
  // How long a hand-over takes, no law says: nobody knows when it is complete until somebody has said.
  completesAt: ({ question: { question } }) =>
    question.completesAt ?? (question.act === 'transfer' ? unknown('question.completesAt') : question.at),
  stateLawRead: ({ law }) => (law.stateLawRead ? true : unknown('jurisdiction')),
  lawIsOfAgency: ({ question: { facility, jurisdiction }, law }) =>
    isUnderLaw(facility.agency, jurisdiction, law) ? true : WHOSE_LAW,
  lawIsSettled: () => UNSETTLED,
  jurisdictionIsLocal: ({ question }) => isLocal(question.jurisdiction),
  counsel: ({ law }) => law.counsel,
  facilityKind: ({ question }) => question.facility.kind,
  convictions: convictionClasses,

  'person.age': (seen) => {
    const { bornOn } = seen.question.person;
    return bornOn === undefined ? unknown('person.bornOn') : yearsBetween(bornOn, arrestedOn(seen));
  },
  'person.ageToday': ({ question: { person }, today }) =>
    person.bornOn === undefined ? unknown('person.bornOn') : yearsBetween(person.bornOn, today),
  'person.identity': ({ question }) => known(question.person.identity, 'person.identity'),
  'person.citizenshipEvidence': ({ question }) => question.person.citizenship?.evidence ?? 'none',
  'person.citizenshipResolved': ({ question }) => question.person.citizenship?.resolved ?? 'open',
  // A claim is settled by a person's finding and by nothing else.
  'person.citizenshipSettled': ({ question }) =>
    isClaimOpen(question) ? unknown('person.citizenship.resolved') : true,
  'person.lawfulStatusProof': ({ question }) => question.person.lawfulStatusProof,
  // Whether it is a citizen's or a foreigner's, a person must find; which of the two, other rules weigh.
  'person.lawfulStatusSettled': ({ question: { person } }) =>
    person.lawfulStatusProof && person.citizenship?.resolved === undefined
      ? unknown('person.citizenship.resolved')
      : true,
  'person.victimOrWitness': ({ question }) => question.person.victimOrWitness,

  'custody.begun': ofCustody(({ begun }) => begun),
  // No basis at all: nothing of the state's holds the person either.
  'custody.ended': ofCustody(({ runs, doubt }) => (doubt === undefined ? !runs : unknown(doubt))),
  'custody.endedAt': ofCustody(({ endsAt, doubt }) => (doubt === undefined ? (endsAt ?? NEVER) : unknown(doubt))),
  'custody.outProcessedBy': ofCustody(({ endsAt, doubt }, { law }) =>
    doubt === undefined ? (endsAt === undefined ? NEVER : addHours(endsAt, law.outProcessing)) : unknown(doubt),
  ),
  'custody.over': ({ question }) => isOver(question),

  'agreement.present': ({ question }) => question.agreement !== undefined,
  'agreement.model': ofAgreement('none', ({ model }) => model),
  'agreement.effectiveOn': ofAgreement(NEVER, ({ effectiveOn }) => dated(effectiveOn, 'agreement.effectiveOn')),
  'agreement.approvedBy': ofAgreement([], ({ approvedBy }) => known(approvedBy, 'agreement.approvedBy')),
  'agreement.listsFacility': ofAgreement(false, ({ facilities }, { facility }) =>
    known(facilities?.includes(facility.id), 'agreement.facilities'),
  ),
  'agreement.endsAt': ({ question, law }) => agreementEnd(question, law),
  'agreement.suspendedAt': ofAgreement(NEVER, ({ suspendedAt }, question) => happenedAt(question, suspendedAt)),
  'agreement.inForce': isAgreementInForce,

  'officer.present': ({ question }) => question.officer !== undefined,
  'officer.ofAgency': ofOfficer(false, ({ agency }, { facility }) =>
    known(agency && agency === facility.agency, 'officer.agency'),
  ),
  'officer.ofFacility': ofOfficer(false, (officer, { facility }) =>
    known(officer.facility && officer.facility === facility.id, 'officer.facility'),
  ),
  'officer.usCitizen': ofOfficer(false, ({ usCitizen }) => known(usCitizen, 'officer.usCitizen')),
  'officer.backgroundInvestigation': ofOfficer('none', ({ backgroundInvestigation }) =>
    known(backgroundInvestigation, 'officer.backgroundInvestigation'),
  ),
  'officer.firstScore': ofOfficer(NOT_SAT, (officer) => score(officer, 0)),
  'officer.secondScore': ofOfficer(NOT_SAT, (officer) => score(officer, 1)),
  'officer.certifiedOn': ofOfficer(NEVER, ({ certifiedOn }) => dated(certifiedOn, 'officer.certifiedOn')),
  'officer.authorizationLetterOn': ofOfficer(NEVER, (officer) =>
    dated(officer.authorizationLetterOn, 'officer.authorizationLetterOn'),
  ),
  'officer.form70006On': ofOfficer(NEVER, ({ form70006On }) => dated(form70006On, 'officer.form70006On')),
  'officer.credentialCarried': ofOfficer(false, ({ credentialCarried }) =>
    known(credentialCarried, 'officer.credentialCarried'),
  ),
  'officer.credentialExpiresOn': ofOfficer(NEVER, ({ credentialExpiresOn }) =>
    credentialExpiresOn === undefined ? NEVER : credentialExpiresOn * DAY,
  ),
  'officer.withdrawnAt': ofOfficer(NEVER, ({ withdrawnAt }, question) => happenedAt(question, withdrawnAt)),
  'officer.iceSupervised': ofOfficer(false, ({ iceSupervisor }) =>
    iceSupervisor === undefined ? unknown('officer.iceSupervisor') : true,
  ),

  'housing.igsaCoversBed': ({ question }) => question.housing?.igsaCoversBed ?? false,
  'housing.i203At': ({ question }) => happenedAt(question, question.housing?.i203At),
};

/** Nothing in a case settles what a law leaves unsure; a person must say what the law of the place is. */
const UNSETTLED = new Unknown(['jurisdiction']);

const WHOSE_LAW = new Unknown(['facility.agency', 'jurisdiction']);

/**
 * The day that counts for an age: a hold is an arrest of its own, made when state custody ended or when a warrant was
 * served, whichever came first; who was a minor then is not held because a birthday has passed since.
 */
function arrestedOn({ question, today, stateCustody }: Seen): Day {
  const { timeZone } = question.facility;
  let first: number = question.question.at;
  if (stateCustody?.endsAt !== undefined && stateCustody.endsAt < first) first = stateCustody.endsAt;
  for (const { service } of question.warrants) if (service !== undefined && service.at < first) first = service.at;
  return first === question.question.at ? today : dayAt(first as Instant, timeZone);
}

function isClaimOpen(question: Case): boolean {
  const { claimedAt, resolved } = question.person.citizenship ?? {};
  return hasHappened(question, claimedAt) && resolved === undefined;
}

function ofCustody(fact: (custody: StateCustody, seen: Seen) => Value): Fact<Seen> {
  return (seen) => (seen.stateCustody === undefined ? unknown('custody.bases') : fact(seen.stateCustody, seen));
}

/** @param absent what holds where there is no agreement. */
function ofAgreement(absent: Value, fact: (agreement: Agreement, question: Case) => Value): Fact<Seen> {
  return ({ question }) => (question.agreement === undefined ? absent : fact(question.agreement, question));
}

/** When notice of termination ends it, or ended it. */
function agreementEnd(question: Case, { noticeDays }: LawInForce): Instant {
  const notice = happenedAt(question, question.agreement?.terminationNoticeReceivedAt);
  return notice === NEVER || noticeDays === undefined ? NEVER : addHours(notice, noticeDays * 24);
}

/**
 * Whether the agency has an agreement that binds today: approved, in effect, neither suspended nor ended. False as soon
 * as one of these is known not to hold; else unknown by all that nobody has recorded. What else a rule needs of it (a
 * model, this facility, who approved it), the rule says.
 */
function isAgreementInForce({ question, law, today }: Seen): Value {
  const { agreement } = question;
  if (agreement === undefined) return false;
  const { approvedBy, effectiveOn, suspendedAt } = agreement;
  if (approvedBy?.length === 0 || (effectiveOn !== undefined && effectiveOn > today)) return false;
  if (hasHappened(question, suspendedAt) || agreementEnd(question, law) <= question.question.at) return false;
  if (effectiveOn === undefined)
    return approvedBy === undefined ? NEITHER_APPROVAL_NOR_DAY : unknown('agreement.effectiveOn');
  return approvedBy === undefined ? unknown('agreement.approvedBy') : true;
}

const NEITHER_APPROVAL_NOR_DAY = new Unknown(['agreement.approvedBy', 'agreement.effectiveOn']);

/** @param absent what holds where no officer is described. */
function ofOfficer(absent: Value, fact: (officer: Officer, question: Case) => Value): Fact<Seen> {
  return ({ question }) => (question.officer === undefined ? absent : fact(question.officer, question));
}

/** Whole percent: Cedar knows no fractions, and 69.9 is not 70. */
function score({ examScores }: Officer, sitting: number): Value {
  if (examScores === undefined) return unknown('officer.examScores');
  const percent = examScores[sitting];
  return percent === undefined ? NOT_SAT : Math.floor(percent);
}
