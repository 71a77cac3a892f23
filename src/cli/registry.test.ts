import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError, type Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { madeWorkbook, zipped, type MadeRow } from '../../test/support/workbook.ts';
import { historyFile, reportWriter } from '../adapters/history-file/history-file.ts';
import { fileFinder } from '../adapters/workbook/find-files.ts';
import { workbookReader } from '../adapters/workbook/workbook-reader.ts';
import { registryCommand } from './registry.ts';

const HEADER = ['STATE', 'LAW ENFORCEMENT AGENCY', 'TYPE', 'COUNTY', 'SUPPORT TYPE', 'SIGNED', 'MOA'];
const SMITH = [
  'TEXAS',
  'Smith County Sheriff’s Office',
  'County',
  'Smith County',
  'Warrant Service Officer',
  43990,
  'link',
];
const NIXON = [
  'TEXAS ',
  'Nixon Police Department',
  'Municipality',
  { text: '#N/A', error: true as const },
  'Task Force Model',
  '7/72025',
];

let folder = '';
let db = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
  db = join(folder, 'kept', 'registry.json');
});
afterEach(() => rm(folder, { recursive: true }));

interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number | undefined;
}

async function run(...args: string[]): Promise<Ran> {
  const ran = { out: '', err: '', code: undefined as number | undefined };
  const context = {
    out: (text: string) => (ran.out += text),
    err: (text: string) => (ran.err += text),
    showsProgress: false,
    room: () => Promise.resolve(),
    exitWith: (code: number) => (ran.code = code),
  };
  const ports = { files: fileFinder(), workbooks: workbookReader(), historyAt: historyFile, reports: reportWriter() };
  const command = registryCommand(context, ports);
  const all: Command[] = [command, ...command.commands];
  for (const each of all) each.exitOverride().configureOutput({ writeErr: (text) => context.err(text) });
  try {
    await command.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    ran.code = 2;
  }
  return ran;
}

async function make(name: string, rows: readonly MadeRow[], modified: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, madeWorkbook({ rows, modified }));
  return path;
}

/** One good list and the history made of it. */
async function imported(): Promise<{ path: string; bytes: string }> {
  const path = await make('participatingAgencies07082025pm.xlsx', [HEADER, SMITH, NIXON], '2025-07-08T17:52:56Z');
  expect((await run('import', path, '--db', db)).code).toBe(0);
  return { path, bytes: await hashOf(db) };
}

async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

