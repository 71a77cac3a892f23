/**
 * The clock as slowly and plainly as it can be written: walk minute by minute on the facility's wall calendar and count
 * those that do not fall on an excluded day. It judges src/domain/clock/excluded-days.ts and shares no line with it:
 * holidays are written out here by name, and days come from `Temporal.ZonedDateTime`, not from offsets.
 */
export function walkedDeadline(
  start: Temporal.Instant,
  hours: number,
  zone: string,
  excludes: { readonly saturday: boolean; readonly sunday: boolean; readonly holiday: boolean },
): Temporal.Instant {
  let at = start;
  let minutes = 0;
  while (minutes < hours * 60) {
    const day = at.toZonedDateTimeISO(zone).toPlainDate();
    const excluded =
      (excludes.saturday && day.dayOfWeek === 6) ||
      (excludes.sunday && day.dayOfWeek === 7) ||
      (excludes.holiday && isFederalHoliday(day));
    if (!excluded) minutes += 1;
    at = at.add({ minutes: 1 });
  }
  return at;
}

const known = new Map<string, boolean>();

export function isFederalHoliday(day: Temporal.PlainDate): boolean {
  const key = day.toString();
  const found =
    known.get(key) ??
    federalHolidays(day.year - 1)
      .concat(federalHolidays(day.year), federalHolidays(day.year + 1))
      .includes(key);
  known.set(key, found);
  return found;
}

/** Each holiday of a year, and the weekday on which it is observed where it falls on a weekend. */
export function federalHolidays(year: number): string[] {
  const fixed = ['01-01', '07-04', '11-11', '12-25', ...(year >= 2021 ? ['06-19'] : [])].map((day) =>
    Temporal.PlainDate.from(`${year}-${day}`),
  );
  const observed = fixed.flatMap((day) => {
    if (day.dayOfWeek === 6) return [day, day.subtract({ days: 1 })];
    if (day.dayOfWeek === 7) return [day, day.add({ days: 1 })];
    return [day];
  });
  const mondays = [
    nthWeekday(year, 1, 1, 3),
    nthWeekday(year, 2, 1, 3),
    lastMonday(year, 5),
    nthWeekday(year, 9, 1, 1),
    nthWeekday(year, 10, 1, 2),
    nthWeekday(year, 11, 4, 4),
  ];
  return [...observed, ...mondays].map(String);
}

function nthWeekday(year: number, month: number, weekday: number, nth: number): Temporal.PlainDate {
  let day = Temporal.PlainDate.from({ year, month, day: 1 });
  while (day.dayOfWeek !== weekday) day = day.add({ days: 1 });
  return day.add({ weeks: nth - 1 });
}

function lastMonday(year: number, month: number): Temporal.PlainDate {
  let day = Temporal.PlainDate.from({ year, month, day: 1 }).add({ months: 1 }).subtract({ days: 1 });
  while (day.dayOfWeek !== 1) day = day.subtract({ days: 1 });
  return day;
}
