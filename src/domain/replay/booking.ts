import { afterCountedHours } from '../clock/excluded-days.ts';
import type { IsHoliday } from '../time/holidays.ts';
import { addHours, HOUR, isoOf, type Instant } from '../time/instant.ts';
import type { LocalReading } from '../time/local.ts';
import { PIERCE_ZONE, type HoldRow } from './pierce-holds.ts';

/** What the rows of one booking show, and what they cannot. */
export interface ReplayedBooking {
  readonly caseId: string;
  readonly stateCustodyEndedAt: string | null;
  readonly releasedAt: string | null;
  /** Elapsed hours from the end of state custody to release, to two decimals. */
  readonly hoursBetween: number | null;
  readonly over48Continuous: boolean | null;
  readonly over48ExcludingDays: boolean | null;
  readonly notComputable?: { readonly code: NotComputable; readonly why: string };
  readonly notes: readonly string[];
}

export type NotComputable =
  | 'no-state-custody'
  | 'charge-without-release'
  | 'release-times-differ'
  | 'time-does-not-exist'
  | 'custody-ends-after-release';

/** The instants that a computable booking rests on. */
export interface BookingTimes {
  readonly bookedAt: Instant;
  readonly endedAt: Instant;
  readonly releasedAt: Instant;
}

const WORKING_DAYS = ['saturday', 'sunday', 'federal-holiday'] as const;

/** One booking from its rows, in the order of the file. Exactly 48 hours are not over 48 hours. */
export function replayBooking(
  rows: readonly HoldRow[],
  isHoliday: IsHoliday,
): { readonly booking: ReplayedBooking; readonly times?: BookingTimes } {
  const caseId = rows[0]?.caseId ?? '';
  const notes: string[] = [];
  const times = timesOf(rows, notes);
  if ('code' in times) {
    const { code, why, endedAt, releasedAt } = times;
    return {
      booking: {
        caseId,
        stateCustodyEndedAt: endedAt === undefined ? null : isoOf(endedAt),
        releasedAt: releasedAt === undefined ? null : isoOf(releasedAt),
        hoursBetween: null,
        over48Continuous: null,
        over48ExcludingDays: null,
        notComputable: { code, why },
        notes,
      },
    };
  }
  const { endedAt, releasedAt } = times;
  if (rows.some((row) => !row.isIceHold && row.chargeReleasedWritten === row.releasedWritten)) {
    notes.push(
      'a charge bears the very time of release: it may have been written by rote, so hours before it would not show',
    );
  }
  return {
    times,
    booking: {
      caseId,
      stateCustodyEndedAt: isoOf(endedAt),
      releasedAt: isoOf(releasedAt),
      hoursBetween: Math.round(((releasedAt - endedAt) / HOUR) * 100) / 100,
      over48Continuous: releasedAt > addHours(endedAt, 48),
      over48ExcludingDays: releasedAt > afterCountedHours(endedAt, 48, PIERCE_ZONE, WORKING_DAYS, isHoliday),
      notes,
    },
  };
}

interface Unusable {
  readonly code: NotComputable;
  readonly why: string;
  readonly endedAt?: Instant | undefined;
  readonly releasedAt?: Instant | undefined;
}

function timesOf(rows: readonly HoldRow[], notes: string[]): BookingTimes | Unusable {
  const [first] = rows;
  const own = rows.filter((row) => !row.isIceHold);
  if (first === undefined) throw new Error('a booking has at least one row');
  if (new Set(rows.map((row) => row.releasedWritten)).size > 1) {
    return { code: 'release-times-differ', why: 'its rows name different times of release' };
  }
  // Where a time can be read twice, the reading with fewer hours between is taken: nothing is counted that may not be so.
  const releasedAt = instantOf(first.released, 'earlier', notes, 'release');
  const bookedAt = instantOf(first.booked, 'earlier', [], 'booking');
  if (own.length === 0) {
    return {
      code: 'no-state-custody',
      why: 'it shows no charge or hold but ICE’s, so nothing says when state custody ended',
      releasedAt,
    };
  }
  if (own.some((row) => row.chargeReleased === undefined)) {
    return { code: 'charge-without-release', why: 'one of its charges bears no time of release', releasedAt };
  }
  const ends = own.map((row) => instantOf(row.chargeReleased, 'later', notes, 'the end of a charge'));
  if (releasedAt === undefined || bookedAt === undefined || ends.includes(undefined)) {
    return {
      code: 'time-does-not-exist',
      why: 'one of its times lies in the hour that the clocks leave out in spring',
    };
  }
  const endedAt = ends.reduce<Instant>(
    (latest, each) => (each !== undefined && each > latest ? each : latest),
    -Infinity as Instant,
  );
  if (endedAt > releasedAt) {
    return {
      code: 'custody-ends-after-release',
      why: 'a charge is recorded as ended only after the person had left, so the true end of state custody is not shown',
      endedAt,
      releasedAt,
    };
  }
  return { bookedAt, endedAt, releasedAt };
}

function instantOf(
  reading: LocalReading | undefined,
  prefer: 'earlier' | 'later',
  notes: string[],
  what: string,
): Instant | undefined {
  switch (reading?.kind) {
    case 'one':
      return reading.instant;
    case 'two':
      notes.push(`${what} lies in the hour that the clocks repeat in autumn; the reading with fewer hours was taken`);
      return reading[prefer];
    case 'none':
    case 'malformed':
    case undefined:
      return undefined;
  }
}