describe('registry import', () => {
  test('reports every cell that was read otherwise, with file, sheet, cell and reason', async () => {
    const path = await make('participatingAgencies07082025pm.xlsx', [HEADER, SMITH, NIXON], '2025-07-08T17:52:56Z');
    const { out, code } = await run('import', path, '--db', db, '--json');
    expect(code).toBe(0);
    const summary = JSON.parse(out) as {
      changes: unknown[];
      notUnderstood: unknown[];
      lists: unknown[];
      copies: unknown[];
    };
    const at = (cell: string) => ({ file: 'participatingAgencies07082025pm.xlsx', sheet: 'Sheet1', cell });
    expect(summary.changes).toEqual([
      {
        ...at('B2'),
        from: 'Smith County Sheriff’s Office',
        to: "Smith County Sheriff's Office",
        reason: 'typographic apostrophe made plain',
      },
      { ...at('A3'), from: 'TEXAS ', to: 'TEXAS', reason: 'white space trimmed or made one' },
      { ...at('D3'), from: '#N/A', to: '', reason: 'no county: an error cell or a mark for none' },
      { ...at('F3'), from: '7/72025', to: '2025-07-07', reason: 'signing date lacks a slash' },
    ]);
    expect(summary.notUnderstood).toEqual([]);
    expect(summary.copies).toEqual([]);
    expect(summary.lists).toMatchObject([{ kind: 'participating', dated: '2025-07-08', datedBy: 'name', rows: 2 }]);
  });

  test('reports what it cannot understand, and counts the row all the same', async () => {
    const odd: MadeRow = ['ONTARIO', 'Sarnia Police Service', 'City', '', 'Task Force Model', 'soon', 'ask'];
    const path = await make('participatingAgencies07082025pm.xlsx', [HEADER, SMITH, odd], '2025-07-08T17:52:56Z');
    const { out } = await run('import', path, '--db', db, '--json');
    const { notUnderstood } = JSON.parse(out) as { notUnderstood: { cell: string; text: string }[] };
    expect(notUnderstood.map(({ cell, text }) => `${cell} ${text}`)).toEqual([
      'A3 ONTARIO',
      'C3 City',
      'F3 soon',
      'G3 ask',
    ]);
    const report = await run('report', '--on', '2025-07-08', '--db', db, '--json');
    expect(JSON.parse(report.out)).toMatchObject({
      list: { rows: 2, byModel: { WSO: 1, TFM: 1 } },
      agreements: { listed: 1 },
    });
  });

  test('takes byte-identical files once and says so', async () => {
    const { path } = await imported();
    const copy = join(folder, 'participatingAgencies08212025am.xlsx');
    await writeFile(copy, await readFile(path));
    const { out } = await run('import', path, copy, '--db', db, '--json');
    expect(JSON.parse(out)).toMatchObject({
      lists: [{ file: 'participatingAgencies07082025pm.xlsx', dated: '2025-07-08' }],
      copies: [{ file: 'participatingAgencies08212025am.xlsx', copyOf: 'participatingAgencies07082025pm.xlsx' }],
    });
  });

  test('a second time changes nothing, byte for byte', async () => {
    const { path, bytes } = await imported();
    expect((await run('import', path, '--db', db)).code).toBe(0);
    expect(await hashOf(db)).toBe(bytes);
  });

  test('one file after the other gives the same history as all at once, in any order', async () => {
    const first = await make('participatingAgencies07082025pm.xlsx', [HEADER, SMITH, NIXON], '2025-07-08T17:52:56Z');
    const second = await make('participatingAgencies07092025am.xlsx', [HEADER, SMITH], '2025-07-09T12:00:00Z');
    const other = join(folder, 'other.json');
    await run('import', second, '--db', db);
    await run('import', first, '--db', db);
    await run('import', first, second, '--db', other);
    const question = ['report', '--on', '2025-07-09', '--json', '--db'];
    expect((await run(...question, db)).out).toBe((await run(...question, other)).out);
  });

  test('searches folders and globs', async () => {
    const lists = join(folder, 'lists', 'deep');
    await mkdir(lists, { recursive: true });
    await writeFile(
      join(lists, 'participatingAgencies07082025pm.xlsx'),
      madeWorkbook({ rows: [HEADER, SMITH], modified: '2025-07-08T10:00:00Z' }),
    );
    await writeFile(join(lists, '~$participatingAgencies07082025pm.xlsx'), 'lock');
    for (const pattern of [join(folder, 'lists'), join(folder, 'lists', '**', 'part*.xlsx')]) {
      const { out, code } = await run('import', pattern, '--db', db, '--json');
      expect([code, (JSON.parse(out) as { lists: unknown[] }).lists.length]).toEqual([0, 1]);
    }
  });

  test('a workbook of another kind beside the lists is reported and does not stop them', async () => {
    const list = await make('participatingAgencies07082025pm.xlsx', [HEADER, SMITH], '2025-07-08T17:52:56Z');
    const stats = await make('FY24_detentionStats.xlsx', [['Facility', 'Beds']], '2025-07-08T17:52:56Z');
    const { out, code } = await run('import', list, stats, '--db', db, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ notUnderstood: [{ file: 'FY24_detentionStats.xlsx' }] });
  });

  test('--changes writes them one JSON object a line', async () => {
    const path = await make('participatingAgencies07082025pm.xlsx', [HEADER, SMITH], '2025-07-08T17:52:56Z');
    const changes = join(folder, 'changes.jsonl');
    await run('import', path, '--db', db, '--changes', changes);
    expect(
      (await readFile(changes, 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { cell: string }).cell),
    ).toEqual(['B2']);
  });

  test('a history packed with gzip is read back', async () => {
    const path = await make('participatingAgencies07082025pm.xlsx', [HEADER, SMITH], '2025-07-08T17:52:56Z');
    const packed = join(folder, 'registry.json.gz');
    await run('import', path, '--db', packed);
    expect((await readFile(packed)).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    expect((await run('report', '--on', '2025-07-08', '--db', packed)).code).toBe(0);
  });
});

