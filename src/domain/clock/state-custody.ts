import type { Case, CustodyBasis } from '../case/case.ts';
import { NEVER, type Instant } from '../time/instant.ts';

/** The state's own custody as it stands at the moment of the act. */
export interface StateCustody {
  /** The state has or had grounds of its own by then. */
  readonly begun: boolean;
  /** One of them holds the person now. */
  readonly runs: boolean;
  /** When the person would otherwise be released: here the clock starts. Undefined while no end is known. */
  readonly endsAt?: Instant | undefined;
}

const NONE: StateCustody = { begun: false, runs: false };

/**
 * A basis that has not begun holds nobody yet. Those that have form one custody as long as each begins before the
 * others have ended; where no basis holds the person for a while, the person had to be released, the clock of the hold
 * started, and a basis found later never starts it anew (docs/adr/0005). Undefined: nobody has recorded custody.
 */
export function stateCustodyOf({ custody, question, triedOnAnotherDay }: Case): StateCustody | undefined {
  if (custody === undefined) return undefined;
  const { at } = question;
  // Of a booking tried on another day the order of times means nothing (docs/adr/0007): all its bases count.
  const isBegun = ({ since }: CustodyBasis): boolean => since <= at;
  const begun = triedOnAnotherDay || custody.bases.every(isBegun) ? custody.bases : custody.bases.filter(isBegun);
  if (begun.length === 0) return NONE;
  const ends = triedOnAnotherDay ? latestEnd(begun) : endOfChain(begun);
  return {
    begun: true,
    runs: begun.some((basis) => endOf(basis) > at),
    endsAt: ends === NEVER ? undefined : ends,
  };
}

function endOfChain(bases: readonly CustodyBasis[]): Instant {
  const inOrder = bases.length === 1 ? bases : [...bases].sort((one, other) => one.since - other.since);
  let until: Instant | undefined;
  for (const basis of inOrder) {
    if (until !== undefined && basis.since > until) return until;
    const end = endOf(basis);
    if (until === undefined || end > until) until = end;
  }
  return until ?? NEVER;
}

function latestEnd(bases: readonly CustodyBasis[]): Instant {
  return bases.reduce((latest, basis) => Math.max(latest, endOf(basis)), -Infinity) as Instant;
}

function endOf({ endedAt }: CustodyBasis): Instant {
  return endedAt ?? NEVER;
}
