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

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/i;
const CALENDAR_DAY = /^\d{4}-\d\d-\d\d$/;

/** ISO 8601 with `Z` or an offset; undefined for anything else, also for a day that no calendar has. */
export function instantFrom(text: string): Instant | undefined {
  if (!INSTANT.test(text)) return undefined;
  try {
    return Temporal.Instant.from(text).epochMilliseconds as Instant;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `YYYY-MM-DD`; undefined for anything else. */
export function dayFrom(text: string): Day | undefined {
  if (!CALENDAR_DAY.test(text)) return undefined;
  try {
    return dayOf(Temporal.PlainDate.from(text));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export function dayOf(date: Temporal.PlainDate): Day {
  return (date.toZonedDateTime('UTC').epochMilliseconds / DAY) as Day;
}

export function dateOf(day: Day): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(day * DAY)
    .toZonedDateTimeISO('UTC')
    .toPlainDate();
}

/** `2026-12-03T14:00:00Z`; milliseconds only where there are any. */
export function isoOf(instant: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(instant).toString();
}

export function isoOfDay(day: Day): string {
  return dateOf(day).toString();
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
  return dayOf(dateOf(day).add({ years }));
}

/** Completed years between two days: an age in the law's sense, reached at the start of the birthday. */
export function yearsBetween(from: Day, to: Day): number {
  return dateOf(from).until(dateOf(to), { largestUnit: 'years' }).years;
}