describe('bad input: one line, exit 2, and the history as it was', () => {
  async function refused(bad: string, ...more: string[]): Promise<string> {
    const { path, bytes } = await imported();
    const { out, err, code } = await run('import', path, bad, '--db', db, ...more);
    expect([code, out]).toEqual([2, '']);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(await hashOf(db)).toBe(bytes);
    expect(await readdir(join(folder, 'kept'))).toEqual(['registry.json']);
    return err;
  }

  test('an unreadable workbook, named by its path', async () => {
    const bad = join(folder, 'bad.xlsx');
    await writeFile(bad, 'not a zip');
    expect(await refused(bad)).toContain(bad);
  });

  test('an empty file', async () => {
    const bad = join(folder, 'empty.xlsx');
    await writeFile(bad, '');
    expect(await refused(bad)).toBe(`${bad}: the file is empty\n`);
  });

  test('a zip bomb', async () => {
    const bad = join(folder, 'bomb.xlsx');
    await writeFile(bad, zipped({ 'xl/workbook.xml': ' '.repeat(30 * 1024 * 1024) }));
    expect(await refused(bad)).toMatch(/zip bomb/);
  });

  test('a file that is not there', async () => {
    const bad = join(folder, 'nowhere', '*.xlsx');
    expect(await refused(bad)).toContain(bad);
  });

  test('a file of changes that cannot be written', async () => {
    const { path, bytes } = await imported();
    const more = await make('participatingAgencies07092025am.xlsx', [HEADER, SMITH], '2025-07-09T12:00:00Z');
    const blocked = join(path, 'changes.jsonl');
    const { err, code } = await run('import', more, '--db', db, '--changes', blocked);
    expect([code, err.includes(blocked)]).toEqual([2, true]);
    expect(await hashOf(db)).toBe(bytes);
  });

  test('an unknown option', async () => {
    expect(await refused(join(folder, 'x.xlsx'), '--force')).toContain("unknown option '--force'");
  });

  test('no list among the files', async () => {
    const stats = await make('stats.xlsx', [['Facility', 'Beds']], '2025-07-08T17:52:56Z');
    const { err, code } = await run('import', stats, '--db', db);
    expect(code).toBe(2);
    expect(err).toContain('no list of 287(g) agencies was found');
    await expect(readFile(db)).rejects.toThrow('ENOENT');
  });

  test('a damaged history is refused by import and report, and never replaced', async () => {
    const { path } = await imported();
    await writeFile(db, '{"format":"writkeeper-registry/1","rows":[],"lists":[{}]}');
    const before = await hashOf(db);
    expect(await run('import', path, '--db', db)).toMatchObject({
      code: 2,
      err: expect.stringContaining(db) as string,
    });
    expect(await run('report', '--on', '2025-07-08', '--db', db)).toMatchObject({ code: 2, out: '' });
    expect(await hashOf(db)).toBe(before);
  });

  test('a history that cannot be written', async () => {
    const path = await make('participatingAgencies07082025pm.xlsx', [HEADER, SMITH], '2025-07-08T17:52:56Z');
    const blocked = join(path, 'registry.json');
    expect(await run('import', path, '--db', blocked)).toMatchObject({
      code: 2,
      err: expect.stringContaining(blocked) as string,
    });
  });

  test.each([
    ['report without a day', ['report']],
    ['a day that is none', ['report', '--on', '2025-02-30']],
    ['a model that is none', ['endings', '--model', 'XYZ']],
    ['an unknown option of report', ['report', '--on', '2025-07-08', '--verbose']],
  ])('%s', async (_, args) => {
    expect(await run(...args)).toMatchObject({ code: 2, out: '' });
  });
});

test('endings of a model, as text and as JSON', async () => {
  await imported();
  const first = Temporal.PlainDate.from('2025-07-09');
  const later = await Promise.all(
    Array.from({ length: 11 }, (_, index) => {
      const day = first.add({ days: index * 4 });
      const [year = '', month = '', date = ''] = day.toString().split('-');
      const other: MadeRow = ['OHIO', 'Hudson Police Department', '', '', 'Task Force Model'];
      return make(
        `participatingAgencies${month}${date}${year}am.xlsx`,
        [HEADER, SMITH, other],
        `${day.toString()}T12:00:00Z`,
      );
    }),
  );
  await run('import', ...later, '--db', db);
  const { out } = await run('endings', '--model', 'TFM', '--json', '--db', db);
  expect(JSON.parse(out)).toMatchObject([
    {
      state: 'TX',
      agency: 'Nixon Police Department',
      model: 'TFM',
      firstListed: '2025-07-08',
      lastListed: '2025-07-08',
      absentSince: '2025-07-09',
      stillHasOtherModel: false,
      evidence: {
        lastFileWith: 'participatingAgencies07082025pm.xlsx',
        firstFileWithout: 'participatingAgencies07092025am.xlsx',
      },
    },
  ]);
  expect((await run('endings', '--on', '2025-07-20', '--db', db)).out).toBe('0 endings\n');
  expect((await run('endings', '--db', db)).out).toContain('Nixon Police Department');
});
