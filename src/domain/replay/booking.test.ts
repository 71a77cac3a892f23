import { describe, expect, test } from 'vitest';
import { dayFrom } from '../time/instant.ts';
import { replayBooking } from './booking.ts';
import type { HoldRow } from './layout.ts';
import { pierceHolds } from './pierce-holds.ts';

const COMMON = { case_id: 'A', booking_dt: '2018-01-01 08:00:00', release_dt: '2018-01-10 12:00:00' };
const CHARGE = {
  ...COMMON,
  is_ice_hold: '0',
  charge_release_dt: '2018-01-08 12:00:00',
  release_disposition_desc: 'PR',
};
const HOLD = { ...CHARGE, is_ice_hold: '1', charge_release_dt: '', release_disposition_desc: 'Immigration' };

function row(cells: Record<string, string>): HoldRow {
  const parsed = pierceHolds.row(cells, 'file.csv:2');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failures));
  return parsed.value;
}

function replayed(rows: Record<string, string>[], holidays: string[] = []): ReturnType<typeof replayBooking> {
  const days = holidays.map(dayFrom);
  return replayBooking(rows.map(row), pierceHolds.zone, (day) => days.includes(day));
}

/** A booking with one charge and ICE's hold. */
function stay(ended: string, released: string, holidays: string[] = []): ReturnType<typeof replayBooking>['booking'] {
  const times = { charge_release_dt: ended, release_dt: released };
  return replayed(
    [
      { ...CHARGE, ...times },
      { ...HOLD, release_dt: released },
    ],
    holidays,
  ).booking;
}

describe('hours past state custody', () => {
  test('exactly 48 hours are not over 48', () => {
    const booking = stay('2018-01-08 12:00:00', '2018-01-10 12:00:00');
    expect(booking).toMatchObject({ hoursBetween: 48, over48Continuous: false, over48ExcludingDays: false });
  });
  test('one second more is, though it shows in no figure', () => {
    const booking = stay('2018-01-08 12:00:00', '2018-01-10 12:00:01');
    expect(booking).toMatchObject({ hoursBetween: 48, over48Continuous: true, over48ExcludingDays: true });
  });
  test('a weekend counts in one reading and not in the other', () => {
    // Friday 5 January noon to Monday 8 January noon: 72 h; without Saturday and Sunday 24.
    const booking = stay('2018-01-05 12:00:00', '2018-01-08 12:00:00');
    expect(booking).toMatchObject({ hoursBetween: 72, over48Continuous: true, over48ExcludingDays: false });
  });
  test('the weekend and a holiday after it: 48 counted hours end on Wednesday noon, and not a second later', () => {
    // Friday 12 January noon; Saturday, Sunday and the Monday of Dr King do not count; 12 h Friday, 24 h Tuesday, 12 h Wednesday.
    const king = ['2018-01-15'];
    expect(stay('2018-01-12 12:00:00', '2018-01-17 12:00:00', king)).toMatchObject({
      hoursBetween: 120,
      over48Continuous: true,
      over48ExcludingDays: false,
    });
    expect(stay('2018-01-12 12:00:00', '2018-01-17 12:00:01', king).over48ExcludingDays).toBe(true);
  });
  test('the latest charge counts, whoever’s it is, and ICE’s hold does not', () => {
    const other = { ...CHARGE, charge_release_dt: '2018-01-09 12:00:00', jurisdiction_cd: 'DOC' };
    const hold = { ...HOLD, charge_release_dt: '2018-01-10 11:00:00' };
    const { booking } = replayed([hold, other, CHARGE]);
    expect(booking).toMatchObject({ hoursBetween: 24, stateCustodyEndedAt: '2018-01-09T20:00:00Z' });
  });
  test('released at the very time: no hour between', () => {
    expect(stay('2018-01-10 12:00:00', '2018-01-10 12:00:00').hoursBetween).toBe(0);
  });
  test('minutes are told to two decimals', () => {
    expect(stay('2018-01-10 11:50:00', '2018-01-10 12:00:00').hoursBetween).toBe(0.17);
  });
});

