import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RULE_PACKS } from '../../test/support/packs.ts';
import { csvFiles } from '../adapters/csv/csv-file.ts';
import { csvRows } from '../adapters/csv/csv-rows.ts';
import { rulePacksIn } from '../adapters/rule-packs/store.ts';
import type { ReplayPorts } from '../app/replay/ports.ts';
import { failed, ok } from '../domain/failure.ts';
import { dayFrom, type Day } from '../domain/time/instant.ts';
import type { CliContext } from './context.ts';
import { replayCommand } from './replay.ts';

const HEADER =
  'case_id,row_no,booking_dt,release_dt,is_ice_hold,charge_release_dt,jurisdiction_cd,release_disposition_desc,max_charge_is_other';

/** A booking of one charge and ICE's hold. */
function booking(id: string, ended: string, released: string): string[] {
  return [
    `${id},1,2018-01-01 08:00:00,${released},0,${ended},SUP,PR,0`,
    `${id},2,2018-01-01 08:00:00,${released},1,${released},IMM,Immigration,0`,
  ];
}

const SHORT = booking('SHORT', '2018-01-08 11:07:00', '2018-01-08 12:37:00');
// Friday to Monday: 73 h, 25 without the weekend.
const WEEKEND = booking('WEEKEND', '2018-01-05 11:07:00', '2018-01-08 12:07:00');
const LONG = booking('LONG', '2018-01-08 11:07:00', '2018-01-11 11:07:00');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(...rows: string[]): string {
  const path = join(folder, 'in.csv');
  writeFileSync(path, [HEADER, ...rows, ''].join('\n'));
  return path;
}

interface Ran {
  out: string;
  err: string;
  code: number | undefined;
}

async function run(args: string[], changed: Partial<ReplayPorts> = {}, world: Partial<CliContext> = {}): Promise<Ran> {
  const ran: Ran = { out: '', err: '', code: undefined };
  const context = {
    out: (text: string) => void (ran.out += text),
    err: (text: string) => void (ran.err += text),
    showsProgress: false,
    room: () => Promise.resolve(),
    exitWith: (code: number) => void (ran.code = code),
    ...world,
  };
  const ports: ReplayPorts = {
    rulePacks: rulePacksIn({ root: RULE_PACKS }),
    rowsAt: csvRows,
    tables: csvFiles(),
    today: () => dayFrom('2026-11-24') as Day,
    ...changed,
  };
  const command = replayCommand(context, ports).exitOverride().configureOutput({ writeErr: context.err });
  await command.parseAsync([...args, '--layout', 'pierce-holds'], { from: 'user' });
  return ran;
}

interface Json {
  bookings: { caseId: string; regimes: { regime: string; hoursPast: number }[] }[];
  totals: Record<string, unknown>;
  regimes: { regime: string; absent?: string; assuming: string; longer?: number; longestHoursPast?: number }[];
  cannotShow: string[];
}

async function json(path: string, changed: Partial<ReplayPorts> = {}): Promise<Json> {
  const { out, err, code } = await run([path, '--json'], changed);
  expect([err, code]).toEqual(['', undefined]);
  return JSON.parse(out) as Json;
}

describe('what is said', () => {
  test('three bookings: one within the time, one over it by a weekend, one over it in any reading', async () => {
    const { totals } = await json(file(...SHORT, ...WEEKEND, ...LONG));
    expect(totals).toMatchObject({ bookings: 3, computable: 3, over48Continuous: 2, over48ExcludingDays: 1 });
  });
  test('how many stayed longer than each regime could have allowed, and the longest by how much', async () => {
    const { regimes } = await json(file(...SHORT, ...WEEKEND, ...LONG));
    expect(regimes.map(({ longer, longestHoursPast }) => [longer, longestHoursPast])).toEqual([
      [3, 73],
      [3, 73],
      [2, 25],
      [2, 25],
    ]);
  });
  test('the assumption stands beside every regime, and what the file cannot show beside them all', async () => {
    const { regimes, cannotShow } = await json(file(...SHORT));
    for (const { assuming } of regimes) expect(assuming).toMatch(/^papers in order: /);
    expect(cannotShow.join(' ')).toContain('no violation');
  });
  test('in words: each booking in a line of its own, "longer than", and nothing called a violation', async () => {
    const { out } = await run([file(...SHORT, ...WEEKEND, ...LONG)]);
    expect(out).toMatch(/^WEEKEND {2}2018-01-05T19:07:00Z {2}2018-01-08T20:07:00Z +73\.00 {2}YES {6}no$/m);
    expect(out).toContain('3 bookings, 3 computable.');
    expect(out).toContain(
      '2 longer than 48 hours; 1 longer than 48 hours without Saturdays, Sundays and federal holidays.',
    );
    expect(out.match(/violat\w*/g)).toEqual(['violation']);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });
  test('the law of another day: in May 2018 Washington was silent, and no agreement of that kind existed', async () => {
    const { out } = await run([file(...SHORT), '--law-on', '2018-05-01']);
    expect(out).toContain('law of 2018-05-01');
    expect(out).not.toContain('RCW 10.93.160');
  });
});

