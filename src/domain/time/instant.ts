/**
 * Instants and calendar days as numbers, so that elapsed hours are plain addition and no zone can slip in between.
 * Zones are used only to find a calendar day (src/domain/time/zone.ts) and to show a time.
 */

/** A point in time: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly __unit: 'instant' };

/** A calendar day without a zone: days since 1970-01-01. Whose day it is, the facility's zone says. */
export type Day = number & { readonly __unit: 'day' };

export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** A happening that has not happened, and a custody that has not ended: later than any instant a case may name. */
export const NEVER = 253_402_300_799_999 as Instant; // 9999-12-31T23:59:59.999Z

/** The year 9999 stands for never; a time written in it is a slip or a placeholder, and no time. */
const LATEST = dayOfDate(9999, 1, 1) * DAY;

// Second 60 is refused: the calendar here has no leap seconds, and reading it as 59 would change what was written.
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/i;
const CALENDAR_DAY = /^\d{4}-\d\d-\d\d$/;

/** ISO 8601 with `Z` or an offset; undefined for anything else, also for a day that no calendar has. */
export function instantFrom(text: string): Instant | undefined {
  if (!INSTANT.test(text)) return undefined;
  try {
    const instant = Temporal.Instant.from(text).epochMilliseconds;
    return instant < LATEST ? (instant as Instant) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `YYYY-MM-DD`; undefined for anything else. */
export function dayFrom(text: string): Day | undefined {
  if (!CALENDAR_DAY.test(text)) return undefined;
  try {
    const day = dayOf(Temporal.PlainDate.from(text));
    return day * DAY < LATEST ? day : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export function dayOf(date: Temporal.PlainDate): Day {
  return dayOfDate(date.year, date.month, date.day);
}

/** The day of an instant in UTC. */
export function dayIn(instant: Instant): Day {
  return Math.floor(instant / DAY) as Day;
}

/** `2026-12-03T14:00:00Z`; milliseconds only where there are any. */
export function isoOf(instant: Instant): string {
  const day = dayIn(instant);
  const time = instant - day * DAY;
  const part = (unit: number, size: number): string => pad(Math.floor(time / unit) % size, 2);
  const milliseconds = time % 1000;
  const fraction = milliseconds === 0 ? '' : `.${pad(milliseconds, 3).replace(/0+$/, '')}`;
  return `${isoOfDay(day)}T${part(HOUR, 24)}:${part(60_000, 60)}:${part(1000, 60)}${fraction}Z`;
}

/** `2026-12-03T14:00:00.000Z`: always three digits of a second, so that texts sort as the instants do. */
export function isoOfMilliseconds(instant: Instant): string {
  const whole = isoOf((Math.floor(instant / 1000) * 1000) as Instant);
  return `${whole.slice(0, -1)}.${pad(instant - Math.floor(instant / 1000) * 1000, 3)}Z`;
}

export function isoOfDay(day: Day): string {
  const { year, month, date } = civilOf(day);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(date, 2)}`;
}

/** A calendar day's parts, `month` and `date` from 1. */
export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly date: number;
}

// The calendar by whole numbers (proleptic Gregorian, years counted from 1 March so that the leap day comes last): a
// decision asks for a dozen dates, and making a Temporal object for each takes longer than all of its rules. The tests
// hold it against Temporal, day by day.
export function civilOf(day: Day): Civil {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const date = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date };
}

export function dayOfDate(year: number, month: number, date: number): Day {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + date - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146_097 + dayOfEra - 719_468) as Day;
}

const TWO_DIGITS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

function pad(number: number, width: number): string {
  const two = width === 2 ? TWO_DIGITS[number] : undefined;
  if (two !== undefined) return two;
  return String(number).padStart(width, '0');
}

export function addHours(instant: Instant, hours: number): Instant {
  return (instant + hours * HOUR) as Instant;
}

/** Sunday 0 … Saturday 6. The epoch was a Thursday. */
export function weekdayOf(day: Day): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** The same date `years` later; 29 February becomes 28 February where the year has none. */
export function addYears(day: Day, years: number): Day {
  const { year, month, date } = civilOf(day);
  const target = year + years;
  return dayOfDate(target, month, month === 2 && date === 29 && !isLeapYear(target) ? 28 : date);
}

/**
 * Completed years between two days: an age in the law's sense, reached at the start of the birthday. Who was born on
 * 29 February comes of age on 1 March in a year that has no 29th: no law that was read says which day counts, and a day
 * more as a minor is the careful choice. (A look-back ends by `addYears`, for the same reason on 28 February.)
 */
export function yearsBetween(from: Day, to: Day): number {
  const born = civilOf(from);
  const { year } = civilOf(to);
  const hasBirthday = born.month !== 2 || born.date !== 29 || isLeapYear(year);
  const birthday = hasBirthday ? dayOfDate(year, born.month, born.date) : dayOfDate(year, 3, 1);
  return birthday <= to ? year - born.year : year - born.year - 1;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
