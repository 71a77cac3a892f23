import { describe, expect, test } from 'vitest';
import type { Case, CustodyBasis, Order } from '../case/case.ts';
import { instantFrom, isoOf, type Instant } from '../time/instant.ts';
import { stateCustodyOf, type StateCustody } from './state-custody.ts';

const at = (text: string): Instant => instantFrom(`2026-12-${text}:00Z`) ?? (0 as Instant);

/** A basis from one time to another of December 2026, `01T14:00`; without the second it has no end. */
function basis(since: string, endedAt?: string): CustodyBasis {
  return { kind: 'charge', since: at(since), ...(endedAt === undefined ? {} : { endedAt: at(endedAt) }) };
}

const OUT_PROCESSING = 6;

function custody(
  now: string,
  bases: readonly CustodyBasis[],
  triedOnAnotherDay = false,
  orders: readonly Order[] = [],
): string {
  const found = stateCustodyOf(asked(now, bases, triedOnAnotherDay, orders), OUT_PROCESSING);
  if (found === undefined) return 'not recorded';
  const { begun, runs, endsAt, doubt } = found;
  const end = endsAt === undefined ? 'no end' : isoOf(endsAt).slice(8, 16);
  if (doubt !== undefined) return `in doubt: ${doubt}`;
  return `${begun ? 'begun' : 'not begun'}, ${runs ? 'runs' : 'does not run'}, ${end}`;
}

function asked(
  now: string,
  bases: readonly CustodyBasis[],
  triedOnAnotherDay: boolean,
  orders: readonly Order[],
): Case {
  return { custody: { bases }, orders, question: { at: at(now) }, triedOnAnotherDay } as unknown as Case;
}

test('custody that nobody recorded is not the same as none', () => {
  expect(stateCustodyOf({ question: { at: 0 } } as unknown as Case, OUT_PROCESSING)).toBeUndefined();
  expect(custody('01T12:00', [])).toBe('not begun, does not run, no end');
});

describe('one basis', () => {
  test.each([
    ['before it begins', '01T09:59', 'not begun, does not run, no end'],
    ['at its first instant', '01T10:00', 'begun, runs, 01T14:00'],
    ['a minute before its end', '01T13:59', 'begun, runs, 01T14:00'],
    ['at its end', '01T14:00', 'begun, does not run, 01T14:00'],
  ])('%s', (_, now, found) => expect(custody(now, [basis('01T10:00', '01T14:00')])).toBe(found));
  test('without an end', () => expect(custody('05T10:00', [basis('01T10:00')])).toBe('begun, runs, no end'));
});

describe('several bases', () => {
  test.each<[string, readonly CustodyBasis[]]>([
    ['the later within the first', [basis('01T10:00', '01T14:00'), basis('01T11:00', '01T12:00')]],
    ['overlapping, in the other order', [basis('01T12:00', '01T14:00'), basis('01T10:00', '01T13:00')]],
    ['one beginning where the other ends', [basis('01T10:00', '01T12:00'), basis('01T12:00', '01T14:00')]],
  ])('%s: one custody until the last end', (_, bases) =>
    expect(custody('01T15:00', bases)).toBe('begun, does not run, 01T14:00'),
  );
  test('one of them has no end', () =>
    expect(custody('01T15:00', [basis('01T10:00', '01T14:00'), basis('01T11:00')])).toBe('begun, runs, no end'));
  test('one that begins only later does not count yet', () =>
    expect(custody('01T15:00', [basis('01T10:00', '01T14:00'), basis('10T00:00')])).toBe(
      'begun, does not run, 01T14:00',
    ));
});

describe('a gap', () => {
  const first = basis('01T10:00', '01T14:00');
  test('within out-processing the person had not gone yet: one custody', () => {
    expect(custody('01T21:00', [first, basis('01T14:05', '01T20:00')])).toBe('begun, does not run, 01T20:00');
    expect(custody('01T21:00', [first, basis('01T20:00', '01T20:30')])).toBe('begun, does not run, 01T20:30');
  });
  test('longer, the person had to be released: a basis found then holds, and the clock keeps its start', () =>
    expect(custody('01T20:30', [first, basis('01T20:01', '01T21:00')])).toBe('begun, runs, 01T14:00'));
  test('when that one has ended too, and in the other order', () =>
    expect(custody('01T22:00', [basis('01T20:01', '01T21:00'), first])).toBe('begun, does not run, 01T14:00'));
  test('one without an end', () =>
    expect(custody('05T00:00', [first, basis('03T00:00')])).toBe('begun, runs, 01T14:00'));
});

