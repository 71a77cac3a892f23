import { describe, expect, test } from 'vitest';
import { instantFrom, isoOf, type Instant } from '../time/instant.ts';
import { readBooking, type BookingRead } from './booking.ts';
import { mapping } from './mapping.ts';

const MAPPING = mapping.parse({
  version: 1,
  timeZone: 'America/New_York',
  none: ['', 'NULL'],
  booking: {
    number: { column: 'no' },
    openedAt: { column: 'opened' },
    jurisdiction: { constant: 'us/fl/monroe-county' },
    facility: { column: 'where', values: { M: 'main' } },
    releasedAt: { column: 'released' },
    bornOn: { column: 'born' },
  },
  facilities: { main: { kind: 'jail' } },
  basis: {
    kind: { column: 'kind', values: { C: 'charge', S: 'sentence', ICE: 'none' } },
    since: { column: 'since' },
    endedAt: { column: 'ended' },
    endedBy: { column: 'how', values: { BOND: 'bail', '?': 'none' } },
  },
});
const reading = {
  mapping: MAPPING,
  agency: 'us/fl/monroe-county/sheriff',
  now: instantFrom('2026-11-24T12:00:00Z') as Instant,
};

const ROW = {
  no: 'B-1',
  opened: '2026-11-02 09:00',
  where: 'M',
  released: '2026-11-05 12:00',
  born: '1988-04-09',
  kind: 'C',
  since: '2026-11-02 09:00',
  ended: '2026-11-04 10:00',
  how: 'BOND',
};

function read(...rows: Partial<typeof ROW>[]): BookingRead {
  return readBooking(
    rows.map((cells, index) => ({ line: index + 2, cells: { ...ROW, ...cells } })),
    reading,
  );
}

/** `line column: reason` of each rejection. */
function reasons(...rows: Partial<typeof ROW>[]): string[] {
  const booking = read(...rows);
  return booking.ok ? [] : booking.rejections.map(({ line, column, reason }) => `${line} ${column ?? ''}: ${reason}`);
}

test('a row for each charge is one booking with a custody basis for each; ICE’s row is none', () => {
  const booking = read({}, { kind: 'S', ended: 'NULL', how: '' }, { kind: 'ICE', since: 'whenever' });
  expect(booking).toMatchObject({
    ok: true,
    booking: {
      number: 'B-1',
      bornOn: '1988-04-09',
      facility: { id: 'main', kind: 'jail', agency: reading.agency, timeZone: 'America/New_York' },
      bases: [
        { kind: 'charge', endedBy: 'bail' },
        { kind: 'sentence', endedAt: undefined, endedBy: undefined },
      ],
    },
  });
  expect(booking.ok && isoOf(booking.booking.openedAt)).toBe('2026-11-02T14:00:00Z');
});

describe('what cannot be is rejected, with its line and column', () => {
  test.each([
    [{ ended: '2026-11-02 08:59' }, '2 ended: is before this custody began'],
    [
      { released: '2026-11-02 08:00', ended: '', how: '', since: '2026-11-02 07:00' },
      '2 released: is before the booking began',
    ],
    [{ since: '2026-11-05 12:01', ended: '', how: '' }, '2 since: is after the person had left'],
    [{ released: '2026-11-24 07:01' }, '2 released: lies after now; only what has happened goes on record'],
    [{ opened: '' }, '2 opened: is empty; a booking begins at some time'],
    [
      { opened: '2026-11-01 01:30' },
      '2 opened: happened twice in America/New_York, when the clocks went back; write it with its offset from UTC',
    ],
    [{ opened: '2026-03-08 02:30' }, '2 opened: never happened in America/New_York: the clocks went forward over it'],
    [{ where: 'X' }, '2 where: is a value that the mapping does not name'],
    [{ kind: '' }, '2 kind: is empty; say what empty means in the mapping'],
    [{ ended: '' }, '2 ended: is empty, and yet another column says how this custody ended'],
    [{ born: '2026-11-03' }, '2 born: is after the booking began'],
    [{ no: 'B'.repeat(101) }, '2 no: is no number of a booking; it has at most 100 characters'],
  ])('%o', (cells, expected) => expect(reasons(cells)).toEqual([expected]));

  test('exactly at the end of it is not before it', () => {
    expect(reasons({ ended: ROW.since, released: ROW.opened })).toEqual([]);
    expect(reasons({ released: '2026-11-24 07:00' })).toEqual([]);
  });
});

test('a bad charge rejects the whole booking: without it state custody would seem to have ended earlier', () => {
  expect(reasons({}, { ended: 'soon' }, {})).toEqual([
    '2 : is left out with its booking: line 3 was rejected',
    '3 ended: is no time written as ISO',
    '4 : is left out with its booking: line 3 was rejected',
  ]);
});

test('rows that disagree on the booking reject it', () => {
  expect(reasons({}, { released: '2026-11-05 12:01' })).toEqual([
    '2 : is left out with its booking: line 3 was rejected',
    '3 released: is not what line 2 says of the same booking',
  ]);
});

test('a disposition that the mapping calls none says nothing of how custody ended', () => {
  const booking = read({ how: '?' });
  expect(booking.ok && booking.booking.bases[0]?.endedBy).toBeUndefined();
});
