import { describe, expect, test } from 'vitest';
import type { EventType } from '../record/catalogue.ts';
import type { EventRead } from '../record/event.ts';
import type { Handle } from '../record/key-tree.ts';
import { instantFrom, type Instant } from '../time/instant.ts';
import type { ImportedBasis, ImportedBooking } from './booking.ts';
import { bookingOnRecord, stepsFor } from './on-record.ts';

const HANDLE = '0'.repeat(32) as Handle;
const facility = {
  id: 'main',
  agency: 'us/fl/monroe-county/sheriff',
  kind: 'jail',
  timeZone: 'America/New_York',
} as const;
const at = (hour: number): Instant => ((instantFrom('2026-11-02T00:00:00Z') as Instant) + hour * 3_600_000) as Instant;
const iso = (hour: number): string => new Date(at(hour)).toISOString();

/** Events on a booking that began at hour 0, numbered from 0. */
function record(...events: [EventType, Record<string, unknown>, number?][]): EventRead[] {
  const all: typeof events = [
    ['booking.opened', { booking: 'B-1', jurisdiction: 'us/fl/monroe-county', facility }],
    ...events,
  ];
  return all.map(([type, content, corrects], sequence) => ({
    envelope: {
      ...{ v: 1 as const, agency: facility.agency, sequence, type, subject: HANDLE, commitment: '', ciphertext: '' },
      recordedOn: '2026-11-02',
      ...(corrects === undefined ? {} : { corrects }),
    },
    ...{ actor: 'sgt', occurredAt: iso(0), recordedAt: iso(0), request: '' },
    content,
  }));
}

function told(bases: readonly Partial<ImportedBasis>[], more: Partial<ImportedBooking> = {}): ImportedBooking {
  const whole = bases.map((basis, index) => ({ line: index + 2, kind: 'charge' as const, since: at(0), ...basis }));
  return {
    line: 2,
    rows: [2],
    number: 'B-1',
    openedAt: at(0),
    jurisdiction: 'us/fl/monroe-county',
    facility,
    bases: whole,
    ...more,
  };
}

const steps = (booking: ImportedBooking, ...events: Parameters<typeof record>) =>
  stepsFor(booking, bookingOnRecord(HANDLE, record(...events)));

const CHARGE: [EventType, Record<string, unknown>] = ['custody.basis-began', { kind: 'charge', since: iso(0) }];
const ended = (basis: number, hour: number, endedBy?: string): [EventType, Record<string, unknown>] => [
  'custody.basis-ended',
  { basis, endedAt: iso(hour), ...(endedBy === undefined ? {} : { endedBy }) },
];

test('what is on record already is nothing new', () => {
  const booking = told([{ endedAt: at(5), endedBy: 'bail' }, {}], { releasedAt: at(6), bornOn: '1988-04-09' });
  const person = { person: { bornOn: '1988-04-09' } };
  const done = steps(
    booking,
    CHARGE,
    CHARGE,
    ended(1, 5, 'bail'),
    ['person.described', person],
    ['custody.released', { releasedAt: iso(6) }],
  );
  expect(done).toEqual({ opens: false, begun: [], ended: [], differences: [] });
});

test('after a kill in the middle: of three equal charges, one on record, two are begun', () => {
  expect(steps(told([{}, {}, {}]), CHARGE)).toMatchObject({ begun: [{}, {}], ended: [], differences: [] });
});

test('a newer export: the charge has ended, a second one came, the person was released', () => {
  const booking = told([{ endedAt: at(5) }, { since: at(2) }], { releasedAt: at(6) });
  expect(steps(booking, CHARGE)).toMatchObject({
    begun: [{ since: at(2) }],
    ended: [{ entry: 1, basis: { endedAt: at(5) } }],
    left: { at: at(6), by: 'released' },
    differences: [],
  });
});

test('of two equal charges, of which one had ended, the other ends by the newer export', () => {
  expect(steps(told([{ endedAt: at(5) }, { endedAt: at(5) }]), CHARGE, CHARGE, ended(2, 5))).toMatchObject({
    begun: [],
    ended: [{ entry: 1 }],
    differences: [],
  });
});

describe('what contradicts the record is said and not written', () => {
  test.each([
    ['another end', told([{ endedAt: at(4) }]), [CHARGE, ended(1, 5)]],
    ['an end taken back', told([{}]), [CHARGE, ended(1, 5)]],
    ['another beginning', told([{ since: at(1) }]), [CHARGE]],
    ['another way of ending', told([{ endedAt: at(5), endedBy: 'bail' }]), [CHARGE, ended(1, 5, 'dismissal')]],
    ['a charge that is gone', told([]), [CHARGE]],
    ['another release', told([], { releasedAt: at(7) }), [['custody.released', { releasedAt: iso(6) }]]],
    [
      'handed over, and released at another time',
      told([], { releasedAt: at(7) }),
      [['custody.handed-over', { handedOverAt: iso(6) }]],
    ],
    ['a release taken back', told([]), [['custody.released', { releasedAt: iso(6) }]]],
    [
      'another birthday',
      told([], { bornOn: '1990-01-01' }),
      [['person.described', { person: { bornOn: '1988-04-09' } }]],
    ],
    ['another beginning of the booking', told([], { openedAt: at(1) }), []],
    ['another jurisdiction', told([], { jurisdiction: 'us/fl' }), []],
  ] as [string, ImportedBooking, [EventType, Record<string, unknown>][]][])('%s', (_, booking, events) => {
    const found = steps(booking, ...events);
    expect(found).toMatchObject({ begun: [], ended: [] });
    expect([found?.left, found?.bornOn, found?.differences.length]).toEqual([undefined, undefined, 1]);
  });
});

test('handed over when the export says that the person left: the same', () => {
  const handed: [EventType, Record<string, unknown>] = ['custody.handed-over', { handedOverAt: iso(6) }];
  expect(steps(told([], { releasedAt: at(6) }), handed)).toMatchObject({ differences: [], left: undefined });
});

test('a number that began more than a day apart is another booking’s', () => {
  expect(steps(told([], { openedAt: at(24) }))).toBeDefined();
  expect(steps(told([], { openedAt: (at(24) + 1) as Instant }))).toBeUndefined();
});

test('a correction counts as what it says, and what was undone is gone', () => {
  const right = { kind: 'charge', since: iso(1) };
  const corrected: [EventType, Record<string, unknown>, number] = [
    'correction',
    { content: right, reason: 'typed wrong' },
    1,
  ];
  expect(steps(told([{ since: at(1) }]), CHARGE, corrected)).toMatchObject({ begun: [], differences: [] });
  const undone: [EventType, Record<string, unknown>, number] = [
    'correction',
    { content: {}, reason: 'wrong booking' },
    1,
  ];
  expect(steps(told([]), CHARGE, undone)).toMatchObject({ begun: [], differences: [] });
});

test('an export that says how somebody left is taken at its word, and contradicts a record that says otherwise', () => {
  const handed: Parameters<typeof record>[0] = ['custody.handed-over', { handedOverAt: iso(6) }];
  const booking = told([], { releasedAt: at(6), leftBy: 'handed-over' });
  expect(steps(booking)).toMatchObject({ left: { at: at(6), by: 'handed-over' }, differences: [] });
  expect(steps(booking, handed)).toMatchObject({ left: undefined, differences: [] });
  expect(steps(booking, ['custody.released', { releasedAt: iso(6) }])?.differences).toEqual([
    { line: 2, message: 'tells that the person was handed-over; on record the person was released' },
  ]);
});
