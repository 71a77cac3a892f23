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

/** The last instant at which a calendar day is not yet over, and so the first of the next. */
export function endOfDay(instant: Instant, zone: string): Instant {
  return startOfDay((dayAt(instant, zone) + 1) as Day, zone);
}
