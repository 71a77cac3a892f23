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

test.each(['base', 'postgres://host', 'mysql://host/base', 'postgres://%zz:secret@/x y:'])(
  'an address of a database that is none is refused in our words: %s',
  (address) => {
    const refused = (): unknown => settingsFrom({ DATABASE_URL: address }, 'nowhere');
    expect(refused).toThrow(/^DATABASE_URL is no address of a PostgreSQL database/);
    expect(refused).not.toThrow(/secret/);
  },
);

test.each(['postgres://u:p@host:5432/base', 'postgresql:///base?host=/run/postgresql'])('%s is one', (address) => {
  expect(settingsFrom({ DATABASE_URL: address }, 'nowhere').databaseUrl).toBe(address);
});
