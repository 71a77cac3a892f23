import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TableFile } from '../../app/replay/ports.ts';
import { csvFiles } from './csv-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'csv-file-'));
  writeFileSync(join(folder, 'in.csv'), 'in');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function begin(name: string): TableFile {
  const begun = csvFiles().begin(join(folder, name), join(folder, 'in.csv'));
  if (!begun.ok) throw new Error(begun.failures[0]?.message);
  return begun.value;
}

function refusal(name: string): string | undefined {
  const begun = csvFiles().begin(join(folder, name), join(folder, 'in.csv'));
  return begun.ok ? undefined : begun.failures.map(({ where, message }) => `${where}: ${message}`).join('\n');
}

test('the file is at its place only when it is whole, and nothing is left beside it', () => {
  const file = begin('out.csv');
  file.row(['a', 1, true, null, undefined]);
  expect(readdirSync(folder)).not.toContain('out.csv');
  expect(file.keep()).toEqual({ ok: true, value: undefined });
  expect(readdirSync(folder).sort()).toEqual(['in.csv', 'out.csv']);
  expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe('a,1,true,,\n');
});

test('the file that was there stays as it was until then, and for good where the new one is given up', () => {
  writeFileSync(join(folder, 'out.csv'), 'old');
  const file = begin('out.csv');
  for (let row = 0; row < 20_000; row += 1) file.row(['more than one buffer holds', row]);
  file.discard();
  expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe('old');
  expect(readdirSync(folder).sort()).toEqual(['in.csv', 'out.csv']);
});

test('many rows arrive whole and in order', () => {
  const file = begin('out.csv');
  for (let row = 0; row < 50_000; row += 1) file.row([row, 'ü']);
  expect(file.keep().ok).toBe(true);
  const lines = readFileSync(join(folder, 'out.csv'), 'utf8').trimEnd().split('\n');
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([50_000, '0,ü', '49999,ü']);
});

test.each([
  ['a comma', 'a,b', '"a,b"'],
  ['a quotation mark', 'a"b', '"a""b"'],
  ['a line end', 'a\nb', '"a\nb"'],
  ['a formula', '=1+1', `'=1+1`],
  ['an at sign in front', '@sum', `'@sum`],
  ['a minus in front of words', '-cmd', `'-cmd`],
  ['a negative number', -1.5, '-1.5'],
])('%s', (_, cell, written) => {
  const file = begin('out.csv');
  file.row([cell]);
  file.keep();
  expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe(`${written}\n`);
});

test('the file that is read is not written over, by whatever name', () => {
  symlinkSync(join(folder, 'in.csv'), join(folder, 'alias.csv'));
  for (const name of ['in.csv', 'alias.csv']) {
    expect(refusal(name)).toBe(`${join(folder, name)}: is the file that is read; give another name`);
  }
  expect(readFileSync(join(folder, 'in.csv'), 'utf8')).toBe('in');
});

test('a folder, and a folder that is not there', () => {
  mkdirSync(join(folder, 'sub'));
  expect(refusal('sub')).toBe(`${join(folder, 'sub')}: is a folder; give the name of a file`);
  expect(refusal('none/out.csv')).toBe(`${join(folder, 'none/out.csv')}: cannot be written: there is no such folder`);
});

test('a place that was taken by a folder meanwhile is told, and the file beside it removed', () => {
  const file = begin('out.csv');
  mkdirSync(join(folder, 'out.csv', 'full'), { recursive: true });
  const kept = file.keep();
  expect(kept.ok ? '' : kept.failures[0]?.message).toContain('cannot be written');
  expect(readdirSync(folder).sort()).toEqual(['in.csv', 'out.csv']);
});

test.skipIf(process.platform !== 'linux')('a full disk is told in words', () => {
  symlinkSync('/dev/full', join(folder, `.out.csv.${process.pid}.tmp`));
  const file = begin('out.csv');
  file.row(['a']);
  expect(file.keep()).toMatchObject({ ok: false, failures: [{ message: 'cannot be written: the disk is full' }] });
  expect(readdirSync(folder)).toEqual(['in.csv']);
});
