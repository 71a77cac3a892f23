import { describe, expect, test } from 'vitest';
import { federalHolidays, walkedDeadline } from '../../../test/support/slow-clock.ts';
import { ZONES } from '../../../test/support/generated-cases.ts';
import { builtPacks } from '../../../test/support/packs.ts';
import { randomFrom } from '../../../test/support/random.ts';
import { holidayCalendar } from '../time/holidays.ts';
import { dayFrom, instantFrom, isoOf, isoOfDay, type Day, type Instant } from '../time/instant.ts';
import { afterCountedHours, timeOfDay } from './excluded-days.ts';

const federal = builtPacks()[0];
const isHoliday = holidayCalendar(federal?.holidays.flatMap((list) => list.days) ?? []);
const WORKING_DAYS = ['saturday', 'sunday', 'federal-holiday'] as const;

function counted(start: string, zone: string, hours = 48): string {
  const instant = instantFrom(start);
  if (instant === undefined) throw new Error(start);
  return isoOf(afterCountedHours(instant, hours, zone, WORKING_DAYS, isHoliday));
}

describe('48 hours without Saturdays, Sundays and holidays', () => {
  test('Friday 18:00 in Chicago ends Tuesday 18:00', () => {
    expect(counted('2026-12-05T00:00:00Z', 'America/Chicago')).toBe('2026-12-09T00:00:00Z');
  });
  test('Monday noon ends Wednesday noon', () => {
    expect(counted('2026-12-07T12:00:00-05:00', 'America/New_York')).toBe('2026-12-09T17:00:00Z');
  });
  test('Saturday noon begins to count on Monday at midnight', () => {
    expect(counted('2026-12-05T12:00:00-05:00', 'America/New_York')).toBe('2026-12-09T05:00:00Z');
  });
  test('midnight from Thursday to Friday ends with Friday, and not after the weekend', () => {
    expect(counted('2026-12-03T00:00:00-05:00', 'America/New_York')).toBe('2026-12-05T05:00:00Z');
  });
  test('Independence Day on a Saturday is observed on the Friday before', () => {
    // Thursday 2 July 2026 12:00 EDT: 12 h of Thursday; Friday the 3rd is observed; Monday 24 h; Tuesday 12 h.
    expect(counted('2026-07-02T12:00:00-04:00', 'America/New_York')).toBe('2026-07-07T16:00:00Z');
  });
  test('Veterans Day on a Saturday in 2023 is observed on Friday 10 November', () => {
    // Thursday 9 November noon: 12 h; Friday, Saturday, Sunday out; Monday 24 h; Tuesday 12 h.
    expect(counted('2023-11-09T12:00:00-05:00', 'America/New_York')).toBe('2023-11-14T17:00:00Z');
  });
  test('the night the clocks go back lies on a Sunday and is not counted at all', () => {
    // Friday 30 October 2026 18:00 EDT: 6 h; Monday 24 h EST; Tuesday 18 h.
    expect(counted('2026-10-30T18:00:00-04:00', 'America/New_York')).toBe('2026-11-03T23:00:00Z');
  });
  test('Guam has its own day: Saturday there begins on Friday in UTC', () => {
    // Friday 4 December 20:00 in Guam is 10:00Z: 4 h of Friday, Monday 24 h, Tuesday 20 h → Tuesday 20:00 Guam.
    expect(counted('2026-12-04T10:00:00Z', 'Pacific/Guam')).toBe('2026-12-08T10:00:00Z');
  });
});

test('the fast reading and the slow walk agree in every zone, over holidays and clock changes', () => {
  const dates = [
    '2021-12-30',
    '2022-01-01',
    '2023-11-10',
    '2024-03-09',
    '2024-11-02',
    '2026-03-07',
    '2026-07-02',
    '2026-10-31',
    '2026-11-25',
    '2027-12-24',
    '2028-11-10',
  ];
  const random = randomFrom(48);
  for (const zone of ZONES) {
    for (const date of dates) {
      const start = Temporal.Instant.from(`${date}T00:00:00Z`).add({ minutes: random.between(0, 4320) });
      const hours = random.pick([1, 12, 24, 48, 48, 72]);
      const [saturday, sunday, holiday] = [random.chance(0.8), random.chance(0.8), random.chance(0.8)];
      const excludes = [
        ...(saturday ? (['saturday'] as const) : []),
        ...(sunday ? (['sunday'] as const) : []),
        ...(holiday ? (['federal-holiday'] as const) : []),
      ];
      const fast = afterCountedHours(start.epochMilliseconds as Instant, hours, zone, excludes, isHoliday);
      const slow = walkedDeadline(start, hours, zone, { saturday, sunday, holiday });
      expect(isoOf(fast), `${start.toString()} ${zone} ${hours} h ${excludes.join(' ')}`).toBe(
        isoOf(slow.epochMilliseconds as Instant),
      );
    }
  }
});

test('the federal holidays of the rule pack are those written out by name, observed days too, 2017 to 2040', () => {
  for (let year = 2017; year <= 2040; year += 1) {
    const days: string[] = [];
    for (let day = dayFrom(`${year}-01-01`) ?? 0; isoOfDay(day as Day).startsWith(String(year)); day += 1) {
      if (isHoliday(day as Day)) days.push(isoOfDay(day as Day));
    }
    const byName = [...federalHolidays(year - 1), ...federalHolidays(year), ...federalHolidays(year + 1)];
    expect(days).toEqual([...new Set(byName.filter((day) => day.startsWith(String(year))))].sort());
  }
});

test('the end of a day is the next midnight of the facility, also on the short day', () => {
  const spring = instantFrom('2026-03-08T12:00:00Z');
  expect(spring && isoOf(timeOfDay(spring, 'America/New_York'))).toBe('2026-03-09T04:00:00Z');
  const arizona = instantFrom('2026-03-08T12:00:00Z');
  expect(arizona && isoOf(timeOfDay(arizona, 'America/Phoenix'))).toBe('2026-03-09T07:00:00Z');
});
