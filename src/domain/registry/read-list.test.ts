import { expect, test } from 'vitest';
import { readList } from './read-list.ts';
import type { Sheet, SheetCell } from './sheet.ts';

const PENDING = ['STATE', 'LAW ENFORCEMENT AGENCY', 'TYPE', 'COUNTY', 'SUPPORT TYPE'];

function sheet(...rows: readonly (readonly string[])[]): Sheet {
  const cells = (row: readonly string[]): SheetCell[] =>
    row.flatMap((text, index): SheetCell[] =>
      text === '' ? [] : [{ column: String.fromCharCode(65 + index), kind: 'text', text }],
    );
  return { name: 'Sheet1', rows: rows.map((row, index) => ({ number: index + 1, cells: cells(row) })) };
}

function read(...sheets: readonly Sheet[]) {
  const workbook = { modified: '2025-09-22T16:17:25Z', datesFrom1904: false, sheets };
  return readList('pendingAgencies09222025pm.xlsx', 'f'.repeat(64), workbook);
}

test('a list of agreements under the name of a pending list is a list of agreements', () => {
  expect(read(sheet([...PENDING, 'SIGNED', 'MOA', 'ADDENDUM'], ['TEXAS', 'A', '', '', 'x'])).list?.kind).toBe(
    'participating',
  );
  expect(read(sheet(PENDING, ['TEXAS', 'A', '', '', 'x'])).list?.kind).toBe('pending');
});

test('columns in another order, without a county, are found by their titles', () => {
  const { list } = read(sheet(['MOA ', 'Support  type', 'state', 'law enforcement agency', 'SIGNED']));
  expect(list?.columns).toEqual({ moa: 'A', model: 'B', state: 'C', agency: 'D', signed: 'E' });
});

test('blank rows are dropped, and rows keep their numbers', () => {
  const { list } = read(sheet(PENDING, ['TEXAS', 'A', '', '', 'x'], ['', ' ', '\u00a0'], ['TEXAS', 'B', '', '', 'x']));
  expect(list?.entries.map(({ row }) => row)).toEqual([2, 4]);
});

test('a title above the header, an unknown column and a note beside the table are reported, not dropped', () => {
  const { list, notUnderstood } = read(
    sheet(['287(g) pending'], [...PENDING, 'STATUS'], ['TEXAS', 'A', '', '', 'x', 'signed', 'see below']),
  );
  expect(list?.entries).toHaveLength(1);
  expect(notUnderstood.map(({ cell, text, reason }) => `${cell} ${text}: ${reason}`)).toEqual([
    'F2 STATUS: a column of this title is not known',
    'A1 287(g) pending: a cell outside the columns of the list',
    'F3 signed: a cell outside the columns of the list',
    'G3 see below: a cell outside the columns of the list',
  ]);
});

test('a workbook without such a header is no list, and that is reported', () => {
  const { list, notUnderstood } = read(sheet(['Facility', 'State'], ['A', 'TX']));
  expect(list).toBeUndefined();
  expect(notUnderstood).toMatchObject([
    { sheet: 'Sheet1', cell: '', reason: expect.stringContaining('no header') as string },
  ]);
});

test('an empty workbook is reported', () => {
  expect(read(sheet()).notUnderstood).toMatchObject([{ reason: 'the workbook holds no cell' }]);
});

test('a second list in the workbook is reported', () => {
  const { list, notUnderstood } = read(sheet(PENDING, ['TEXAS', 'A', '', '', 'x']), { ...sheet(PENDING), name: 'Old' });
  expect(list?.sheet).toBe('Sheet1');
  expect(notUnderstood).toMatchObject([{ sheet: 'Old', reason: expect.stringContaining('second list') as string }]);
});
