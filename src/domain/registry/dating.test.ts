import { describe, expect, test } from 'vitest';
import { instantFrom, isoOfDay, isoOf } from '../time/instant.ts';
import { bestNameFirst, dateInName, datingOf } from './dating.ts';

function dated(file: string, modified?: string): string {
  const dating = datingOf(file, modified === undefined ? undefined : instantFrom(modified));
  return dating ? `${isoOfDay(dating.dated)} by ${dating.datedBy}` : 'not at all';
}

describe('the date of a list', () => {
  test.each([
    [
      'named the day it was saved',
      'participatingAgencies06272025am.xlsx',
      '2025-06-27T05:06:11Z',
      '2025-06-27 by name',
    ],
    [
      'saved in the evening before',
      'participatingAgencies05162025am.xlsx',
      '2025-05-15T23:33:17Z',
      '2025-05-16 by name',
    ],
    [
      'saved on Friday, published on Monday',
      'participatingAgencies09152025am.xlsx',
      '2025-09-12T18:39:57Z',
      '2025-09-15 by name',
    ],
    [
      'saved so late in Washington that UTC is a day on',
      'pendingAgencies06112025pm.xlsx',
      '2025-06-12T01:00:00Z',
      '2025-06-11 by name',
    ],
    [
      'four days apart, over a long weekend',
      'pendingAgencies07082025am.xlsx',
      '2025-07-04T12:00:00Z',
      '2025-07-08 by name',
    ],
    [
      'five days apart: the save settles it',
      'pendingAgencies07092025am.xlsx',
      '2025-07-04T12:00:00Z',
      '2025-07-04 by modified',
    ],
    [
      'a month too early in the name',
      'participatingAgencies08022025pm.xlsx',
      '2025-09-02T20:05:26Z',
      '2025-09-02 by modified',
    ],
    [
      'old bytes under a new name',
      'participatingAgencies04212025am.xlsx',
      '2025-03-06T13:08:53Z',
      '2025-03-06 by modified',
    ],
    ['a digit too many', 'participatingAgencies090022025am.xlsx', '2025-09-02T12:11:44Z', '2025-09-02 by modified'],
    ['no date in the name', 'pendingAgencies.xlsx', '2025-02-20T16:27:52Z', '2025-02-20 by modified'],
    [
      'a capture, saved before',
      'participatingAgencies-20250221214937.xlsx',
      '2025-02-21T14:51:12Z',
      '2025-02-21 by name',
    ],
    [
      'a capture, saved anew weeks later',
      'participatingAgencies-20250301180751.xlsx',
      '2025-04-16T16:09:04.813Z',
      '2025-03-01 by capture',
    ],
    [
      'a table captured in 2021, made a workbook in 2025',
      'ParticipatingEntities-20210113002027.xlsx',
      '2025-04-17T10:27:26Z',
      '2021-01-13 by capture',
    ],
    [
      'a suffix after the half of the day',
      'participatingAgencies07242025pm_b.xlsx',
      '2025-07-24T18:49:46Z',
      '2025-07-24 by name',
    ],
    [
      'noon, and a copy in the name',
      'pendingAgencies09292025mid copy.xlsx',
      '2025-09-29T16:28:21Z',
      '2025-09-29 by name',
    ],
    ['no last save', 'participatingAgencies06272025am.xlsx', undefined, '2025-06-27 by name'],
    ['neither', 'list.xlsx', undefined, 'not at all'],
    ['a day that no calendar has', 'participatingAgencies02302025am.xlsx', undefined, 'not at all'],
  ])('%s', (_, file, modified, expected) => {
    expect(dated(file, modified)).toBe(expected);
  });

  test('a list saved anew after its capture is ordered by the capture, to the second', () => {
    const dating = datingOf('x-20250301180751.xlsx', instantFrom('2025-04-16T16:09:04Z'));
    expect(dating && isoOf(dating.instant)).toBe('2025-03-01T18:07:51Z');
  });

  test('folders with dates in their names say nothing', () => {
    expect(dateInName('lists-20250101/pendingAgencies.xlsx')).toBeUndefined();
  });

  test('of two names for the same bytes, the one near the last save is the list and the other a copy', () => {
    const names = ['participatingAgencies04212025am.xlsx', 'participatingAgencies03062025am.xlsx'];
    expect(bestNameFirst(names, instantFrom('2025-03-06T13:08:53Z'))[0]).toBe('participatingAgencies03062025am.xlsx');
  });
});
