import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { csvRows } from '../src/adapters/csv/csv-rows.ts';
import { rulePacksIn } from '../src/adapters/rule-packs/store.ts';
import { replay, type Replayed } from '../src/app/replay/replay.ts';
import { dayFrom, type Day } from '../src/domain/time/instant.ts';
import { RULE_PACKS } from './support/packs.ts';
import { hasShared, SHARED } from './support/shared.ts';

// Pierce County's bookings with an ICE hold. The figures were counted by a script of a few lines in another language.
describe.skipIf(!hasShared())('the real file', async () => {
  const bookings: Replayed[] = [];
  const answer = hasShared()
    ? await replay(
        csvRows(join(SHARED, 'data/pierce-ice-holds/pierce_holds.csv')),
        rulePacksIn({ root: RULE_PACKS }),
        dayFrom('2026-11-24') ?? (0 as Day),
        (booking) => bookings.push(booking),
      )
    : undefined;
  const value = answer?.ok === true ? answer.value : undefined;

  test('62 bookings: 31 computable, 3 with ICE’s rows only, 28 whose charges end after the person left', () => {
    expect(value?.totals).toEqual({
      bookings: 62,
      computable: 31,
      over48Continuous: 0,
      over48ExcludingDays: 0,
      notComputable: { 'no-state-custody': 3, 'custody-ends-after-release': 28 },
    });
  });
  test('the longest stay past state custody is 15.8 hours', () => {
    expect(Math.max(...bookings.map((each) => each.hoursBetween ?? 0))).toBe(15.8);
  });
  test('P001: custody ended 08:00, released 14:00 on a summer day', () => {
    expect(bookings[0]).toMatchObject({
      caseId: 'P001',
      stateCustodyEndedAt: '2018-04-19T15:00:00Z',
      releasedAt: '2018-04-19T21:00:00Z',
      hoursBetween: 6,
    });
  });
  test('on the data alone no regime permits anything; with papers in order a mandate permits all, Washington none', () => {
    expect(value?.regimes.map((each) => [each.onTheDataAlone['permitted'], each.atMost['permitted']])).toEqual([
      [0, 0],
      [0, 0],
      [0, 31],
      [0, 31],
    ]);
    expect(value?.regimes.every((each) => each.assuming.length > 0)).toBe(true);
  });
});
