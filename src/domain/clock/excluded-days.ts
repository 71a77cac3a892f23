import { HOUR, weekdayOf, type Day, type Instant } from '../time/instant.ts';
import type { IsHoliday } from '../time/holidays.ts';
import { dayAt, startOfDay } from '../time/zone.ts';

export type ExcludedDay = 'saturday' | 'sunday' | 'federal-holiday';

/**
 * The instant at which `hours` elapsed hours have passed since `start`, counting only time that does not fall on an
 * excluded calendar day of the facility. Hours are elapsed ones: the night the clocks change is as long as it is.
 */
export function afterCountedHours(
  start: Instant,
  hours: number,
  zone: string,
  excludes: readonly ExcludedDay[],
  isHoliday: IsHoliday,
): Instant {
  let left = hours * HOUR;
  let day = dayAt(start, zone);
  let from = start as number;
  for (;;) {
    const end = startOfDay((day + 1) as Day, zone);
    if (!isExcluded(day, excludes, isHoliday)) {
      if (from + left < end) return (from + left) as Instant;
      left -= end - from;
      // Time that ends with the last counted day ends there, not after the excluded days that follow.
      if (left === 0) return end;
    }
    from = end;
    day = (day + 1) as Day;
  }
}

function isExcluded(day: Day, excludes: readonly ExcludedDay[], isHoliday: IsHoliday): boolean {
  const weekday = weekdayOf(day);
  if (weekday === 6 && excludes.includes('saturday')) return true;
  if (weekday === 0 && excludes.includes('sunday')) return true;
  return excludes.includes('federal-holiday') && isHoliday(day);
}

const MINUTES_A_DAY = 1440;

/**
 * A time of the calendar day on which `instant` falls, in minutes since it began; without one the day's end, which is
 * the first instant of the next. Counted back from that end, since clocks change early in the day.
 */
export function timeOfDay(instant: Instant, zone: string, minute = MINUTES_A_DAY): Instant {
  const end = startOfDay((dayAt(instant, zone) + 1) as Day, zone);
  return (end - (MINUTES_A_DAY - minute) * 60_000) as Instant;
}
