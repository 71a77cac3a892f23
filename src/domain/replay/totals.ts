import type { Finding } from '../decision/answer.ts';
import type { Outcome } from '../decision/judge.ts';
import type { NotComputableCode, ReplayedBooking } from './booking.ts';
import type { DoubtCode } from './doubts.ts';
import type { RegimeAnswer } from './regime.ts';

export interface Replayed extends ReplayedBooking {
  /** One for each regime whose law is there; none where the booking does not compute. */
  readonly regimes: readonly RegimeAnswer[];
}

export interface Totals {
  readonly bookings: number;
  readonly computable: number;
  readonly over48Continuous: number;
  readonly over48ExcludingDays: number;
  readonly notComputable: Readonly<Partial<Record<NotComputableCode, number>>>;
  /** Bookings, computable or not, in which the file leaves something open. */
  readonly doubts: Readonly<Partial<Record<DoubtCode, number>>>;
}

/** What a regime would have said to all computable bookings. */
export interface RegimeTotals {
  readonly onTheDataAlone: Readonly<Record<Outcome, number>>;
  readonly atMost: Readonly<Record<Outcome, number>>;
  /** Bookings in which the person stayed longer than the most that the regime could have allowed. */
  readonly longer: number;
  readonly longestHoursPast: number;
  /** The rules that decided what was allowed at most, and in how many bookings each did. */
  readonly because: readonly (Finding & { readonly bookings: number })[];
}

export interface Tally {
  readonly add: (booking: Replayed) => void;
  readonly totals: () => Totals;
  readonly under: (regime: string) => RegimeTotals;
}

/** Sums over bookings that come one at a time and are not kept. */
export function tally(): Tally {
  const sums = { bookings: 0, computable: 0, over48Continuous: 0, over48ExcludingDays: 0 };
  const notComputable: Partial<Record<NotComputableCode, number>> = {};
  const doubts: Partial<Record<DoubtCode, number>> = {};
  const regimes = new Map<string, RegimeTally>();
  return {
    add: (booking) => {
      sums.bookings += 1;
      if (booking.notComputable === undefined) sums.computable += 1;
      else count(notComputable, booking.notComputable.code);
      if (booking.over48Continuous === true) sums.over48Continuous += 1;
      if (booking.over48ExcludingDays === true) sums.over48ExcludingDays += 1;
      for (const { code } of booking.doubts) count(doubts, code);
      for (const answer of booking.regimes) {
        const regime = regimes.get(answer.regime) ?? regimeTally();
        regimes.set(answer.regime, regime);
        addTo(regime, answer);
      }
    },
    totals: () => ({ ...sums, notComputable, doubts }),
    under: (name) => {
      const { because, ...regime } = regimes.get(name) ?? regimeTally();
      return { ...regime, because: [...because.values()] };
    },
  };
}

interface RegimeTally {
  readonly onTheDataAlone: Record<Outcome, number>;
  readonly atMost: Record<Outcome, number>;
  longer: number;
  longestHoursPast: number;
  readonly because: Map<string, Finding & { bookings: number }>;
}

function regimeTally(): RegimeTally {
  return { onTheDataAlone: none(), atMost: none(), longer: 0, longestHoursPast: 0, because: new Map() };
}

function addTo(regime: RegimeTally, { onTheDataAlone, atMost, hoursPast, because }: RegimeAnswer): void {
  regime.onTheDataAlone[onTheDataAlone] += 1;
  regime.atMost[atMost] += 1;
  if (hoursPast !== null && hoursPast > 0) regime.longer += 1;
  regime.longestHoursPast = Math.max(regime.longestHoursPast, hoursPast ?? 0);
  const rule = regime.because.get(because.rule) ?? { ...because, bookings: 0 };
  rule.bookings += 1;
  regime.because.set(because.rule, rule);
}

function none(): Record<Outcome, number> {
  return { permitted: 0, prohibited: 0, undetermined: 0 };
}

function count<Code extends string>(counts: Partial<Record<Code, number>>, code: Code): void {
  counts[code] = (counts[code] ?? 0) + 1;
}