describe('the nights the clocks change', () => {
  test('noon to noon over two nights is 47 hours in spring and 49 in autumn, which is over 48', () => {
    expect(stay('2018-03-10 12:00:00', '2018-03-12 12:00:00')).toMatchObject({ hoursBetween: 47 });
    const autumn = { ...COMMON, booking_dt: '2018-11-01 08:00:00', release_dt: '2018-11-05 12:00:00' };
    const { booking } = replayed([
      { ...CHARGE, ...autumn, charge_release_dt: '2018-11-03 12:00:00' },
      { ...HOLD, ...autumn },
    ]);
    expect(booking).toMatchObject({ hoursBetween: 49, over48Continuous: true, over48ExcludingDays: false });
  });
  test('custody that ends in the hour read twice ends in its second, so that fewer hours are counted', () => {
    const booking = stay('2018-11-04 01:30:00', '2018-11-06 01:30:00');
    // From the first 01:30 it would be 49 hours; nothing says that it was the first.
    expect(booking).toMatchObject({
      stateCustodyEndedAt: '2018-11-04T09:30:00Z',
      hoursBetween: 48,
      over48Continuous: false,
    });
    expect(booking.doubts.map(({ code }) => code)).toContain('hour-read-twice');
  });
  test('a release in the hour read twice is read as its first', () => {
    expect(stay('2018-11-04 00:30:00', '2018-11-04 01:30:00')).toMatchObject({
      releasedAt: '2018-11-04T08:30:00Z',
      hoursBetween: 1,
    });
  });
  test('custody that ends at 01:40 and a release at 01:20 are 40 minutes apart, not a release before custody ended', () => {
    expect(stay('2018-11-04 01:40:00', '2018-11-04 01:20:00')).toMatchObject({
      stateCustodyEndedAt: '2018-11-04T08:40:00Z',
      releasedAt: '2018-11-04T09:20:00Z',
      hoursBetween: 0.67,
    });
  });
  test('the same time twice is no hour between, whichever it was', () => {
    expect(stay('2018-11-04 01:30:00', '2018-11-04 01:30:00').hoursBetween).toBe(0);
  });
  test('of two charges in the hour read twice, the one that reads earlier may have ended later', () => {
    const release = { release_dt: '2018-11-04 01:20:00' };
    const { booking } = replayed([
      { ...CHARGE, ...release, charge_release_dt: '2018-11-04 01:10:00' },
      { ...CHARGE, ...release, charge_release_dt: '2018-11-04 01:40:00' },
      { ...HOLD, ...release },
    ]);
    // 01:40 the first time, then 01:10 and 01:20 the second time: ten minutes.
    expect(booking).toMatchObject({ stateCustodyEndedAt: '2018-11-04T09:10:00Z', hoursBetween: 0.17 });
  });
});

describe('not computable, and why', () => {
  const gap = '2018-03-11 02:30:00';
  const after = { release_dt: '2018-03-12 12:00:00' };
  test.each<[string, Record<string, string>[], string]>([
    ['only ICE’s rows', [HOLD], 'no-state-custody'],
    ['no row of ICE’s', [CHARGE], 'no-ice-hold'],
    ['a charge without release', [CHARGE, { ...CHARGE, charge_release_dt: '' }, HOLD], 'charge-without-release'],
    [
      'a charge that ends after the person left',
      [{ ...CHARGE, charge_release_dt: '2018-01-10 12:00:01' }, HOLD],
      'custody-ends-after-release',
    ],
    [
      'charges that end before the booking',
      [{ ...CHARGE, charge_release_dt: '2018-01-01 07:59:59' }, HOLD],
      'custody-ends-before-booking',
    ],
    ['two times of release', [CHARGE, { ...HOLD, release_dt: '2018-01-11 12:00:00' }], 'release-times-differ'],
    ['two times of booking', [CHARGE, { ...HOLD, booking_dt: '2018-01-02 08:00:00' }], 'booking-times-differ'],
    [
      'a release in the hour that spring leaves out',
      [
        { ...CHARGE, release_dt: gap },
        { ...HOLD, release_dt: gap },
      ],
      'time-does-not-exist',
    ],
    [
      'a charge that ends in it',
      [
        { ...CHARGE, ...after, charge_release_dt: gap },
        { ...HOLD, ...after },
      ],
      'time-does-not-exist',
    ],
    [
      'a booking in it',
      [
        { ...CHARGE, ...after, booking_dt: gap },
        { ...HOLD, ...after, booking_dt: gap },
      ],
      'time-does-not-exist',
    ],
  ])('%s', (_, rows, code) => {
    const { booking, times } = replayed(rows);
    expect(booking.notComputable?.code).toBe(code);
    expect(booking.notComputable?.why).not.toBe('');
    expect(booking).toMatchObject({ hoursBetween: null, over48Continuous: null, over48ExcludingDays: null });
    expect(times).toBeUndefined();
  });
  test('the recorded times are shown all the same', () => {
    const { booking } = replayed([{ ...CHARGE, charge_release_dt: '2018-01-10 21:00:00' }, HOLD]);
    expect(booking).toMatchObject({ stateCustodyEndedAt: '2018-01-11T05:00:00Z', releasedAt: '2018-01-10T20:00:00Z' });
  });
  test('ICE’s own row may lack its end, or end in the hour that is left out: no figure rests on it', () => {
    const rows = [
      { ...CHARGE, ...after, charge_release_dt: '2018-03-12 11:00:00' },
      { ...HOLD, ...after, charge_release_dt: gap },
    ];
    expect(replayed(rows).booking.hoursBetween).toBe(1);
    expect(replayed([CHARGE, HOLD]).booking.hoursBetween).toBe(48);
  });
});

