import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReadRow } from '../../app/replay/ports.ts';
import type { Result } from '../../domain/failure.ts';
import { csvRows } from './csv-rows.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'csv-rows-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(content: string | Buffer): string {
  const path = join(folder, 'export.csv');
  writeFileSync(path, content);
  return path;
}

async function read(path: string): Promise<Result<ReadRow>[]> {
  return Array.fromAsync(csvRows(path).rows(['id', 'time']));
}

/** What is said of a file, after the rows that came before. */
async function said(path: string): Promise<string | undefined> {
  const last = (await read(path)).at(-1);
  return last?.ok === false ? last.failures.map(({ where, message }) => `${where}: ${message}`).join('\n') : undefined;
}

test('rows with their lines, in any order of columns, with columns that nobody asked for', async () => {
  const rows = await read(file('time,more,id\nt1,x,A\nt2,"y, z",B\n'));
  expect(rows.map((row) => row.ok && { ...row.value.cells, line: row.value.line })).toEqual([
    { id: 'A', time: 't1', more: 'x', line: 2 },
    { id: 'B', time: 't2', more: 'y, z', line: 3 },
  ]);
});

test('a byte-order mark, Windows line ends, blanks around names and blank lines do no harm; a blank line is counted', async () => {
  const rows = await read(file('\ufeffid , time\r\nA,t1\r\n\r\nB,t2'));
  expect(rows.map((row) => row.ok && [row.value.cells['id'], row.value.cells['time'], row.value.line])).toEqual([
    ['A', 't1', 2],
    ['B', 't2', 4],
  ]);
});

test('the share of the file that has been read grows to the whole', async () => {
  const rows = await read(file(`id,time\n${'A,t\n'.repeat(1000)}`));
  const shares = rows.map((row) => (row.ok ? row.value.share : -1));
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares[0]).toBeLessThan(0.1);
  expect(shares.at(-1)).toBe(1);
});

test('a header and no row is no failure of the file', async () => {
  expect(await read(file('id,time\n'))).toEqual([]);
});

test.each([
  ['is empty', '', ': is empty; give an export with a header and rows'],
  ['lacks a column', 'id,day\nA,1\n', ':1: lacks the column time; the layout needs id, time'],
  ['lacks a column and has no row', 'id,day\n', ':1: lacks the column time; the layout needs id, time'],
  ['names a column twice', 'id,time,id\nA,1,B\n', ':1: has the column id twice; keep one'],
  ['has a row too short', 'id,time\nA,1\nB\n', ':3: has not as many cells as the header has columns'],
  ['has a row too long', 'id,time\nA,1,2\n', ':2: has not as many cells as the header has columns'],
  ['never closes a quotation mark', 'id,time\nA,"1\n', ':2: a quotation mark is opened and never closed'],
  [
    'has a stray quotation mark',
    'id,time\nA,"1"2\n',
    ':2: a quotation mark stands in the middle of a cell; write it twice, and the cell in quotation marks',
  ],
  [
    'has a row without end',
    `id,time\nA,"${'x'.repeat(70_000)}"\n`,
    ':2: is longer than 64 KiB, which no row is; look for a quotation mark that is never closed',
  ],
])('a file that %s', async (_, content, message) => {
  const path = file(content);
  const line = await said(path);
  expect(line).toBe(`${path}${message}`);
});

test('bytes that are no text', async () => {
  const path = file(Buffer.from([0x50, 0x4b, 3, 4, 0, 0xff, 0xfe, 10, 1, 2, 3]));
  expect(await said(path)).toBe(`${path}:1: lacks the column id, time; all that the layout needs`);
});

test('two gigabytes are refused before they are read', async () => {
  const path = file('');
  truncateSync(path, 2 * 1024 ** 3);
  expect(await said(path)).toBe(
    `${path}: is larger than 256 MiB, which no export of bookings is; give one year at a time`,
  );
});

test('no file, a folder, a pipe', async () => {
  mkdirSync(join(folder, 'sub'));
  expect(await said(join(folder, 'none.csv'))).toBe(`${join(folder, 'none.csv')}: there is no such file`);
  expect(await said(join(folder, 'sub'))).toBe(`${join(folder, 'sub')}: is a folder; give a file`);
  expect(await said('/dev/null')).toBe('/dev/null: is no file on a disk; save the export in one');
});

test('a reader that has heard enough leaves nothing open, and the file can be read again', async () => {
  const source = csvRows(file(`id,time\n${'A,t\n'.repeat(100_000)}`));
  for await (const row of source.rows(['id', 'time'])) {
    expect(row.ok).toBe(true);
    break;
  }
  let rows = 0;
  for await (const row of source.rows(['id', 'time'])) rows += row.ok ? 1 : 0;
  expect(rows).toBe(100_000);
});
