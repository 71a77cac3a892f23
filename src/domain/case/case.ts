import type { Day, Instant } from '../time/instant.ts';

/**
 * One case: the question and all that was recorded for it, parsed and trusted. The shape is the case contract's
 * (`docs/contract.md`). An absent optional fact is of one of two kinds, and the two must not be confused:
 * a *state* that is absent is unknown; a *happening* that is absent has not happened.
 */
export interface Case {
  readonly question: Question;
  /** `us/fl/monroe-county`: the rule packs are those of every prefix. */
  readonly jurisdiction: string;
  readonly facility: Facility;
  readonly person: Person;
  readonly custody?: Custody | undefined;
  readonly convictions: readonly Conviction[];
  readonly detainers: readonly Detainer[];
  readonly warrants: readonly Warrant[];
  readonly orders: readonly Order[];
  readonly agreement?: Agreement | undefined;
  readonly officer?: Officer | undefined;
  readonly housing?: Housing | undefined;
  /**
   * The whole record (custody and detainers) lies later than `question.at`: somebody tries this booking on another day.
   * The order of record and act then means nothing and is not tested, and the answer says so (docs/adr/0007).
   */
  readonly triedOnAnotherDay: boolean;
  /** SHA-256 of the canonical document (RFC 8785), in hexadecimal. */
  readonly sha256: string;
}

export const ACTS = ['hold', 'serve-warrant', 'notify', 'transfer', 'interview', 'sign-agreement', 'house'] as const;
/** Whether an act is done to one person; the others are the agency's, and rest on no person's papers. */
export function concernsPerson(act: Act): boolean {
  return act !== 'sign-agreement' && act !== 'house';
}

export type Act = (typeof ACTS)[number];

export interface Question {
  readonly act: Act;
  /** The moment of the act; every authority is tested as of then. */
  readonly at: Instant;
  readonly completesAt?: Instant | undefined;
  readonly warrant?: string | undefined;
}

export interface Facility {
  readonly id: string;
  readonly agency: string;
  readonly kind: 'jail' | 'hospital' | 'courthouse' | 'other';
  readonly timeZone: string;
}

export interface Person {
  readonly bornOn?: Day | undefined;
  readonly identity?: 'matched' | 'mismatched' | undefined;
  readonly citizenship?: Citizenship | undefined;
  readonly lawfulStatusProof: boolean;
  readonly victimOrWitness: boolean;
}

export interface Citizenship {
  readonly claimedAt?: Instant | undefined;
  readonly evidence?: 'none' | 'probative' | undefined;
  readonly resolved?: 'citizen' | 'not-a-citizen' | undefined;
}

export interface Custody {
  readonly bases: readonly CustodyBasis[];
  readonly releasedAt?: Instant | undefined;
  readonly handedOverAt?: Instant | undefined;
}

export interface CustodyBasis {
  readonly kind: 'charge' | 'sentence' | 'court-order' | 'criminal-warrant';
  readonly since: Instant;
  readonly endedAt?: Instant | undefined;
  readonly endedBy?: string | undefined;
}

export interface Conviction {
  readonly class: string;
  readonly convictedOn: Day;
}

export interface Detainer {
  readonly id: string;
  readonly form: string;
  readonly issuedOn?: Day | undefined;
  readonly receivedAt: Instant;
  readonly addressedTo?: string | undefined;
  readonly relayedTo: readonly string[];
  readonly signed?: boolean | undefined;
  readonly probableCause?: readonly string[] | undefined;
  readonly transferredByDhs: boolean;
  /** Ids of the warrants that came with it; undefined: nobody has looked. */
  readonly warrants?: readonly string[] | undefined;
  readonly servedOnPersonAt?: Instant | undefined;
  readonly cancelledAt?: Instant | undefined;
}

export interface Warrant {
  readonly id: string;
  readonly form: 'I-200' | 'I-205' | 'judicial';
  readonly issuedOn?: Day | undefined;
  readonly signed?: boolean | undefined;
  readonly issuerTitle?: string | undefined;
  readonly basis?: readonly string[] | undefined;
  readonly namesPerson?: boolean | undefined;
  readonly received?: 'document' | 'ncic-hit' | undefined;
  readonly service?: Service | undefined;
}

export interface Service {
  readonly at: Instant;
  readonly by: string;
  readonly facility: string;
  readonly languageRead?: string | undefined;
  readonly interpreter?: string | undefined;
}

export interface Order {
  readonly kind: 'release' | 'hold';
  readonly by: 'judge' | 'magistrate' | 'judicial-official';
  readonly at: Instant;
}

export interface Agreement {
  readonly model: 'WSO' | 'JEM' | 'TFM';
  readonly effectiveOn?: Day | undefined;
  readonly approvedBy?: readonly string[] | undefined;
  readonly facilities?: readonly string[] | undefined;
  readonly terminationNoticeReceivedAt?: Instant | undefined;
  readonly suspendedAt?: Instant | undefined;
}

export interface Officer {
  readonly id: string;
  readonly agency?: string | undefined;
  readonly facility?: string | undefined;
  readonly usCitizen?: boolean | undefined;
  readonly backgroundInvestigation?: 'pending' | 'cleared' | 'failed' | undefined;
  readonly examScores?: readonly number[] | undefined;
  readonly certifiedOn?: Day | undefined;
  readonly authorizationLetterOn?: Day | undefined;
  readonly form70006On?: Day | undefined;
  readonly credentialCarried?: boolean | undefined;
  readonly credentialExpiresOn?: Day | undefined;
  readonly withdrawnAt?: Instant | undefined;
  readonly iceSupervisor?: string | undefined;
}

export interface Housing {
  readonly igsaCoversBed: boolean;
  readonly i203At?: Instant | undefined;
}
