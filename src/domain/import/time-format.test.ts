import { describe, expect, test } from 'vitest';
import { isoOf } from '../time/instant.ts';
import { readDay, readTime, timeFormat, type TimeFormat } from './time-format.ts';

const ZONE = 'America/New_York';

function formats(...patterns: string[]): TimeFormat[] {
  return patterns.map((pattern) => {
    const format = timeFormat(pattern);
    if (typeof format === 'string') throw new Error(format);
    return format;
  });
}

function time(text: string, ...patterns: string[]): string {
  const read = readTime(text, formats(...patterns), ZONE);
  return read.kind === 'instant' ? isoOf(read.instant) : read.why;
}

describe('times', () => {
  test.each([
    ['11/4/2026 9:05', 'M/d/yyyy H:mm', '2026-11-04T14:05:00Z'],
    ['07/04/2026 00:00', 'MM/dd/yyyy HH:mm', '2026-07-04T04:00:00Z'],
    ['4.7.2026 23:59:58', 'd.M.yyyy HH:mm:ss', '2026-07-05T03:59:58Z'],
    ['11/4/2026 12:05 AM', 'M/d/yyyy h:mm a', '2026-11-04T05:05:00Z'],
    ['11/4/2026 12:05 pm', 'M/d/yyyy h:mm a', '2026-11-04T17:05:00Z'],
    ['2026-11-04 09:05:00.250', 'yyyy-MM-dd HH:mm:ss.SSS', '2026-11-04T14:05:00.25Z'],
    ['2026-11-04T09:05', "yyyy-MM-dd'T'HH:mm", '2026-11-04T14:05:00Z'],
    ['2026-11-04T09:05:00-08:00', 'ISO', '2026-11-04T17:05:00Z'],
    ['2026-11-04 09:05', 'ISO', '2026-11-04T14:05:00Z'],
    ['20261104 0905', 'yyyyMMdd HHmm', '2026-11-04T14:05:00Z'],
  ])('%s as %s', (text, pattern, expected) => {
    // yyyyMMdd: neighbouring runs of one letter are told apart by their letters.
    expect(time(text, pattern)).toBe(expected);
  });

  test('the hour that autumn repeats is two times, and the one that spring leaves out is none', () => {
    expect(time('11/1/2026 1:30', 'M/d/yyyy H:mm')).toMatch(/^happened twice in America\/New_York/);
    expect(time('3/8/2026 2:30', 'M/d/yyyy H:mm')).toMatch(/^never happened in America\/New_York/);
    expect(time('2026-11-01T01:30:00-04:00', 'ISO')).toBe('2026-11-01T05:30:00Z');
  });

  test.each([
    ['2/30/2026 9:05', 'M/d/yyyy H:mm', 'is no time of any day'],
    ['11/4/2026 24:00', 'M/d/yyyy H:mm', 'is no time of any day'],
    ['11/4/2026 13:05 PM', 'M/d/yyyy h:mm a', 'is no time written as M/d/yyyy h:mm a'],
    ['11/4/26 9:05', 'M/d/yyyy H:mm', 'is no time written as M/d/yyyy H:mm'],
    ['2026-11-04', 'ISO', 'is a day without an hour; when on that day is not known'],
    ['9999-12-31 00:00', 'ISO', 'lies in the year 9999, which stands for never'],
    ['soon', 'ISO', 'is no time written as ISO'],
  ])('%s as %s: %s', (text, pattern, why) => expect(time(text, pattern)).toBe(why));

  test('two formats that disagree are not chosen between; two that agree are one', () => {
    const both = ['M/d/yyyy H:mm', 'd/M/yyyy H:mm'];
    expect(time('3/4/2026 9:05', ...both)).toMatch(/^means two different times/);
    expect(time('4/4/2026 9:05', ...both)).toBe('2026-04-04T13:05:00Z');
  });
});

test.each([
  ['M/d/yy H:mm', 'holds "yy"'],
  ['M/d/yyyy H', 'half a time'],
  ['M/d/yyyy H:mm a', 'half a time'],
  ['M/yyyy H:mm', 'lacks yyyy, M or d'],
  ['M/d/yyyy H:mm M', 'holds M twice'],
])('the pattern %s is refused: %s', (pattern, why) => {
  const format = timeFormat(pattern);
  expect(typeof format === 'string' ? format : 'a format').toContain(why);
});

test('days', () => {
  expect(readDay('4/9/1988', formats('M/d/yyyy'))).toMatchObject({ day: '1988-04-09' });
  expect(readDay('2/29/2025', formats('M/d/yyyy'))).toBe('is no day written as M/d/yyyy');
  expect(readDay('4/9/1988', formats('M/d/yyyy', 'd/M/yyyy'))).toMatch(/^means two different days/);
});
