import type { Agreement, Case, Officer } from '../case/case.ts';
import { isOver } from '../clock/clock.ts';
import type { StateCustody } from '../clock/state-custody.ts';
import type { Value } from '../law/evaluate.ts';
import { DAY, NEVER, yearsBetween, type Day } from '../time/instant.ts';
import { dayAt } from '../time/zone.ts';
import { convictionClasses } from './convictions.ts';
import { dated, happened, known, unknown, type Fact, type FactsFrom, type Seen } from './seen.ts';

/** Percent of an exam that was not sat. */
const NOT_SAT = -1;

/** What the record says whatever the act and whichever paper is looked at. */
export const RECORD_FACTS: FactsFrom<Seen> = {
  at: ({ question }) => question.question.at,
  today: ({ today }) => today * DAY,
  completesAt: ({ question: { question } }) => question.completesAt ?? question.at,
  stateLawRead: ({ law }) => (law.stateLawRead ? true : unknown('jurisdiction')),
  counsel: ({ law }) => law.counsel,
  facilityKind: ({ question }) => question.facility.kind,
  convictions: convictionClasses,

  'person.age': ({ question, today }) => {
    const { bornOn } = question.person;
    return bornOn === undefined ? unknown('person.bornOn') : yearsBetween(bornOn, firstServiceOn(question, today));
  },
  'person.identity': ({ question }) => known(question.person.identity, 'person.identity'),
  'person.citizenshipEvidence': ({ question }) => question.person.citizenship?.evidence ?? 'none',
  'person.citizenshipResolved': ({ question }) => question.person.citizenship?.resolved ?? 'open',
  // A claim is settled by a person's finding and by nothing else.
  'person.citizenshipSettled': ({ question }) =>
    isClaimOpen(question) ? unknown('person.citizenship.resolved') : true,
  'person.lawfulStatusProof': ({ question }) => question.person.lawfulStatusProof,
  'person.victimOrWitness': ({ question }) => question.person.victimOrWitness,

  'custody.begun': ofCustody(({ begun }) => begun),
  // No basis at all: nothing of the state's holds the person either.
  'custody.ended': ofCustody(({ runs }) => !runs),
  'custody.endedAt': ofCustody(({ endsAt }) => endsAt ?? NEVER),
  'custody.over': ({ question }) => isOver(question.custody, question.question.at),

  'agreement.present': ({ question }) => question.agreement !== undefined,
  'agreement.model': ofAgreement('none', ({ model }) => model),
  'agreement.effectiveOn': ofAgreement(NEVER, ({ effectiveOn }) => dated(effectiveOn, 'agreement.effectiveOn')),
  'agreement.approvedBy': ofAgreement([], ({ approvedBy }) => known(approvedBy, 'agreement.approvedBy')),
  'agreement.listsFacility': ofAgreement(false, ({ facilities }, { facility }) =>
    known(facilities?.includes(facility.id), 'agreement.facilities'),
  ),
  'agreement.terminationNoticeReceivedAt': ofAgreement(NEVER, (each) => happened(each.terminationNoticeReceivedAt)),
  'agreement.suspendedAt': ofAgreement(NEVER, ({ suspendedAt }) => happened(suspendedAt)),

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
  'officer.withdrawnAt': ofOfficer(NEVER, ({ withdrawnAt }) => happened(withdrawnAt)),
  'officer.iceSupervised': ofOfficer(false, ({ iceSupervisor }) =>
    iceSupervisor === undefined ? unknown('officer.iceSupervisor') : true,
  ),

  'housing.igsaCoversBed': ({ question }) => question.housing?.igsaCoversBed ?? false,
  'housing.i203At': ({ question }) => happened(question.housing?.i203At),
};

/** A hold rests on the arrest that service made, so the age on that day counts; without one, today's. */
function firstServiceOn({ warrants, question, facility }: Case, today: Day): Day {
  let first = today;
  for (const { service } of warrants) {
    if (service === undefined || service.at > question.at) continue;
    first = Math.min(first, dayAt(service.at, facility.timeZone)) as Day;
  }
  return first;
}

function isClaimOpen({ person, question }: Case): boolean {
  const { claimedAt, resolved } = person.citizenship ?? {};
  return claimedAt !== undefined && claimedAt <= question.at && resolved === undefined;
}

function ofCustody(fact: (custody: StateCustody) => Value): Fact<Seen> {
  return ({ stateCustody }) => (stateCustody === undefined ? unknown('custody.bases') : fact(stateCustody));
}

/** @param absent what holds where there is no agreement. */
function ofAgreement(absent: Value, fact: (agreement: Agreement, question: Case) => Value): Fact<Seen> {
  return ({ question }) => (question.agreement === undefined ? absent : fact(question.agreement, question));
}

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
