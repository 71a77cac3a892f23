import { describe, expect, test } from 'vitest';
import { dayOn, madeDaily, madeList, type MadeAgreement } from '../../../test/support/registry.ts';
import { historyUpTo } from './agreements.ts';
import { endingsOf } from './endings.ts';
import type { DatedList } from './list.ts';
import { reportOn } from './report.ts';
import { rowReader } from './sightings.ts';

const STAYS: MadeAgreement = ['TEXAS', "Smith County Sheriff's Office", 'WSO'];
const GOES: MadeAgreement = ['TEXAS', 'Nixon Police Department', 'WSO'];

/** Whole lists on these days, the one that goes only in the first. */
function goneAfterFirst(days: readonly string[]): DatedList[] {
  return days.map((day, index) => madeList(day, index === 0 ? [STAYS, GOES] : [STAYS, STAYS]));
}

function statusOfNixon(lists: readonly DatedList[], on = '2030-01-01'): string | undefined {
  const { agreements } = historyUpTo(lists, dayOn(on), rowReader());
  return agreements.find(({ agency }) => agency.startsWith('Nixon'))?.status.kind;
}

/** `2025-01-01` and every so many days after it. */
function days(count: number, apart: number): string[] {
  const first = Temporal.PlainDate.from('2025-01-01');
  return Array.from({ length: count }, (_, index) => first.add({ days: index * apart }).toString());
}

describe('an agreement that is gone from the lists', () => {
  test('in the last list: listed', () => {
    expect(statusOfNixon(madeDaily('2025-01-01', [[STAYS], [STAYS, GOES]]))).toBe('listed');
  });

  test('gone from the last list: absent, for absence from one list is no ending', () => {
    expect(statusOfNixon(goneAfterFirst(days(2, 1)))).toBe('absent');
  });

  test('gone from ten lists within nine days: absent', () => {
    expect(statusOfNixon(goneAfterFirst(days(11, 1)))).toBe('absent');
  });

  test('gone from nine lists over months: absent', () => {
    expect(statusOfNixon(goneAfterFirst(days(10, 20)))).toBe('absent');
  });

  test('gone from ten lists, thirty days from the first to the last of them: ended', () => {
    const tenth = Temporal.PlainDate.from('2025-01-02').add({ days: 30 }).toString();
    expect(statusOfNixon(goneAfterFirst([...days(10, 1), tenth]))).toBe('ended');
  });

  test('gone from ten lists over twenty-nine days: absent', () => {
    const tenth = Temporal.PlainDate.from('2025-01-02').add({ days: 29 }).toString();
    expect(statusOfNixon(goneAfterFirst([...days(10, 1), tenth]))).toBe('absent');
  });

  test('back again: listed, and what lay between is no ending', () => {
    const lists = [...goneAfterFirst(days(12, 20)), madeList('2026-01-01', [STAYS, GOES])];
    expect(statusOfNixon(lists)).toBe('listed');
    expect(statusOfNixon(lists, '2025-12-31')).toBe('ended');
  });

  test('lists after the day asked for are as if they had never been', () => {
    expect(statusOfNixon(goneAfterFirst(days(12, 20)), '2025-02-01')).toBe('absent');
    expect(statusOfNixon(goneAfterFirst(days(12, 20)), '2025-01-02')).toBe('listed');
  });
});

describe('a list that was cut off', () => {
  const many = Array.from({ length: 10 }, (_, index): MadeAgreement => [
    'OHIO',
    `Town ${index} Police Department`,
    'TFM',
  ]);

  test('shows nothing by what it lacks', () => {
    expect(statusOfNixon(madeDaily('2025-01-01', [[...many, GOES], many.slice(0, 5)]))).toBe('listed');
  });

  test('whose shortness the next two lists confirm is a list like any other', () => {
    const short = many.slice(0, 5);
    expect(statusOfNixon(madeDaily('2025-01-01', [[...many, GOES], short, short, short]))).toBe('absent');
  });

  test('after which ICE is back at full length stays without weight', () => {
    const lists = madeDaily('2025-01-01', [[...many, GOES], many.slice(0, 5), [...many, GOES]]);
    expect(statusOfNixon(lists)).toBe('listed');
  });
});

describe('endings', () => {
  const other: MadeAgreement = ['TEXAS', 'Nixon Police Department', 'TFM'];

  test('name the files that show them, and say when only the model changed', () => {
    const lists = days(12, 20).map((day, index) => madeList(day, index === 0 ? [STAYS, GOES] : [STAYS, other]));
    const endings = endingsOf(lists, { on: undefined, model: 'WSO', withAbsent: false });
    expect(endings).toEqual({
      ok: true,
      value: [
        {
          state: 'TX',
          agency: 'Nixon Police Department',
          model: 'WSO',
          status: 'ended',
          firstListed: '2025-01-01',
          lastListed: '2025-01-01',
          absentSince: '2025-01-21',
          stillHasOtherModel: true,
          evidence: {
            lastFileWith: 'participating-2025-01-01.xlsx',
            firstFileWithout: 'participating-2025-01-21.xlsx',
            listsWithout: 11,
            daysWithout: 200,
            spellings: ['Nixon Police Department'],
          },
        },
      ],
    });
  });

  test('hold the absent only when asked', () => {
    const lists = goneAfterFirst(days(2, 1));
    expect(endingsOf(lists, { on: undefined, model: undefined, withAbsent: false })).toEqual({ ok: true, value: [] });
    const all = endingsOf(lists, { on: undefined, model: undefined, withAbsent: true });
    expect(all).toMatchObject({ ok: true, value: [{ status: 'absent', agency: 'Nixon Police Department' }] });
  });

  test('of an empty history are a failure, not an empty list', () => {
    expect(endingsOf([], { on: undefined, model: undefined, withAbsent: false }).ok).toBe(false);
  });
});

describe('the report', () => {
  test('counts the last list as printed, and agreements once', () => {
    const lists = [madeList('2025-01-01', [STAYS, GOES, GOES, ['TEXAS', 'Nixon PD', 'TFM']])];
    expect(reportOn(lists, dayOn('2025-01-05'))).toMatchObject({
      ok: true,
      value: {
        on: '2025-01-05',
        list: {
          file: 'participating-2025-01-01.xlsx',
          dated: '2025-01-01',
          rows: 4,
          byModel: { WSO: 3, JEM: 0, TFM: 1 },
          agencies: 2,
        },
        agreements: { listed: 3, absent: 0, ended: 0, byModel: { WSO: 2, JEM: 0, TFM: 1 } },
        pending: null,
      },
    });
  });

  test('applications are no agreements', () => {
    const lists = [madeList('2025-01-01', [STAYS]), madeList('2025-01-02', [GOES], 'pending')];
    expect(reportOn(lists, dayOn('2025-01-05'))).toMatchObject({
      ok: true,
      value: { list: { dated: '2025-01-01' }, agreements: { listed: 1 }, pending: { dated: '2025-01-02', rows: 1 } },
    });
  });

  test('of a day before the first list says which the first is', () => {
    expect(reportOn([madeList('2025-01-01', [STAYS])], dayOn('2024-12-31'))).toMatchObject({
      ok: false,
      failures: [
        {
          code: 'not-found',
          message: expect.stringContaining('participating-2025-01-01.xlsx of 2025-01-01') as string,
        },
      ],
    });
  });
});
