import { describe, expect, test } from 'vitest';
import {
  addYears,
  civilOf,
  dayFrom,
  dayOf,
  dayOfDate,
  instantFrom,
  isoOf,
  isoOfDay,
  weekdayOf,
  yearsBetween,
  type Day,
  type Instant,
} from './instant.ts';
import { dayAt, isTimeZone, startOfDay } from './zone.ts';

const day = (text: string): Day => dayFrom(text) ?? (0 as Day);

test('the calendar by whole numbers is Temporal’s, day by day, 1880 to 2120', () => {
  let date = Temporal.PlainDate.from('1880-01-01');
  for (let each = dayOf(date); date.year < 2120; each = (each + 1) as Day, date = date.add({ days: 1 })) {
    const civil = civilOf(each);
    if (civil.year !== date.year || civil.month !== date.month || civil.date !== date.day)
      expect(civil).toEqual(date.toString());
    if (dayOfDate(date.year, date.month, date.day) !== each) expect(date.toString()).toBe(each);
    if (weekdayOf(each) !== date.dayOfWeek % 7) expect(date.toString()).toBe(weekdayOf(each));
    if (isoOfDay(each) !== date.toString()) expect(isoOfDay(each)).toBe(date.toString());
  }
});

test.each([0, 1, -1, 999, 1_764_000_000_000, 1_764_000_000_120, -86_400_001, 253_402_300_799_999])(
  'instant %i is written as Temporal writes it',
  (instant) => {
    expect(isoOf(instant as Instant)).toBe(Temporal.Instant.fromEpochMilliseconds(instant).toString());
  },
);

test.each([
  '2026-12-01T14:05:00Z',
  '2026-12-01T14:05Z',
  '2026-12-01T09:05:00-05:00',
  '2026-12-01T14:05:00.250Z',
  '2026-12-01t14:05:00z',
])('%s is an instant', (text) => {
  expect(instantFrom(text)).toBeTypeOf('number');
});

test.each([
  '2026-12-01',
  '2026-12-01T14:05:00',
  '2026-13-01T14:05:00Z',
  '2026-12-01T14:05:00+99:00',
  '2026-12-01 14:05:00Z',
  'now',
  '',
  '2026-12-01T14:05:00Z[America/New_York]',
])('%s is none', (text) => {
  expect(instantFrom(text)).toBeUndefined();
});

describe('ages', () => {
  test.each([
    ['2008-12-01', '2026-11-30', 17],
    ['2008-12-01', '2026-12-01', 18],
    ['2008-02-29', '2026-02-27', 17],
    ['2008-02-29', '2026-02-28', 17],
    ['2008-02-29', '2026-03-01', 18],
    ['2008-02-29', '2028-02-28', 19],
    ['2008-02-29', '2028-02-29', 20],
  ])('born %s, on %s: %i', (born, on, age) => expect(yearsBetween(day(born), day(on))).toBe(age));
  test('five years after 29 February is 28 February', () => {
    expect(isoOfDay(addYears(day('2024-02-29'), 5))).toBe('2029-02-28');
    expect(isoOfDay(addYears(day('2024-02-29'), 4))).toBe('2028-02-29');
    expect(isoOfDay(addYears(day('1896-02-29'), 4))).toBe('1900-02-28');
    expect(isoOfDay(addYears(day('1996-02-29'), 4))).toBe('2000-02-29');
  });
});

describe('days of a zone', () => {
  test.each([
    ['2026-11-01T03:59:59Z', 'America/New_York', '2026-10-31'],
    ['2026-11-01T04:00:00Z', 'America/New_York', '2026-11-01'],
    ['2026-11-02T04:59:59Z', 'America/New_York', '2026-11-01'],
    ['2026-11-02T05:00:00Z', 'America/New_York', '2026-11-02'],
    ['2026-12-01T13:59:59Z', 'Pacific/Guam', '2026-12-01'],
    ['2026-12-01T14:00:00Z', 'Pacific/Guam', '2026-12-02'],
    ['2026-12-01T09:59:59Z', 'Pacific/Honolulu', '2026-11-30'],
  ])('%s in %s is %s', (instant, zone, expected) => {
    expect(isoOfDay(dayAt(instantFrom(instant) ?? (0 as Instant), zone))).toBe(expected);
    expect(isoOfDay(dayAt(instantFrom(instant) ?? (0 as Instant), zone))).toBe(expected);
  });
  test('a day begins at its midnight, and the shortest lasts 23 hours', () => {
    const start = startOfDay(day('2026-03-08'), 'America/New_York');
    expect(isoOf(start)).toBe('2026-03-08T05:00:00Z');
    expect(startOfDay(day('2026-03-09'), 'America/New_York') - start).toBe(23 * 3_600_000);
  });
  test('only named zones are zones', () => {
    expect(['America/New_York', 'UTC', 'Pacific/Guam', 'America/Argentina/Buenos_Aires'].map(isTimeZone)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['-05:00', '', 'America/Nowhere', 'new york', '../etc'].map(isTimeZone)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