describe('what the file cannot show of a booking', () => {
  const doubts = (...rows: Record<string, string>[]): string[] => replayed(rows).booking.doubts.map(({ code }) => code);
  const odd = { charge_release_dt: '2018-01-08 12:07:00' };

  test('nothing is doubted of times to the minute and a person whom ICE took', () => {
    expect(doubts({ ...CHARGE, ...odd }, { ...HOLD, charge_release_dt: '2018-01-10 12:05:00' })).toEqual([]);
  });
  test.each(['21:00:00', '00:00:00', '12:00:00', '23:59:00'])(
    'custody that ends at %s looks entered by rote',
    (time) => {
      expect(doubts({ ...CHARGE, charge_release_dt: `2018-01-08 ${time}` }, HOLD)).toEqual(['end-on-the-hour']);
    },
  );
  test('a charge that ends with the release may have been written from it', () => {
    const release = { release_dt: '2018-01-10 12:07:00' };
    expect(
      doubts({ ...CHARGE, ...release, charge_release_dt: '2018-01-10 12:07:00' }, { ...HOLD, ...release }),
    ).toEqual(['end-is-release']);
  });
  test.each(['WSI Chain', 'Mini-Chain', 'FBI'])('"%s": the person left into other custody', (disposition) => {
    const moved = { ...CHARGE, ...odd, release_disposition_desc: disposition };
    expect(doubts(moved, { ...HOLD, release_disposition_desc: disposition })).toEqual(['left-in-other-custody']);
  });
  test('an earlier charge that ended by a transport says nothing of the last', () => {
    const moved = { ...CHARGE, charge_release_dt: '2018-01-07 12:07:00', release_disposition_desc: 'Mini-Chain' };
    expect(doubts(moved, { ...CHARGE, ...odd }, HOLD)).toEqual([]);
  });
  test('a hold that ICE cancelled, and when', () => {
    const hold = { ...HOLD, release_disposition_desc: 'Cancel Detainer', charge_release_dt: '2018-01-05 09:00:00' };
    const { booking, times } = replayed([{ ...CHARGE, ...odd }, hold]);
    expect(booking.doubts.map(({ code }) => code)).toEqual(['detainer-cancelled']);
    expect(booking.doubts[0]?.why).toContain('2018-01-05 09:00:00');
    expect(times?.cancelledAt).toBe(Date.parse('2018-01-05T17:00:00Z'));
  });
  test('a detainer of the prison service that was cancelled is no hold of ICE’s', () => {
    expect(
      replayed([{ ...CHARGE, ...odd, release_disposition_desc: 'Cancel Detainer' }, HOLD]).times?.cancelledAt,
    ).toBeUndefined();
  });
  test('a hold that ends by a court’s order: ICE is not shown to have taken the person', () => {
    expect(doubts({ ...CHARGE, ...odd }, { ...HOLD, release_disposition_desc: 'Court Order' })).toEqual([
      'not-taken-by-ice',
    ]);
  });
  test('a hold that ends before the release leaves the rest unexplained', () => {
    expect(doubts({ ...CHARGE, ...odd }, { ...HOLD, charge_release_dt: '2018-01-10 11:55:00' })).toEqual([
      'ice-hold-ends-before-release',
    ]);
  });
});

test('a T and a missing second write the same time, so two rows do not differ', () => {
  expect(replayed([CHARGE, { ...HOLD, release_dt: '2018-01-10T12:00' }]).booking.hoursBetween).toBe(48);
});

test.each([
  ['case_id', '', 'case_id: is empty; every row names its booking'],
  ['case_id', '\u001b[2Jx', 'case_id: "\\u001b[2Jx" is no id; use up to 64 letters, digits and . : / _ -'],
  ['is_ice_hold', 'yes', `is_ice_hold: "yes" is neither 1 (ICE's hold) nor 0 (any other charge or hold)`],
  ['booking_dt', '', 'booking_dt: is empty; a booking begins at some time'],
  ['release_dt', '', 'release_dt: is empty; this layout is of bookings that have ended'],
  ['booking_dt', '01/01/2018', 'booking_dt: "01/01/2018" is no time of any day; write 2018-04-19 14:00:00'],
  [
    'release_dt',
    '2018-02-30 12:00:00',
    'release_dt: "2018-02-30 12:00:00" is no time of any day; write 2018-04-19 14:00:00',
  ],
  [
    'charge_release_dt',
    'x'.repeat(99),
    `charge_release_dt: "${'x'.repeat(40)}…" is no time of any day; write 2018-04-19 14:00:00`,
  ],
  [
    'charge_release_dt',
    'now\u009b2J',
    'charge_release_dt: "now\\u009b2J" is no time of any day; write 2018-04-19 14:00:00',
  ],
])('a bad %s is refused with its line and column: %j', (column, value, message) => {
  const parsed = pierceHolds.row({ ...CHARGE, [column]: value }, 'f.csv:7');
  expect(parsed.ok ? undefined : parsed.failures.map(({ where, message: words }) => `${where}: ${words}`)).toEqual([
    `f.csv:7, ${message}`,
  ]);
});
