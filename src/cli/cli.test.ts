import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { edited } from '../domain/case/edit.ts';
import type { Answer } from '../domain/decision/answer.ts';

// The program as a person meets it: its launcher, its words, its exit codes.

const home = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'writkeeper-cli-'));
const florida = JSON.parse(readFileSync(join(home, 'demo/florida-wso.json'), 'utf8')) as unknown;

function run(
  args: readonly string[],
  input = '',
  env: Record<string, string> = {},
): { code: number | null; out: string; err: string } {
  const child = spawnSync(process.execPath, [join(home, 'bin/writkeeper.mjs'), ...args], {
    input,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: child.status, out: child.stdout, err: child.stderr };
}

function file(name: string, content: string): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

function changed(set: Record<string, unknown>, remove: string[] = []): string {
  const document = edited(florida, set, remove);
  if (!document.ok) throw new Error('no such place');
  return JSON.stringify(document.value);
}

describe('decide', () => {
  test('a permitted hold: the order in capitals, until when in both clocks, exit 0', () => {
    const { code, out } = run(['decide', join(home, 'demo/florida-wso.json')]);
    expect(code).toBe(0);
    expect(out).toContain(
      'HOLD, AND NOT ONE MINUTE PAST Sun Nov 29 2026 23:05 America/New_York (Mon Nov 30 2026 04:05 UTC)',
    );
    expect(out).toContain('PERMITTED, AND REQUIRED BY LAW');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });
  test('a prohibited one: RELEASE NOW, exit 10', () => {
    const { code, out } = run(['decide', join(home, 'demo/los-angeles.json')]);
    expect(code).toBe(10);
    expect(out.split('\n')[1]).toBe('RELEASE NOW.');
    expect(out).toContain('Past release since');
  });
  test('an open one: whom to ask, what is missing, exit 20', () => {
    const { code, out } = run(['decide', '-'], changed({}, ['person.identity']));
    expect(code).toBe(20);
    expect(out).toContain('ASK YOUR SUPERVISOR OR COUNSEL NOW. THE CLOCK KEEPS RUNNING.');
    expect(out).toContain('  person.identity');
  });
  test('the same bytes in any time zone and locale', () => {
    const args = ['decide', join(home, 'demo/florida-wso.json'), '--json'];
    const here = run(args, '', { TZ: 'Pacific/Auckland', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' });
    const there = run(args, '', { TZ: 'America/Anchorage', LANG: 'C', LC_ALL: 'C' });
    expect(here.out).toBe(there.out);
    expect((JSON.parse(here.out) as Answer).clock.deadline).toBe('2026-11-30T04:05:00Z');
  });
  test('one case a line: an answer a line, and the place of a bad one is kept', () => {
    const lines = [changed({}), 'not json', '', changed({ 'person.name': 'X' }), changed({}, ['person.identity'])].join(
      '\n',
    );
    const { code, out, err } = run(['decide', file('batch.jsonl', lines), '--json', '--batch']);
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Partial<Answer> & { line?: number });
    expect(answers.map((each) => each.outcome ?? each.line)).toEqual(['permitted', 2, 4, 'undetermined']);
    expect(err).toContain('batch.jsonl:4: person.name: is no key of the case contract');
    expect(code).toBe(2);
  });
});

describe('bad input is one clear line on standard error, nothing on standard output, exit 2', () => {
  test.each<[string, () => string[], string, string]>([
    [
      'an unknown key',
      () => ['decide', '-'],
      changed({ 'detainers[0].sined': true }),
      'standard input: detainers[0].sined: is no key',
    ],
    [
      'a wrong type',
      () => ['decide', '-'],
      changed({ 'detainers[0].signed': 'yes' }),
      'detainers[0].signed: must be true or false, not "yes"',
    ],
    [
      'custody that ends before it began',
      () => ['decide', '-'],
      changed({ 'custody.bases[0].endedAt': '2026-11-01T00:00:00Z' }),
      'custody.bases[0].endedAt: is before since',
    ],
    [
      'an unknown time zone',
      () => ['decide', '-'],
      changed({ 'facility.timeZone': 'Mars/Olympus' }),
      'facility.timeZone: is no time zone',
    ],
    [
      'an empty file',
      () => ['decide', file('empty.json', '')],
      '',
      'empty.json: this is no JSON document (it is empty)',
    ],
    ['no JSON', () => ['decide', file('text.json', '{"question":')], '', 'text.json: this is no JSON document'],
    ['no such file', () => ['decide', join(scratch, 'nowhere.json')], '', 'nowhere.json: there is no such file'],
    ['a folder', () => ['decide', scratch], '', 'is a folder; give a file'],
    ['no text', () => ['decide', '-'], '\u0000', 'this is no JSON document'],
    ['an unknown option', () => ['decide', '-', '--force'], '', "error: unknown option '--force'"],
    ['an unknown command', () => ['deport'], '', "error: unknown command 'deport'"],
    ['no case', () => ['decide'], '', "error: missing required argument 'case'"],
    [
      'rule packs that are not there',
      () => ['decide', '-', '--packs', scratch],
      changed({}),
      'holds no rule pack "us"',
    ],
    [
      'an unknown rule',
      () => ['rules', 'explain', 'us.detainer.d2-unsinged'],
      '',
      'us.detainer.d2-unsinged: no pack has a rule of this id; near: us.detainer',
    ],
    ['a jurisdiction that climbs out', () => ['rules', 'new', '../../etc'], '', '../../etc: is no jurisdiction'],
    [
      'a layout that nobody knows',
      () => ['replay', 'x.csv', '--layout', 'excel'],
      '',
      'Allowed choices are pierce-holds',
    ],
    ['an empty export', () => ['replay', file('empty.csv', ''), '--layout', 'pierce-holds'], '', 'empty.csv: is empty'],
    [
      'an export with other columns',
      () => ['replay', file('other.csv', 'a,b\n1,2\n'), '--layout', 'pierce-holds'],
      '',
      'other.csv:1: lacks the column case_id',
    ],
    [
      'a workbook that is none',
      () => ['registry', 'import', file('x.xlsx', 'hello'), '--db', join(scratch, 'r.json')],
      '',
      'x.xlsx',
    ],
  ])('%s', (_, args, input, line) => {
    const { code, out, err } = run(args(), input);
    expect(err).toContain(line);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
  test('a file of two gigabytes is refused without being read', () => {
    for (const [name, args] of [
      ['huge.json', ['decide']],
      ['huge.csv', ['replay', '--layout', 'pierce-holds']],
    ] as const) {
      const path = file(name, '');
      truncateSync(path, 2 * 1024 * 1024 * 1024);
      const { code, err } = run([args[0], path, ...args.slice(1)]);
      expect(err).toMatch(/is larger than/);
      expect(code).toBe(2);
    }
  });
  test('nothing is half-written when a replay fails in the middle', () => {
    const header =
      'case_id,row_no,booking_dt,release_dt,is_ice_hold,charge_release_dt,jurisdiction_cd,release_disposition_desc,max_charge_is_other';
    const good = 'A,1,2018-01-01 08:00:00,2018-01-03 09:00:00,0,2018-01-03 08:00:00,SUP,Dismissed,0';
    const path = file('broken.csv', `${header}\n${good}\nB,1,yesterday,2018-01-03 09:00:00,0,,SUP,x,0\n`);
    const target = join(scratch, 'out.csv');
    const { code, out, err } = run(['replay', path, '--layout', 'pierce-holds', '--csv', target]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('broken.csv:3, booking_dt: "yesterday" is no time');
    expect(existsSync(target)).toBe(false);
  });
});

describe('rules', () => {
  const tree = join(scratch, 'packs');
  test('a new pack checks, is proved, and permits nothing until counsel states the law', () => {
    spawnSync('cp', ['-r', join(home, 'rule-packs'), tree]);
    expect(run(['rules', 'new', 'us/ks/finney-county', '--packs', tree]).code).toBe(0);
    expect(run(['rules', 'build', '--packs', tree]).code).toBe(0);
    expect(run(['rules', 'check', '--packs', tree]).code).toBe(0);
    const tested = run(['rules', 'test', join(tree, 'us/ks/finney-county'), '--packs', tree]);
    expect(tested.out).toContain('1 passed, 0 failed');
    expect(run(['rules', 'new', 'us/ks/finney-county', '--packs', tree]).err).toContain('is there already');
  });
  test('a fault in a rule is named with file, line, column and the mend', () => {
    const path = join(tree, 'us/ks/finney-county/first-rule.cedar');
    writeFileSync(path, readFileSync(path, 'utf8').replace('when { true }', 'when {\n  context.detainer.sined\n}'));
    const { code, err } = run(['rules', 'check', '--packs', tree]);
    expect(code).toBe(2);
    expect(err).toContain('us/ks/finney-county/first-rule.cedar:');
    expect(err).toContain('did you mean `signed`?');
  });
  test('a county’s pack that came after its state’s was built: decide refuses, and overlooks no law', () => {
    const louisiana = changed({ jurisdiction: 'us/la', 'facility.agency': 'us/la/caddo-parish/sheriff' });
    expect(run(['decide', '-', '--packs', tree], louisiana).code).not.toBe(2);
    expect(run(['rules', 'new', 'us/la/caddo-parish', '--packs', tree]).code).toBe(0);
    const { code, err } = run(['decide', '-', '--packs', tree], louisiana);
    expect(code).toBe(2);
    expect(err).toContain('us/la: it was built before the packs below it; run "writkeeper rules build"');
  });
  test('a pack that changed after it was built is refused by decide', () => {
    const path = join(tree, 'us/fl/pack.yaml');
    writeFileSync(path, `${readFileSync(path, 'utf8')}# changed\n`);
    const { code, err } = run(['decide', '-', '--packs', tree], changed({}));
    expect(code).toBe(2);
    expect(err).toContain('us/fl: this rule pack changed after it was built; run "writkeeper rules build"');
  });
  test('has, an unknown annotation, a citation nobody states, a bad date: all are named at once, each in its file', () => {
    const known = '@cite("Form I-247A (03/17)")';
    const faulty = [
      [
        'context has person',
        '@cite("Nobody v. Nothing") @from("2026-01-01")',
        '"has" would read an unknown fact as "no"',
      ],
      ['true', '@cite("Nobody v. Nothing") @from("2026-01-01")', 'cites "Nobody v. Nothing", which no authority'],
      ['true', `${known} @from("2026-13-01")`, '@from("2026-13-01") is no calendar day'],
      ['true', `${known} @from("2026-01-01") @unless("x")`, '@unless is unknown'],
      ['true', `${known} @from("2026-01-01") @until("2025-01-01")`, '@until is the first day no longer in force'],
    ] as const;
    for (const [index, [body, notes]] of faulty.entries()) {
      const text = `@id("us.ks.finney-county.r${index}")\n@title("t")\n${notes}\nforbid (principal, action == Action::"hold", resource) when { ${body} };\n`;
      writeFileSync(join(tree, `us/ks/finney-county/r${index}.cedar`), text);
    }
    const { code, err } = run(['rules', 'check', '--packs', tree]);
    expect(code).toBe(2);
    for (const [index, [, , line]] of faulty.entries()) {
      expect(err).toMatch(new RegExp(`us/ks/finney-county/r${index}\\.cedar:.*${RegExp.escape(line)}`));
    }
  });
  test('explain and diff speak in words', () => {
    const { out } = run(['rules', 'explain', 'us.detainer.d2-unsigned']);
    expect(out).toContain('not: detainer: signed');
    expect(out).toContain('UNCONFIRMED');
    expect(run(['rules', 'diff', join(home, 'rule-packs/us'), join(home, 'rule-packs/us')]).out).toBe(
      'No difference.\n',
    );
    expect(run(['rules', 'diff', join(home, 'rule-packs/us/de'), join(home, 'rule-packs/us/nm')]).out).toContain(
      'removed  rules us.de.no-agreement',
    );
  });
});

test('help is help, and exits 0', () => {
  const { code, out } = run(['--help']);
  expect(code).toBe(0);
  for (const command of ['decide', 'demo', 'replay', 'registry', 'rules']) expect(out).toContain(command);
});

test('an older Node starts the program again under the Node that npm brought', () => {
  // The launcher reads its own version from `process.versions`; a preload makes it believe that it is old.
  const old = file(
    'old.cjs',
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } });`,
  );
  const child = spawnSync(
    process.execPath,
    ['-r', old, join(home, 'bin/writkeeper.mjs'), 'decide', join(home, 'demo/los-angeles.json')],
    { encoding: 'utf8' },
  );
  expect(child.status).toBe(10);
  expect(child.stdout).toContain('RELEASE NOW.');
});
