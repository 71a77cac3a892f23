import { afterCountedHours } from '../clock/excluded-days.ts';
import type { IsHoliday } from '../time/holidays.ts';
import { addHours, HOUR, isoOf, type Instant } from '../time/instant.ts';
import { instantsOf } from '../time/local.ts';
import { doubtsOf, isCancelled, type Doubt } from './doubts.ts';
import type { HoldRow, WrittenTime } from './layout.ts';

/** What the rows of one booking show, and what they cannot. */
export interface ReplayedBooking {
  readonly caseId: string;
  readonly stateCustodyEndedAt: string | null;
  readonly releasedAt: string | null;
  /** Elapsed hours from the end of state custody to release, to two decimals. */
  readonly hoursBetween: number | null;
  readonly over48Continuous: boolean | null;
  readonly over48ExcludingDays: boolean | null;
  readonly notComputable?: NotComputable;
  /** What the file cannot show of this booking, though it computes. */
  readonly doubts: readonly Doubt[];
}

export interface NotComputable {
  readonly code: NotComputableCode;
  readonly why: string;
}

export type NotComputableCode = keyof typeof WHY;

const WHY = {
  'no-state-custody': 'it shows no charge or hold but ICE’s, so nothing says when state custody ended',
  'no-ice-hold': 'none of its rows is ICE’s hold, so no hour of it was spent for ICE',
  'booking-times-differ': 'its rows name different times of booking',
  'release-times-differ': 'its rows name different times of release',
  'charge-without-release': 'a charge or hold that is not ICE’s bears no time of release, so state custody has no end',
  'time-does-not-exist': 'one of its times lies in the hour that the clocks leave out in spring',
  'custody-ends-after-release':
    'a charge is recorded as ended only after the person had left, so the true end of state custody is not shown',
  'custody-ends-before-booking': 'all its charges are recorded as ended before the person was booked',
} as const;

/** The instants that a computable booking rests on. */
export interface BookingTimes {
  readonly bookedAt: Instant;
  /** When the last charge or hold that is not ICE's ended: from then on nothing but ICE's hold is recorded. */
  readonly endedAt: Instant;
  readonly releasedAt: Instant;
  /** When ICE's hold ended, where the file says that it was cancelled. */
  readonly cancelledAt: Instant | undefined;
}

const EXCLUDED = ['saturday', 'sunday', 'federal-holiday'] as const;

/** One booking from its rows, in the order of the file. Exactly 48 hours are not over 48 hours. */
export function replayBooking(
  rows: readonly HoldRow[],
  zone: string,
  isHoliday: IsHoliday,
): { readonly booking: ReplayedBooking; readonly times: BookingTimes | undefined } {
  const caseId = rows[0]?.caseId ?? '';
  const doubts = doubtsOf(rows);
  const times = timesOf(rows);
  if ('code' in times) {
    const booking = {
      caseId,
      stateCustodyEndedAt: isoOrNull(times.endedAt),
      releasedAt: isoOrNull(times.releasedAt),
      hoursBetween: null,
      over48Continuous: null,
      over48ExcludingDays: null,
      notComputable: { code: times.code, why: WHY[times.code] },
      doubts,
    };
    return { booking, times: undefined };
  }
  const { endedAt, releasedAt } = times;
  const booking = {
    caseId,
    stateCustodyEndedAt: isoOf(endedAt),
    releasedAt: isoOf(releasedAt),
    hoursBetween: hoursFrom(endedAt, releasedAt),
    over48Continuous: releasedAt > addHours(endedAt, 48),
    over48ExcludingDays: releasedAt > afterCountedHours(endedAt, 48, zone, EXCLUDED, isHoliday),
    doubts,
  };
  return { booking, times };
}

/** Elapsed hours, to two decimals. */
export function hoursFrom(start: Instant, end: Instant): number {
  return Math.round(((end - start) / HOUR) * 100) / 100;
}

function isoOrNull(instant: Instant | undefined): string | null {
  return instant === undefined ? null : isoOf(instant);
}

/** Why there are no hours, with what instants can be told all the same. */
interface Unusable {
  readonly code: NotComputableCode;
  readonly endedAt?: Instant | undefined;
  readonly releasedAt?: Instant | undefined;
}

function timesOf(rows: readonly HoldRow[]): BookingTimes | Unusable {
  const [first] = rows;
  if (first === undefined) throw new Error('a booking has at least one row');
  const own = rows.filter((row) => !row.isIceHold);
  const releases = instantsOf(first.released.reading);
  const [bookedAt] = instantsOf(first.booked.reading);
  const [releasedAt] = releases;
  if (rows.some(({ booked }) => booked.text !== first.booked.text)) return { code: 'booking-times-differ', releasedAt };
  if (rows.some(({ released }) => released.text !== first.released.text)) return { code: 'release-times-differ' };
  if (own.length === 0) return { code: 'no-state-custody', releasedAt };
  if (own.length === rows.length) return { code: 'no-ice-hold', releasedAt };
  const ends = own.flatMap(({ ended }) => (ended === undefined ? [] : [ended]));
  if (ends.length < own.length) return { code: 'charge-without-release', releasedAt };
  if (bookedAt === undefined || releasedAt === undefined || ends.some(({ reading }) => reading.kind === 'none')) {
    return { code: 'time-does-not-exist', releasedAt };
  }
  const closest = closestReading(latestEnds(ends), releases);
  if (closest.endedAt > closest.releasedAt) return { code: 'custody-ends-after-release', ...closest };
  if (closest.endedAt < bookedAt) return { code: 'custody-ends-before-booking', ...closest };
  return { bookedAt, ...closest, cancelledAt: cancelledAt(rows) };
}

/**
 * Every instant that can be the latest end. A time in autumn's repeated hour means two, so the latest charge is not
 * always the one whose wall-clock time reads latest; each of its readings not before all others can come last.
 */
function latestEnds(ends: readonly WrittenTime[]): Instant[] {
  const readings = ends.map(({ reading }) => instantsOf(reading));
  const least = Math.max(...readings.map(([earlier]) => earlier ?? -Infinity));
  return readings.flat().filter((each) => each >= least);
}

/** The reading with the fewest hours between: nothing is counted that may not be so. */
function closestReading(
  ends: readonly Instant[],
  releases: readonly Instant[],
): { readonly endedAt: Instant; readonly releasedAt: Instant } {
  const pairs = ends.flatMap((endedAt) => releases.map((releasedAt) => ({ endedAt, releasedAt })));
  const between = ({ endedAt, releasedAt }: (typeof pairs)[number]): number => releasedAt - endedAt;
  // A reading in which the person left first is taken only where every reading is so.
  const possible = pairs.filter((pair) => between(pair) >= 0);
  return (possible.length > 0 ? possible : pairs).reduce((best, each) =>
    Math.abs(between(each)) < Math.abs(between(best)) ? each : best,
  );
}

function cancelledAt(rows: readonly HoldRow[]): Instant | undefined {
  const holds = rows.filter((row) => row.isIceHold);
  if (!holds.every(isCancelled)) return undefined;
  const ends = holds.flatMap(({ ended }) => (ended === undefined ? [] : instantsOf(ended.reading)));
  return ends.length === 0 ? undefined : (Math.max(...ends) as Instant);
}
