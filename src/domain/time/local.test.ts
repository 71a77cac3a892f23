import { expect, test } from 'vitest';
import { isoOf } from './instant.ts';
import { instantsOf, readLocal } from './local.ts';

const ZONE = 'America/Los_Angeles';

function read(text: string, zone = ZONE): string[] | undefined {
  const reading = readLocal(text, zone);
  return reading === undefined ? undefined : instantsOf(reading).map(isoOf);
}

test.each([
  ['a winter noon is eight hours behind', '2018-01-10 12:00:00', ['2018-01-10T20:00:00Z']],
  ['a summer noon is seven hours behind', '2018-07-10 12:00:00', ['2018-07-10T19:00:00Z']],
  ['seconds may be left out, and a T may stand between', '2018-07-10T12:00', ['2018-07-10T19:00:00Z']],
  ['the last second before the clocks go forward', '2018-03-11 01:59:59', ['2018-03-11T09:59:59Z']],
  ['the first of the hour that spring leaves out', '2018-03-11 02:00:00', []],
  ['the last of it', '2018-03-11 02:59:59', []],
  ['the first second after it', '2018-03-11 03:00:00', ['2018-03-11T10:00:00Z']],
  ['the last second before the hour that autumn repeats', '2018-11-04 00:59:59', ['2018-11-04T07:59:59Z']],
  ['the first of that hour means two', '2018-11-04 01:00:00', ['2018-11-04T08:00:00Z', '2018-11-04T09:00:00Z']],
  ['so does its last', '2018-11-04 01:59:59', ['2018-11-04T08:59:59Z', '2018-11-04T09:59:59Z']],
  ['the first second after it', '2018-11-04 02:00:00', ['2018-11-04T10:00:00Z']],
])('%s', (_, text, instants) => {
  expect(read(text)).toEqual(instants);
});

test('where clocks are not changed, every time means one instant', () => {
  expect(read('2018-03-11 02:30:00', 'America/Phoenix')).toEqual(['2018-03-11T09:30:00Z']);
});

test.each([
  '2018-02-30 01:00:00',
  '2017-02-29 01:00:00',
  '2018-01-10 24:00:00',
  '2018-01-10 12:60:00',
  '2018-01-10 12:00:60',
  '2018-01-10',
  '01/10/2018 12:00',
  '2018-01-10 12:00:00Z',
  '2018-01-10 12:00:00-08:00',
  ' 2018-01-10 12:00:00',
  '',
  'noon',
])('"%s" is no wall-clock time', (text) => {
  expect(read(text)).toBeUndefined();
});
