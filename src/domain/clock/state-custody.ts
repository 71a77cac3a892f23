import type { Case, CustodyBasis } from '../case/case.ts';
import { HOUR, NEVER, type Instant } from '../time/instant.ts';

/** The state's own custody as it stands at the moment of the act. */
export interface StateCustody {
  /** The state has or had grounds of its own by then. */
  readonly begun: boolean;
  /** One of them holds the person now. */
  readonly runs: boolean;
  /**
   * When the person would otherwise be released: here the clock starts. Undefined while no end is known. Where an order
   * and the record contradict each other, the earlier end: no limit may count from later than the true one.
   */
  readonly endsAt?: Instant | undefined;
  /** The path of an end that was recorded as having come, and not when: then nobody can say whether custody runs. */
  readonly doubt?: string | undefined;
}

/** Whether nobody can say when it ends: its end came and bears no hour, or custody was not recorded at all. */
export function isEndInDoubt(stateCustody: StateCustody | undefined): boolean {
  return stateCustody === undefined || stateCustody.doubt !== undefined;
}

const NONE: StateCustody = { begun: false, runs: false };

/**
 * A basis that has not begun holds nobody yet. Those that have form one custody as long as each begins before the
 * others have ended, or within out-processing after it; past that the person had to be released, the clock of the hold
 * started, and a basis found later never starts it anew (docs/adr/0005). Undefined: nobody has recorded custody.
 * @param outProcessing hours that an ordinary release takes, by the packs.
 */
export function stateCustodyOf(question: Case, outProcessing: number): StateCustody | undefined {
  const { custody, triedOnAnotherDay } = question;
  if (custody === undefined) return undefined;
  const begun = begunBases(question, custody.bases);
  if (begun.length === 0) return NONE;
  const ends = triedOnAnotherDay ? latestEnd(begun) : endOfChain(begun, outProcessing * HOUR);
  const endsAt = ends === NEVER ? undefined : ends;
  const contradicted = begun.find((basis) => orderAgainst(basis, question, outProcessing * HOUR) !== undefined);
  if (contradicted !== undefined) {
    const doubt = endedAtOf(contradicted, custody.bases);
    // Where the later of the two has come as well, the state holds nobody whichever is right.
    const runs = begun.some((basis) => endOf(basis) > question.question.at);
    return { begun: true, runs, endsAt: endIfOrdered(begun, question, outProcessing * HOUR), doubt };
  }
  let doubted: CustodyBasis | undefined;
  let isSure = false;
  for (const basis of begun) {
    if (endOf(basis) <= question.question.at) continue;
    if (isEndDoubted(basis, question)) doubted ??= basis;
    else isSure = true;
  }
  if (isSure || doubted === undefined) return { begun: true, runs: isSure, endsAt };
  return { begun: true, runs: true, endsAt, doubt: endedAtOf(doubted, custody.bases) };
}

function endedAtOf(basis: CustodyBasis, bases: readonly CustodyBasis[]): string {
  return `custody.bases[${bases.indexOf(basis)}].endedAt`;
}

/** Of a booking tried on another day the order of times means nothing (docs/adr/0007): all its bases count. */
function begunBases({ triedOnAnotherDay, question }: Case, bases: readonly CustodyBasis[]): readonly CustodyBasis[] {
  if (triedOnAnotherDay) return bases;
  for (const { since } of bases) if (since > question.at) return bases.filter((basis) => basis.since <= question.at);
  return bases;
}

function endOfChain(bases: readonly CustodyBasis[], outProcessing: number): Instant {
  const inOrder = bases.length === 1 ? bases : [...bases].sort((one, other) => one.since - other.since);
  let until: Instant | undefined;
  for (const basis of inOrder) {
    if (until !== undefined && basis.since > until + outProcessing) return until;
    const end = endOf(basis);
    if (until === undefined || end > until) until = end;
  }
  return until ?? NEVER;
}

function latestEnd(bases: readonly CustodyBasis[]): Instant {
  return bases.reduce((latest, basis) => Math.max(latest, endOf(basis)), -Infinity) as Instant;
}

/** How it ended is recorded, or a court has ordered release since and no basis ended by that order; and no hour is. */
function isEndDoubted(basis: CustodyBasis, { orders, custody, question }: Case): boolean {
  if (basis.endedAt !== undefined) return false;
  if (basis.endedBy !== undefined) return true;
  return orders.some(
    ({ kind, at }) =>
      kind === 'release' &&
      at >= basis.since &&
      at <= question.at &&
      !custody?.bases.some(({ endedAt }) => endedAt !== undefined && endedAt >= at),
  );
}

/** When custody would have ended if the orders of release are right, and the ends that are recorded are not. */
function endIfOrdered(begun: readonly CustodyBasis[], question: Case, outProcessing: number): Instant | undefined {
  const asOrdered = begun.map((basis) => ({
    ...basis,
    endedAt: orderAgainst(basis, question, outProcessing) ?? basis.endedAt,
  }));
  const end = endOfChain(asOrdered, outProcessing);
  return end === NEVER ? undefined : end;
}

/**
 * A court ordered release long before the end that is recorded, and no basis ended by that order: which of the two is
 * right, a person must say. Were the record believed, the clock would start days late.
 * @returns when the first such order was made.
 */
function orderAgainst({ since, endedAt }: CustodyBasis, question: Case, outProcessing: number): Instant | undefined {
  const { orders, custody, triedOnAnotherDay } = question;
  if (endedAt === undefined || orders.length === 0 || triedOnAnotherDay) return undefined;
  const isEndedBy = (ordered: Instant): boolean =>
    custody?.bases.some((each) => {
      return each.endedAt !== undefined && each.endedAt >= ordered && each.endedAt <= ordered + outProcessing;
    }) ?? false;
  let first: Instant | undefined;
  for (const { kind, at } of orders) {
    if (kind !== 'release' || at > question.question.at || at < since || at + outProcessing >= endedAt) continue;
    if ((first === undefined || at < first) && !isEndedBy(at)) first = at;
  }
  return first;
}

function endOf({ endedAt }: CustodyBasis): Instant {
  return endedAt ?? NEVER;
}
