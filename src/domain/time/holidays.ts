import { civilOf, dayOfDate, weekdayOf, type Day } from './instant.ts';

/** A legal public holiday as a rule pack states it; the days themselves are law and live there. */
export interface Holiday {
  readonly title: string;
  readonly month: number;
  /** A fixed date … */
  readonly day?: number | undefined;
  /** … or the nth weekday of the month (Sunday 0 … Saturday 6), -1 the last. */
  readonly weekday?: number | undefined;
  readonly nth?: number | undefined;
  /** First and, where it ended, first year no longer kept. */
  readonly fromYear: number;
  readonly untilYear?: number | undefined;
  /** Whether a Saturday is kept on the Friday before and a Sunday on the Monday after. */
  readonly observed: boolean;
}

/** Whether a day is a holiday itself or the working day on which one is observed. */
export type IsHoliday = (day: Day) => boolean;

const DAYS_KEPT = 10_000;

/** The days of all holidays, found once a year that is asked for. */
export function holidayCalendar(holidays: readonly Holiday[]): IsHoliday {
  const years = new Map<number, ReadonlySet<Day>>();
  const known = new Map<Day, boolean>();
  return (day) => {
    const found = known.get(day);
    if (found !== undefined) return found;
    const isHoliday = isHolidayIn(day);
    if (known.size >= DAYS_KEPT) known.clear();
    known.set(day, isHoliday);
    return isHoliday;
  };

  function isHolidayIn(day: Day): boolean {
    const { year } = civilOf(day);
    let days = years.get(year);
    if (days === undefined) {
      // New Year's Day on a Saturday is observed in the year before: look at both neighbours.
      days = new Set(
        [year - 1, year, year + 1].flatMap((each) => holidays.flatMap((holiday) => daysOf(holiday, each))),
      );
      years.set(year, days);
    }
    return days.has(day);
  }
}

function daysOf(holiday: Holiday, year: number): Day[] {
  if (year < holiday.fromYear || (holiday.untilYear !== undefined && year >= holiday.untilYear)) return [];
  const day = dateIn(holiday, year);
  if (!holiday.observed) return [day];
  if (weekdayOf(day) === 6) return [day, (day - 1) as Day];
  if (weekdayOf(day) === 0) return [day, (day + 1) as Day];
  return [day];
}

function dateIn(holiday: Holiday, year: number): Day {
  const { month, day, weekday = 0, nth = 1 } = holiday;
  if (day !== undefined) return dayOfDate(year, month, day);
  if (nth > 0) {
    const first = dayOfDate(year, month, 1);
    return (first + ((weekday - weekdayOf(first) + 7) % 7) + (nth - 1) * 7) as Day;
  }
  const last = ((month === 12 ? dayOfDate(year + 1, 1, 1) : dayOfDate(year, month + 1, 1)) - 1) as Day;
  return (last - ((weekdayOf(last) - weekday + 7) % 7)) as Day;
}