describe('an end without an hour', () => {
  const bailed: CustodyBasis = { ...basis('01T10:00'), endedBy: 'bail' };
  const release = (text: string): Order => ({ kind: 'release', by: 'judge', at: at(text) });
  test('how it ended is recorded, and not when', () =>
    expect(custody('01T15:00', [bailed])).toBe('in doubt: custody.bases[0].endedAt'));
  test('another basis holds the person in any case', () =>
    expect(custody('01T15:00', [bailed, basis('01T11:00')])).toBe('begun, runs, no end'));
  test('another that has ended settles nothing', () =>
    expect(custody('01T15:00', [basis('01T10:00', '01T14:00'), bailed])).toBe('in doubt: custody.bases[1].endedAt'));
  test('a court has ordered release since', () => {
    expect(custody('01T15:00', [basis('01T10:00')], false, [release('01T15:00')])).toBe(
      'in doubt: custody.bases[0].endedAt',
    );
    expect(custody('01T15:00', [basis('01T10:00')], false, [release('01T10:00')])).toBe(
      'in doubt: custody.bases[0].endedAt',
    );
  });
  test('an order from before the basis, one to come, and one to hold say nothing of it', () => {
    const orders: Order[] = [release('01T09:59'), release('01T15:01'), { ...release('01T12:00'), kind: 'hold' }];
    expect(custody('01T15:00', [basis('01T10:00')], false, orders)).toBe('begun, runs, no end');
  });
  test('an order by which another basis ended is explained', () => {
    const bases = [basis('01T09:00', '01T14:00'), basis('01T10:00')];
    expect(custody('01T15:00', bases, false, [release('01T14:00')])).toBe('begun, runs, no end');
    expect(custody('01T15:00', bases, false, [release('01T14:01')])).toBe('in doubt: custody.bases[1].endedAt');
  });
});

describe('a court’s order of release that contradicts the recorded end', () => {
  const found = (when: string, bases: readonly CustodyBasis[], orders: readonly Order[]): StateCustody | undefined =>
    stateCustodyOf(asked(when, bases, false, orders), OUT_PROCESSING);
  const release = (when: string): Order[] => [{ kind: 'release', by: 'judge', at: at(when) }];
  const ended = [basis('01T10:00', '03T20:00')];
  test('days before it: a person says which of the two is right', () =>
    expect(custody('03T21:00', ended, false, release('02T10:00'))).toBe('in doubt: custody.bases[0].endedAt'));
  test('limits count from the order, the earlier of the two', () =>
    expect(found('03T21:00', ended, release('02T10:00'))?.endsAt).toBe(at('02T10:00')));
  test('of several orders from the first', () =>
    expect(found('03T21:00', ended, [...release('02T12:00'), ...release('02T10:00')])?.endsAt).toBe(at('02T10:00')));
  test('never from before the end of a basis that the order says nothing of', () =>
    expect(found('03T21:00', [...ended, basis('02T11:00', '02T20:00')], release('02T10:00'))?.endsAt).toBe(
      at('02T20:00'),
    ));
  test('within out-processing it is the order by which custody ended', () =>
    expect(custody('03T21:00', ended, false, release('03T14:00'))).toBe('begun, does not run, 03T20:00'));
  test('a minute longer it is not', () =>
    expect(custody('03T21:00', ended, false, release('03T13:59'))).toBe('in doubt: custody.bases[0].endedAt'));
  test('by which another basis ended, it says nothing of this one', () =>
    expect(custody('03T21:00', [...ended, basis('01T10:00', '02T12:00')], false, release('02T10:00'))).toBe(
      'begun, does not run, 03T20:00',
    ));
  test('before the basis began, or of a booking tried on another day, it says nothing', () => {
    expect(custody('03T21:00', ended, false, release('01T09:00'))).toBe('begun, does not run, 03T20:00');
    expect(custody('01T09:00', ended, true, release('02T10:00'))).not.toContain('doubt');
  });
});

describe('a booking tried on another day', () => {
  test('all bases count, and the latest end of all', () => {
    expect(custody('01T15:00', [basis('20T00:00', '01T12:00'), basis('21T00:00', '01T14:00')], true)).toBe(
      'begun, does not run, 01T14:00',
    );
    expect(custody('01T13:00', [basis('20T00:00', '01T12:00'), basis('21T00:00', '01T14:00')], true)).toBe(
      'begun, runs, 01T14:00',
    );
    expect(custody('01T15:00', [basis('20T00:00')], true)).toBe('begun, runs, no end');
  });
});
