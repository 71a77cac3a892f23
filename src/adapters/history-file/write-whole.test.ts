import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeWhole } from './write-whole.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whole-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the new text stands where the old one stood, and nothing is left beside it', async () => {
  const path = join(folder, 'registry.json');
  await writeFile(path, 'old');
  expect(await writeWhole(path, 'new')).toEqual({ ok: true, value: undefined });
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await readdir(folder)).toEqual(['registry.json']);
});

test('a place that cannot be taken is a failure with its path, and nothing is left beside it', async () => {
  const path = join(folder, 'registry.json');
  await mkdir(join(path, 'in the way'), { recursive: true });
  expect(await writeWhole(path, 'new')).toMatchObject({ ok: false, failures: [{ code: 'unreadable', where: path }] });
  expect(await readdir(folder)).toEqual(['registry.json']);
});

test('folders on the way are made', async () => {
  const path = join(folder, 'a', 'b', 'registry.json');
  expect((await writeWhole(path, 'new')).ok).toBe(true);
  expect(await readFile(path, 'utf8')).toBe('new');
});