describe('a regime whose law is not there', () => {
  const packs = rulePacksIn({ root: RULE_PACKS });
  test('no pack of the state: said, and the others are asked', async () => {
    const rulePacks = {
      packsFor: (jurisdiction: string) => {
        const loaded = packs.packsFor(jurisdiction);
        return loaded.ok ? ok(loaded.value.filter(({ path }) => path !== 'us/fl')) : loaded;
      },
    };
    const path = file(...SHORT);
    const { regimes, bookings } = await json(path, { rulePacks });
    expect(regimes.map(({ absent }) => absent)).toEqual([
      undefined,
      undefined,
      'there is no rule pack us/fl; nothing is said of its law',
      undefined,
    ]);
    expect(bookings[0]?.regimes).toHaveLength(3);
    expect((await run([path], { rulePacks })).out).toContain('not asked: there is no rule pack us/fl');
  });
  test('a pack that was never built: said with what to do', async () => {
    const stale = failed({ code: 'invalid-rule', where: 'us/wa', message: 'this rule pack was never built; build it' });
    const rulePacks = { packsFor: (path: string) => (path.startsWith('us/wa') ? stale : packs.packsFor(path)) };
    const { regimes } = await json(file(...SHORT), { rulePacks });
    expect(regimes[0]?.absent).toBe('us/wa: this rule pack was never built; build it');
  });
  test('without federal law there is no holiday to leave out: refused', async () => {
    const rulePacks = {
      packsFor: () => failed({ code: 'not-found' as const, where: 'x', message: 'holds no rule pack' }),
    };
    const { out, err, code } = await run([file(...SHORT)], { rulePacks });
    expect([out, err, code]).toEqual(['', 'x: holds no rule pack\n', 2]);
  });
});

describe('bad input: one line, exit 2, nothing written', () => {
  test.each([
    ['a header and no row', [], 'in.csv: holds a header and no row; give an export with at least one booking\n'],
    [
      'a bad date in the last row',
      [...SHORT, ...WEEKEND, 'X,1,2018-01-01 08:00:00,soon,0,,SUP,PR,0'],
      'in.csv:6, release_dt: "soon" is no time of any day; write 2018-04-19 14:00:00\n',
    ],
    [
      'rows of a booking that do not stand together',
      [...SHORT, ...WEEKEND, ...SHORT.slice(0, 1)],
      'in.csv:6: rows of SHORT stand further up too; sort the file so that the rows of a booking stand together\n',
    ],
    [
      'a booking of ten thousand rows and one',
      Array.from({ length: 10_001 }, () => SHORT[0] ?? ''),
      'in.csv:10002: SHORT has more than 10000 rows; look whether case_id is the id of a booking\n',
    ],
  ])('%s', async (_, rows, line) => {
    const path = file(...rows);
    for (const args of [[], ['--json']]) {
      const { out, err, code } = await run([path, ...args, '--csv', join(folder, 'out.csv')]);
      expect([out, err, code]).toEqual(['', join(folder, line), 2]);
    }
    expect(readdirSync(folder)).toEqual(['in.csv']);
  });
  test('a table that cannot be begun stops the replay before a word', async () => {
    const { out, err, code } = await run([file(...SHORT), '--csv', join(folder, 'none/out.csv')]);
    expect([out, code]).toEqual(['', 2]);
    expect(err).toBe(`${join(folder, 'none/out.csv')}: cannot be written: there is no such folder\n`);
  });
  test('a reader that throws leaves no table half-written', async () => {
    const rowsAt = (name: string): ReturnType<ReplayPorts['rowsAt']> => ({
      name,
      rows: () => {
        throw new Error('a bug');
      },
    });
    await expect(run([file(...SHORT), '--csv', join(folder, 'out.csv')], { rowsAt })).rejects.toThrow('a bug');
    expect(readdirSync(folder)).toEqual(['in.csv']);
  });
});

describe('--csv', () => {
  test('a row for each booking, as many cells in each, the regimes’ empty where nothing computes', async () => {
    const only = '7,1,2018-01-01 08:00:00,2018-01-08 12:00:00,1,,IMM,Immigration,0';
    const target = join(folder, 'out.csv');
    const { code } = await run([file(only, ...LONG), '--csv', target]);
    expect(code).toBeUndefined();
    const rows = parse(readFileSync(target, 'utf8'), { columns: true }) as unknown as Record<string, string>[];
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({ caseId: '7', hoursBetween: '', notComputable: 'no-state-custody' });
    expect(rows[0]?.['federal WSO agreement, law of today: hours past']).toBe('');
    expect(rows[1]).toMatchObject({ caseId: 'LONG', hoursBetween: '72', over48Continuous: 'true', notComputable: '' });
    expect(rows[1]?.['federal WSO agreement, law of today: hours past']).toBe('24');
    expect(existsSync(target)).toBe(true);
  });
});

test('a slow reader is waited for after every booking', async () => {
  let waited = 0;
  const room = async (): Promise<void> => {
    await Promise.resolve();
    waited += 1;
  };
  await run([file(...SHORT, ...WEEKEND, ...LONG)], {}, { room });
  expect(waited).toBe(3);
});

describe('progress', () => {
  test('on a terminal a bar is drawn and wiped, beside the answer and never in it', async () => {
    const { out, err } = await run([file(...SHORT, ...LONG)], {}, { showsProgress: true });
    expect(err).toContain('checking  [');
    expect(err).toContain('replaying [========================]');
    expect(err.endsWith('\r\u001b[K')).toBe(true);
    expect(out).not.toContain('\r');
  });
  test('elsewhere there is none', async () => {
    expect((await run([file(...SHORT)])).err).toBe('');
  });
  test('it is drawn anew only where it looks otherwise, however many the bookings', async () => {
    const many = Array.from({ length: 2000 }, (_, index) =>
      booking(`B${index}`, '2018-01-08 11:07:00', '2018-01-08 12:07:00'),
    );
    const { err } = await run([file(...many.flat()), '--json'], {}, { showsProgress: true });
    expect(err.split('\r').length).toBeLessThan(60);
  });
});
