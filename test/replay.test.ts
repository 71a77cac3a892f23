import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { csvRows } from '../src/adapters/csv/csv-rows.ts';
import { rulePacksIn } from '../src/adapters/rule-packs/store.ts';
import { replay, type Report } from '../src/app/replay/replay.ts';
import { pierceHolds } from '../src/domain/replay/pierce-holds.ts';
import type { Replayed } from '../src/domain/replay/totals.ts';
import { dayFrom, type Day } from '../src/domain/time/instant.ts';
import { RULE_PACKS } from './support/packs.ts';
import { hasShared, SHARED } from './support/shared.ts';

async function replayed(): Promise<{ bookings: Replayed[]; report: Report }> {
  const bookings: Replayed[] = [];
  const answer = await replay(
    csvRows(join(SHARED, 'data/pierce-ice-holds/pierce_holds.csv')),
    pierceHolds,
    rulePacksIn({ root: RULE_PACKS }),
    dayFrom('2026-11-24') as Day,
    { booking: (booking) => bookings.push(booking) },
  );
  if (!answer.ok) throw new Error(JSON.stringify(answer.failures));
  return { bookings, report: answer.value };
}

// Pierce County's bookings with an ICE hold. The figures were counted by a script of a few lines in another language.
describe.skipIf(!hasShared())('the real file', async () => {
  const real = hasShared() ? await replayed() : undefined;
  const hours = new Map(real?.bookings.map(({ caseId, hoursBetween }) => [caseId, hoursBetween]));

  test('62 bookings: 31 computable, 3 with ICE’s rows only, 28 whose charges end after the person left', () => {
    expect(real?.report.totals).toMatchObject({
      bookings: 62,
      computable: 31,
      over48Continuous: 0,
      over48ExcludingDays: 0,
      notComputable: { 'no-state-custody': 3, 'custody-ends-after-release': 28 },
    });
  });
  test('what the file leaves open, and in how many bookings', () => {
    expect(real?.report.totals.doubts).toEqual({
      'end-on-the-hour': 47,
      'end-is-release': 14,
      'left-in-other-custody': 15,
      'ice-hold-ends-before-release': 15,
      'not-taken-by-ice': 3,
      'detainer-cancelled': 4,
    });
  });
  test('the hours between, booking by booking, where there are any', () => {
    const some = [...hours].filter(([, each]) => each !== null && each > 0);
    expect(Object.fromEntries(some)).toEqual({
      P001: 6,
      P011: 4.73,
      P021: 15.8,
      P031: 1.5,
      P044: 1.37,
      P091: 1.9,
      P101: 1.8,
      P104: 4.92,
      P117: 0.17,
      P134: 6.03,
      P147: 3.28,
      P154: 0.57,
      P161: 0.67,
      P174: 1,
      P181: 0.5,
      P184: 0.93,
      P191: 0.75,
    });
    expect([...hours.values()].filter((each) => each === 0)).toHaveLength(14);
  });
  test('P001: custody ended 08:00, released 14:00 on a summer day', () => {
    expect(real?.bookings[0]).toMatchObject({
      caseId: 'P001',
      stateCustodyEndedAt: '2018-04-19T15:00:00Z',
      releasedAt: '2018-04-19T21:00:00Z',
      hoursBetween: 6,
    });
  });
  test('on the data alone every answer is open: each turns on papers that the file does not hold', () => {
    for (const regime of real?.report.regimes ?? []) {
      expect(regime).toMatchObject({ onTheDataAlone: { permitted: 0, prohibited: 0, undetermined: 31 } });
    }
  });
  test('at most, a mandate and an agreement allow 29, Washington none; two holds ICE had cancelled itself', () => {
    const atMost = real?.report.regimes.map((each) =>
      'absent' in each ? each.absent : [each.atMost.permitted, each.longer],
    );
    expect(atMost).toEqual([
      [0, 17],
      [0, 17],
      [29, 0],
      [29, 0],
    ]);
  });
  test('every booking is older than Washington’s statute, which decides none of them by its own day', () => {
    const [own, today] = real?.report.regimes ?? [];
    const rules = (each: typeof own): string[] =>
      each === undefined || 'absent' in each ? [] : each.because.map(({ rule, bookings }) => `${bookings} ${rule}`);
    expect(rules(own)).toEqual(['29 us.default-deny', '2 us.detainer.d9-cancelled']);
    expect(rules(today)).toContain('29 us.wa.no-hold');
  });
});
