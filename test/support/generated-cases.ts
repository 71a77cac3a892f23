import type { Random } from './random.ts';

/**
 * Made-up case documents over all acts, forms, defects and times. A *complete* case records every state that the
 * contract knows; `withHoles` takes some of them away. Most papers are good, so that all rules have their turn.
 */
type Json = Record<string, unknown>;

const HOUR = 3_600_000;
const ACTS = ['hold', 'serve-warrant', 'notify', 'transfer', 'interview', 'sign-agreement', 'house'];
export const ZONES = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
  'America/Anchorage',
  'Pacific/Honolulu',
  'America/Puerto_Rico',
  'Pacific/Guam',
  'America/Indiana/Indianapolis',
];

export function completeCase(random: Random, jurisdictions: readonly string[], classes: readonly string[] = []): Json {
  const jurisdiction = random.pick(jurisdictions);
  const agency = `${jurisdiction}/sheriff`;
  const at = Date.UTC(
    random.between(2017, 2028),
    random.between(0, 11),
    random.between(1, 28),
    random.between(0, 23),
    random.between(0, 59),
  );
  const act = random.pick(ACTS);
  const endedAt = at + random.pick([-60, -49, -48, -47, -12, -1, -1, -1, 0, 3]) * HOUR;
  const warrants = random.chance(0.9) ? [warrant(random, 'w1', at, endedAt)] : [];
  if (random.chance(0.15)) warrants.push(warrant(random, 'w2', at, endedAt));
  const ids = warrants.map((each) => each['id'] as string);
  const detainers = random.chance(0.9) ? [detainer(random, 'd1', at, agency, ids)] : [];
  if (random.chance(0.15)) detainers.push(detainer(random, 'd2', at, agency, ids));
  const someone = person(random, at);
  return {
    question: {
      act,
      at: iso(at),
      ...(act === 'transfer' ? { completesAt: iso(at + random.between(0, 3) * HOUR) } : {}),
      ...(act === 'serve-warrant' && ids[0] !== undefined ? { warrant: ids[0] } : {}),
    },
    jurisdiction,
    facility: {
      id: 'main-jail',
      agency,
      kind: random.chance(0.95) ? 'jail' : 'hospital',
      timeZone: random.pick(ZONES),
    },
    person: someone,
    custody: {
      bases: random.chance(0.97)
        ? [
            { kind: 'charge', since: iso(at - 900 * HOUR), ...(random.chance(0.95) ? { endedAt: iso(endedAt) } : {}) },
            ...(random.chance(0.2)
              ? [{ kind: 'sentence', since: iso(at - 800 * HOUR), endedAt: iso(endedAt - HOUR) }]
              : []),
          ]
        : [],
      ...(random.chance(0.05) ? { handedOverAt: iso(at - HOUR) } : {}),
    },
    convictions:
      random.chance(0.4) && classes.length > 0
        ? [
            {
              class: random.pick(classes),
              convictedOn: later(someone['bornOn'] as string, date(at - random.between(0, 20 * 8760) * HOUR)),
            },
          ]
        : [],
    detainers,
    warrants,
    orders: random.chance(0.2)
      ? [
          {
            kind: random.pick(['hold', 'release']),
            by: random.pick(['judge', 'magistrate', 'judicial-official']),
            at: iso(at - random.between(-1, 3) * HOUR),
          },
        ]
      : [],
    ...(random.chance(0.85) ? { agreement: agreement(random, at) } : {}),
    ...(random.chance(0.85) ? { officer: officer(random, at, agency) } : {}),
    ...(random.chance(0.3)
      ? { housing: { igsaCoversBed: random.chance(0.7), i203At: iso(at - random.between(-1, 2) * HOUR) } }
      : {}),
  };
}

function person(random: Random, at: number): Json {
  return {
    bornOn: date(at - (random.chance(0.93) ? 30 : 16) * 8766 * HOUR),
    identity: random.chance(0.95) ? 'matched' : 'mismatched',
    ...(random.chance(0.12)
      ? {
          citizenship: {
            claimedAt: iso(at - 5 * HOUR),
            evidence: random.pick(['none', 'probative']),
            resolved: random.pick(['citizen', 'not-a-citizen']),
          },
        }
      : {}),
    ...(random.chance(0.1) ? { lawfulStatusProof: true } : {}),
    ...(random.chance(0.1) ? { victimOrWitness: true } : {}),
  };
}

function detainer(random: Random, id: string, at: number, agency: string, warrants: string[]): Json {
  const receivedAt = at - random.between(2, 400) * HOUR;
  return {
    id,
    form: random.pick([
      'I-247A',
      'I-247A',
      'I-247A',
      'I-247A',
      'I-247A',
      'I-247A',
      'I-247G',
      'I-247D',
      'I-247N',
      'I-247',
    ]),
    issuedOn: date(receivedAt - random.pick([24, 48, 48, 480, -72]) * HOUR),
    receivedAt: iso(receivedAt),
    addressedTo: random.chance(0.95) ? agency : 'us/zz/other/sheriff',
    relayedTo: random.chance(0.1) ? [agency] : [],
    signed: random.chance(0.95),
    probableCause: random.chance(0.95) ? ['biometric-match', ...random.some(['final-order', 'statements'])] : [],
    ...(random.chance(0.05) ? { transferredByDhs: true } : {}),
    warrants: random.chance(0.95) ? warrants : [],
    ...(random.chance(0.95) ? { servedOnPersonAt: iso(receivedAt + HOUR) } : {}),
    ...(random.chance(0.05) ? { cancelledAt: iso(at + random.between(-2, 1) * HOUR) } : {}),
  };
}

