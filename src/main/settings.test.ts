import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsFrom } from './settings.ts';

test('a command that gives no master key is not quoted: it may hold a token', () => {
  const folder = mkdtempSync(join(tmpdir(), 'writkeeper-settings-'));
  const { master } = settingsFrom({ WRITKEEPER_MASTER_KEY_COMMAND: ': --token=s3cret; exit 7' }, folder);
  expect(master).toThrow('WRITKEEPER_MASTER_KEY_COMMAND gave no key (it ended with 7); run it by hand');
  expect(master).not.toThrow('s3cret');
});

test('a vault that lies elsewhere and is there gets no new master key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'writkeeper-settings-'));
  mkdirSync(join(folder, 'elsewhere'));
  writeFileSync(join(folder, 'elsewhere', 'vault'), '{}');
  const { master } = settingsFrom({ WRITKEEPER_VAULT: join(folder, 'elsewhere', 'vault') }, folder);
  expect(master).toThrow('the master key is not there. See docs/runbooks/lost-key.md');
  expect(readdirSync(folder)).toEqual(['elsewhere']);
});
