import type { Case } from '../../domain/case/case.ts';
import { deciderFor, type Decider } from '../../domain/decision/decide.ts';
import { ok, type Result } from '../../domain/failure.ts';
import { PIERCE_ZONE } from '../../domain/replay/pierce-holds.ts';
import type { BookingTimes } from '../../domain/replay/booking.ts';
import { HOUR, type Day } from '../../domain/time/instant.ts';
import { dayAt } from '../../domain/time/zone.ts';
import type { RulePacks } from '../ports.ts';

/** A body of law under which the same booking is asked about. */
export interface Regime {
  readonly name: string;
  readonly jurisdiction: string;
  /** Which day's law: "its own day", or one day for all. */
  readonly lawOn: string;
  readonly decide: Decider;
  /** Whether an officer under a 287(g) agreement would have served the warrant. */
  readonly served: boolean;
}

export interface RegimeAnswer {
  readonly regime: string;
  /** By what the file shows alone: no paper of ICE is in it. */
  readonly onTheDataAlone: string;
  /** The most that the regime could have allowed, assuming that all papers were in order. */
  readonly atMost: string;
  readonly atMostUntil: string | null;
  /** Hours from that most to release; 0 where the person left before. */
  readonly hoursPast: number;
}

export function regimesOf(packs: Pick<RulePacks, 'packsFor'>, today: Day, todayWritten: string): Result<Regime[]> {
  const wanted = [
    { name: 'Washington, law of the booking’s own day', jurisdiction: 'us/wa/pierce-county', own: true, served: false },
    { name: 'Washington, law of today', jurisdiction: 'us/wa/pierce-county', own: false, served: false },
    { name: 'a mandate like Florida’s, law of today', jurisdiction: 'us/fl/made-up-county', own: false, served: false },
    { name: 'federal WSO agreement, warrant served, law of today', jurisdiction: 'us', own: false, served: true },
  ];
  const regimes: Regime[] = [];
  for (const { name, jurisdiction, own, served } of wanted) {
    const loaded = packs.packsFor(jurisdiction);
    if (!loaded.ok) return loaded;
    const decide = deciderFor(loaded.value, jurisdiction, own ? undefined : today);
    regimes.push({ name, jurisdiction, lawOn: own ? 'its own day' : todayWritten, decide, served });
  }
  return ok(regimes);
}

export function answerUnder(regime: Regime, times: BookingTimes): RegimeAnswer {
  const alone = regime.decide(caseOf(regime, times, false));
  const most = regime.decide(caseOf(regime, times, true));
  const until = most.outcome === 'permitted' ? most.clock.deadline : undefined;
  const end = until === undefined ? times.endedAt : Temporal.Instant.from(until).epochMilliseconds;
  return {
    regime: regime.name,
    onTheDataAlone: alone.outcome,
    atMost: most.outcome,
    atMostUntil: until ?? null,
    hoursPast: Math.round((Math.max(0, times.releasedAt - end) / HOUR) * 100) / 100,
  };
}

/** The booking as a case, asked at the end of state custody: with no paper recorded, or with every paper in order. */
function caseOf({ jurisdiction, served }: Regime, { bookedAt, endedAt }: BookingTimes, inOrder: boolean): Case {
  const agency = `${jurisdiction}/jail`;
  const at = endedAt;
  const day = dayAt(bookedAt, PIERCE_ZONE);
  const long = (day - 365) as Day;
  return {
    question: { act: 'hold', at },
    jurisdiction,
    facility: { id: 'jail', agency, kind: 'jail', timeZone: PIERCE_ZONE },
    person: {
      ...(inOrder ? { identity: 'matched', bornOn: 0 as Day } : {}),
      lawfulStatusProof: false,
      victimOrWitness: false,
    },
    custody: { bases: [{ kind: 'charge', since: bookedAt, endedAt }] },
    convictions: [],
    orders: [],
    // The file shows that ICE asked, and nothing of how: neither form nor signature nor date.
    detainers: [
      {
        id: 'hold',
        form: 'I-247A',
        receivedAt: bookedAt,
        relayedTo: [],
        transferredByDhs: false,
        ...(inOrder
          ? {
              issuedOn: day,
              addressedTo: agency,
              signed: true,
              probableCause: ['biometric-match'],
              warrants: ['warrant'],
              servedOnPersonAt: bookedAt,
            }
          : { servedOnPersonAt: bookedAt }),
      },
    ],
    warrants: inOrder
      ? [
          {
            id: 'warrant',
            form: 'I-200',
            issuedOn: day,
            signed: true,
            issuerTitle: 'Field Office Director',
            basis: ['biometric-match'],
            namesPerson: true,
            received: 'document',
            ...(served ? { service: { at: at, by: 'officer', facility: 'jail' } } : {}),
          },
        ]
      : [],
    ...(served && inOrder
      ? {
          agreement: {
            model: 'WSO' as const,
            effectiveOn: long,
            approvedBy: ['sheriff', 'governing-body'],
            facilities: ['jail'],
          },
          officer: {
            id: 'officer',
            agency,
            facility: 'jail',
            usCitizen: true,
            backgroundInvestigation: 'cleared' as const,
            examScores: [90],
            certifiedOn: long,
            authorizationLetterOn: long,
            form70006On: long,
            credentialCarried: true,
            iceSupervisor: 'supervisor',
          },
        }
      : {}),
    triedOnAnotherDay: false,
    sha256: '',
  };
}
