import { DAY, type Day, type Instant } from './instant.ts';

/** A stretch of time in which a zone keeps one offset from UTC. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

/** What is known of a zone so far. */
interface ZoneTable {
  /** The stretch that was asked for last stands first: questions come in bunches. */
  readonly stretches: Stretch[];
  readonly midnights: Map<Day, Instant>;
}

// Zone rules are constants of the run time, so remembering them changes no answer: it only spares a look-up that
// costs more than the whole decision.
const tables = new Map<string, ZoneTable>();
const MIDNIGHTS_KEPT = 10_000;

// The zone that was asked for last: one decision asks a dozen times for its own.
let last = { zone: '', table: { stretches: [], midnights: new Map() } as ZoneTable };

function tableOf(zone: string): ZoneTable {
  if (zone === last.zone) return last.table;
  let table = tables.get(zone);
  if (table === undefined) {
    table = { stretches: [], midnights: new Map() };
    tables.set(zone, table);
  }
  last = { zone, table };
  return table;
}

export function isTimeZone(name: string): boolean {
  // Only named zones: a bare offset such as "-05:00" keeps no daylight-saving time and so no county's days.
  if (!/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The calendar day it is at `instant` in `zone`. */
export function dayAt(instant: Instant, zone: string): Day {
  return Math.floor((instant + offsetAt(instant, zone)) / DAY) as Day;
}

/** The first instant of a calendar day in a zone: midnight, or what follows where midnight is skipped. */
export function startOfDay(day: Day, zone: string): Instant {
  const { midnights, stretches } = tableOf(zone);
  const [recent] = stretches;
  if (recent !== undefined) {
    // Far from a change of the clocks midnight is plain subtraction; near one, Temporal is asked.
    const midnight = day * DAY - recent.offset;
    if (midnight - DAY > recent.start && midnight + DAY < recent.end) return midnight as Instant;
  }
  const found = midnights.get(day);
  if (found !== undefined) return found;
  const midnight = Temporal.Instant.fromEpochMilliseconds(day * DAY)
    .toZonedDateTimeISO('UTC')
    .toPlainDate()
    .toZonedDateTime(zone).epochMilliseconds as Instant;
  if (midnights.size >= MIDNIGHTS_KEPT) midnights.clear();
  midnights.set(day, midnight);
  return midnight;
}

function offsetAt(instant: Instant, zone: string): number {
  const { stretches } = tableOf(zone);
  for (let index = 0; index < stretches.length; index += 1) {
    const stretch = stretches[index];
    if (stretch === undefined || instant < stretch.start || instant >= stretch.end) continue;
    if (index > 0) {
      stretches[index] = stretches[0] ?? stretch;
      stretches[0] = stretch;
    }
    return stretch.offset;
  }
  const stretch = stretchAt(instant, zone);
  stretches.push(stretch);
  return stretch.offset;
}

function stretchAt(instant: Instant, zone: string): Stretch {
  const here = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  const next = here.getTimeZoneTransition('next');
  // "previous" is strictly before, so ask from one nanosecond later: the instant may itself be the transition.
  const previous = here.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  return {
    start: previous?.epochMilliseconds ?? -Infinity,
    end: next?.epochMilliseconds ?? Infinity,
    offset: here.offsetNanoseconds / 1_000_000,
  };
}
