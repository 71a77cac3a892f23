import type { Case, Detainer, Warrant } from '../case/case.ts';
import type { Finding } from '../decision/answer.ts';
import type { Decider } from '../decision/decide.ts';
import type { Outcome } from '../decision/judge.ts';
import { instantFrom, isoOfDay, type Day } from '../time/instant.ts';
import { dayAt } from '../time/zone.ts';
import { hoursFrom, type BookingTimes } from './booking.ts';

/** A body of law under which the same booking is asked about. */
export interface Regime {
  readonly name: string;
  readonly jurisdiction: string;
  /** The day whose law is asked; undefined: the day on which the booking's own state custody ended. */
  readonly lawOn: Day | undefined;
  readonly decide: Decider;
  /** The form by which ICE asked for custody on a day, by the rule packs. */
  readonly formOn: (day: Day) => string;
  /** Whether the jail has a WSO agreement, and an officer of it serves the warrant when state custody ends. */
  readonly underAgreement: boolean;
}

export interface RegimeAnswer {
  readonly regime: string;
  readonly lawOn: string;
  /** The answer that holds whatever ICE's papers were: undetermined wherever it turns on a paper that the file lacks. */
  readonly onTheDataAlone: Outcome;
  /** The most that the regime could have allowed, with ICE's administrative papers in order. */
  readonly atMost: Outcome;
  /** Until when, where at most it was permitted. */
  readonly atMostUntil: string | null;
  /** Hours from that most to release: 0 where the person left before; null where that most cannot be told. */
  readonly hoursPast: number | null;
  /** The rule that decides what was allowed at most. */
  readonly because: Finding;
}

/** What "at most" rests on. It is no finding of the file. */
export const ASSUMING =
  'papers in order: an I-247A (or the form by which ICE asked for custody before) with its I-200, signed, dated, addressed here and grounded, served on the person; an adult, the one they name, no claim of citizenship; no judge’s warrant or order';

export function answerUnder(regime: Regime, times: BookingTimes, zone: string): RegimeAnswer {
  const ask = (papers: Papers): ReturnType<Decider> => regime.decide(caseOf(regime, times, zone, papers));
  const most = ask('in-order');
  const others = [ask('none-recorded'), ask('judge')];
  const [because] = most.findings;
  if (because === undefined) throw new Error('an answer has at least one finding');
  return {
    regime: regime.name,
    lawOn: isoOfDay(regime.lawOn ?? dayAt(times.endedAt, zone)),
    onTheDataAlone: others.every(({ outcome }) => outcome === most.outcome) ? most.outcome : 'undetermined',
    atMost: most.outcome,
    atMostUntil: most.outcome === 'permitted' ? (most.clock.deadline ?? null) : null,
    hoursPast: hoursPast(most.outcome, most.clock.deadline, times),
    because,
  };
}

function hoursPast(
  outcome: Outcome,
  deadline: string | undefined,
  { endedAt, releasedAt }: BookingTimes,
): number | null {
  switch (outcome) {
    case 'undetermined':
      return null;
    case 'prohibited':
      return hoursFrom(endedAt, releasedAt);
    case 'permitted': {
      const until = deadline === undefined ? undefined : instantFrom(deadline);
      return until === undefined ? 0 : Math.max(0, hoursFrom(until, releasedAt));
    }
  }
}

/**
 * What ICE may have sent. The file shows that ICE asked, and nothing of how; so a booking is asked about with nothing
 * recorded, with administrative papers in order, and with a judge's warrant, and only what all three agree on is known.
 */
type Papers = 'none-recorded' | 'in-order' | 'judge';

const FACILITY = 'jail';
const OFFICER = 'officer';

/** The booking as a case, asked at the end of state custody. */
function caseOf(regime: Regime, times: BookingTimes, zone: string, papers: Papers): Case {
  const { jurisdiction, underAgreement } = regime;
  const { bookedAt, endedAt } = times;
  const agency = `${jurisdiction}/${FACILITY}`;
  const day = dayAt(bookedAt, zone);
  return {
    question: { act: 'hold', at: endedAt },
    jurisdiction,
    facility: { id: FACILITY, agency, kind: 'jail', timeZone: zone },
    person: {
      ...(papers === 'none-recorded' ? {} : { identity: 'matched', bornOn: (day - ADULT) as Day }),
      lawfulStatusProof: false,
      victimOrWitness: false,
    },
    custody: { bases: [{ kind: 'charge', since: bookedAt, endedAt }] },
    convictions: [],
    orders: [],
    detainers: [detainerOf(times, papers, agency, day, regime.formOn(day))],
    warrants: warrantsOf(times, papers, day, underAgreement),
    ...(underAgreement ? agreementOf(agency, day) : {}),
    triedOnAnotherDay: false,
    // Only an answer that is kept must name its case; these are asked and counted.
    sha256: '',
  };
}

const ADULT = 30 * 366;

function detainerOf(
  { bookedAt, cancelledAt }: BookingTimes,
  papers: Papers,
  agency: string,
  day: Day,
  form: string,
): Detainer {
  return {
    id: 'hold',
    form,
    receivedAt: bookedAt,
    servedOnPersonAt: bookedAt,
    relayedTo: [],
    transferredByDhs: false,
    cancelledAt,
    ...(papers === 'none-recorded'
      ? {}
      : {
          issuedOn: day,
          addressedTo: agency,
          signed: true,
          probableCause: ['biometric-match'],
          warrants: papers === 'in-order' ? ['warrant'] : [],
        }),
  };
}

function warrantsOf({ endedAt }: BookingTimes, papers: Papers, day: Day, served: boolean): Warrant[] {
  const service = served ? { service: { at: endedAt, by: OFFICER, facility: FACILITY } } : {};
  const received = { id: 'warrant', issuedOn: day, signed: true, namesPerson: true, received: 'document' as const };
  switch (papers) {
    case 'none-recorded':
      return [];
    case 'in-order':
      return [
        {
          ...received,
          form: 'I-200',
          issuerTitle: 'Field Office Director',
          basis: ['biometric-match'],
          ...service,
        },
      ];
    case 'judge':
      return [{ ...received, form: 'judicial', issuerTitle: 'United States District Judge', basis: [] }];
  }
}

/** An agreement and an officer without a fault, both a year older than the booking. */
function agreementOf(agency: string, day: Day): Required<Pick<Case, 'agreement' | 'officer'>> {
  const before = (day - 365) as Day;
  return {
    agreement: {
      model: 'WSO',
      effectiveOn: before,
      approvedBy: ['sheriff', 'governing-body', 'state-board'],
      facilities: [FACILITY],
    },
    officer: {
      id: OFFICER,
      agency,
      facility: FACILITY,
      usCitizen: true,
      backgroundInvestigation: 'cleared',
      examScores: [90],
      certifiedOn: before,
      authorizationLetterOn: before,
      form70006On: before,
      credentialCarried: true,
      iceSupervisor: 'supervisor',
    },
  };
}
