import { describe, expect, test } from 'vitest';
import { readLocal } from '../time/local.ts';
import { isoOf } from '../time/instant.ts';
import { replayBooking } from './booking.ts';
import { PIERCE_ZONE, pierceRow, type HoldRow } from './pierce-holds.ts';

function row(cells: Record<string, string>): HoldRow {
  const parsed = pierceRow(
    {
      case_id: 'A',
      booking_dt: '2018-01-01 08:00:00',
      release_dt: '2018-01-10 12:00:00',
      is_ice_hold: '0',
      charge_release_dt: '2018-01-08 12:00:00',
      ...cells,
    },
    'file.csv',
    2,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failures));
  return parsed.value;
}

const replayed = (...rows: Record<string, string>[]): ReturnType<typeof replayBooking>['booking'] =>
  replayBooking(rows.map(row), () => false).booking;

describe('hours past state custody', () => {
  test('exactly 48 hours are not over 48', () => {
    expect(replayed({})).toMatchObject({ hoursBetween: 48, over48Continuous: false, over48ExcludingDays: false });
  });
  test('one second more is', () => {
    expect(replayed({ release_dt: '2018-01-10 12:00:01' })).toMatchObject({
      hoursBetween: 48,
      over48Continuous: true,
      over48ExcludingDays: true,
    });
  });
  test('a weekend counts for one reading and not for the other', () => {
    // Friday 5 January noon to Monday 8 January noon: 72 h; without Saturday and Sunday 24.
    expect(replayed({ charge_release_dt: '2018-01-05 12:00:00', release_dt: '2018-01-08 12:00:00' })).toMatchObject({
      hoursBetween: 72,
      over48Continuous: true,
      over48ExcludingDays: false,
    });
  });
  test('the latest of the state’s own grounds counts, and ICE’s hold does not', () => {
    expect(
      replayed(
        {},
        { charge_release_dt: '2018-01-09 12:00:00' },
        { is_ice_hold: '1', charge_release_dt: '2018-01-10 11:00:00' },
      ),
    ).toMatchObject({ hoursBetween: 24, stateCustodyEndedAt: '2018-01-09T20:00:00Z' });
  });
  test('the night the clocks go forward is an hour shorter', () => {
    expect(replayed({ charge_release_dt: '2018-03-10 12:00:00', release_dt: '2018-03-12 12:00:00' })).toMatchObject({
      hoursBetween: 47,
    });
  });
});

describe('not computable, and why', () => {
  test.each<[string, Record<string, string>[], string]>([
    ['only ICE’s rows', [{ is_ice_hold: '1' }], 'no-state-custody'],
    ['a charge without release', [{}, { charge_release_dt: '' }], 'charge-without-release'],
    [
      'a charge that ends after the person left',
      [{ charge_release_dt: '2018-01-10 21:00:00' }],
      'custody-ends-after-release',
    ],
    ['two times of release', [{}, { release_dt: '2018-01-11 12:00:00' }], 'release-times-differ'],
    ['a time in the hour that spring leaves out', [{ release_dt: '2018-03-11 02:30:00' }], 'time-does-not-exist'],
  ])('%s', (_, rows, code) => {
    const booking = replayed(...rows);
    expect(booking.notComputable?.code).toBe(code);
    expect(booking).toMatchObject({ hoursBetween: null, over48Continuous: null, over48ExcludingDays: null });
  });
});

test('the hour that autumn repeats is read so that fewer hours are counted, and noted', () => {
  const ended = replayed({ charge_release_dt: '2018-11-04 01:30:00', release_dt: '2018-11-04 12:00:00' });
  expect(ended).toMatchObject({ stateCustodyEndedAt: '2018-11-04T09:30:00Z', hoursBetween: 10.5 });
  expect(ended.notes.join()).toContain('repeat in autumn');
});

test('a local time means one instant, two, or none', () => {
  const kinds = [
    '2018-11-04 00:30:00',
    '2018-11-04 01:30:00',
    '2018-03-11 02:30:00',
    '2018-02-30 01:00:00',
    'noon',
  ].map((text) => readLocal(text, PIERCE_ZONE).kind);
  expect(kinds).toEqual(['one', 'two', 'none', 'malformed', 'malformed']);
  const once = readLocal('2018-04-19T14:00', PIERCE_ZONE);
  expect(once.kind === 'one' && isoOf(once.instant)).toBe('2018-04-19T21:00:00Z');
});

test.each([
  ['case_id', '', 'is empty'],
  ['is_ice_hold', 'yes', 'must be 0 or 1, not "yes"'],
  ['release_dt', '', 'is empty'],
  ['booking_dt', '01/01/2018', 'is no time'],
])('a bad %s is refused with line and column', (column, value, message) => {
  const parsed = pierceRow(
    {
      case_id: 'A',
      booking_dt: '2018-01-01 08:00:00',
      release_dt: '2018-01-10 12:00:00',
      is_ice_hold: '0',
      charge_release_dt: '',
      [column]: value,
    },
    'f.csv',
    7,
  );
  expect(parsed.ok).toBe(false);
  if (!parsed.ok)
    expect(`${parsed.failures[0]?.where} ${parsed.failures[0]?.message}`).toContain(
      `f.csv:7, ${column} ${value === '' ? '' : ''}`.trim(),
    );
  if (!parsed.ok) expect(parsed.failures[0]?.message).toContain(message);
});