function warrant(random: Random, id: string, at: number, endedAt: number): Json {
  const form = random.pick(['I-200', 'I-200', 'I-200', 'I-205', 'judicial']);
  return {
    id,
    form,
    issuedOn: date(at - random.pick([48, 480, 480, -48]) * HOUR),
    signed: random.chance(0.95),
    issuerTitle:
      form === 'judicial'
        ? 'United States Magistrate Judge'
        : random.chance(0.95)
          ? 'Field Office Director'
          : 'Deportation Officer',
    basis: random.chance(0.95) ? [form === 'I-205' ? 'final-order' : 'biometric-match'] : [],
    namesPerson: random.chance(0.96),
    received: random.chance(0.95) ? 'document' : 'ncic-hit',
    ...(random.chance(0.6)
      ? {
          service: {
            at: iso(endedAt + random.pick([-1, 0, 0, 0, 1]) * HOUR),
            by: 'o1',
            facility: random.chance(0.96) ? 'main-jail' : 'annex',
            languageRead: 'en',
          },
        }
      : {}),
  };
}

function agreement(random: Random, at: number): Json {
  return {
    model: random.pick(['WSO', 'WSO', 'WSO', 'JEM', 'TFM']),
    effectiveOn: date(at + random.pick([-9000, -9000, -9000, 48]) * HOUR),
    approvedBy: random.some(['sheriff', 'governing-body', 'state-board']),
    facilities: random.chance(0.95) ? ['main-jail'] : [],
    ...(random.chance(0.1) ? { terminationNoticeReceivedAt: iso(at - random.pick([89, 90, 91]) * 24 * HOUR) } : {}),
    ...(random.chance(0.05) ? { suspendedAt: iso(at + random.between(-2, 2) * HOUR) } : {}),
  };
}

function officer(random: Random, at: number, agency: string): Json {
  const since = (): string => date(at + random.pick([-5000, -5000, -5000, -5000, 48]) * HOUR);
  return {
    id: 'o1',
    agency: random.chance(0.96) ? agency : 'us/zz/other/sheriff',
    facility: random.chance(0.96) ? 'main-jail' : 'annex',
    usCitizen: random.chance(0.97),
    backgroundInvestigation: random.pick(['cleared', 'cleared', 'cleared', 'cleared', 'pending', 'failed']),
    examScores: random.pick([[88], [88], [70], [69, 70], [69.9], [50, 60, 90], []]),
    certifiedOn: since(),
    authorizationLetterOn: since(),
    form70006On: since(),
    credentialCarried: random.chance(0.96),
    ...(random.chance(0.2) ? { credentialExpiresOn: date(at + random.between(-2, 40) * 24 * HOUR) } : {}),
    ...(random.chance(0.05) ? { withdrawnAt: iso(at + random.between(-30, 1) * HOUR) } : {}),
    iceSupervisor: 'supervisor-1',
  };
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function date(milliseconds: number): string {
  return iso(milliseconds).slice(0, 10);
}

/** Of two dates the later: nobody was convicted before birth, and a case that says so is refused. */
function later(one: string, other: string): string {
  return one > other ? one : other;
}

/** Paths of the states that a document records: those whose absence means that nobody knows. */
export function statesOf(document: Json): string[] {
  const paths: string[] = [];
  const under = (prefix: string, value: unknown, names: readonly string[]): void => {
    for (const name of names) if ((value as Json | undefined)?.[name] !== undefined) paths.push(`${prefix}.${name}`);
  };
  under('person', document['person'], ['bornOn', 'identity']);
  for (const index of (document['detainers'] as Json[]).keys()) {
    under(`detainers[${index}]`, (document['detainers'] as Json[])[index], ['issuedOn', 'addressedTo', 'signed']);
  }
  for (const index of (document['warrants'] as Json[]).keys()) {
    under(`warrants[${index}]`, (document['warrants'] as Json[])[index], [
      'issuedOn',
      'signed',
      'issuerTitle',
      'namesPerson',
    ]);
  }
  under('agreement', document['agreement'], ['effectiveOn']);
  under('officer', document['officer'], [
    'usCitizen',
    'backgroundInvestigation',
    'certifiedOn',
    'authorizationLetterOn',
    'form70006On',
    'credentialCarried',
    'iceSupervisor',
  ]);
  return paths;
}

/** Facts that the contract wants always, and that are unknown all the same where they are absent. */
export function otherHoles(document: Json): string[] {
  const paths: string[] = [];
  if ((document['question'] as Json)['completesAt'] !== undefined) paths.push('question.completesAt');
  for (const index of (document['detainers'] as Json[]).keys())
    paths.push(`detainers[${index}].probableCause`, `detainers[${index}].warrants`);
  for (const index of (document['warrants'] as Json[]).keys())
    paths.push(`warrants[${index}].basis`, `warrants[${index}].received`);
  if (document['agreement'] !== undefined) paths.push('agreement.approvedBy', 'agreement.facilities');
  if (document['officer'] !== undefined) paths.push('officer.examScores', 'officer.agency', 'officer.facility');
  return paths;
}
