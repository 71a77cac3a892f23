import { execFile } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { openHouse, type House } from '../src/main/house.ts';
import { settingsFrom } from '../src/main/settings.ts';
import { primitives } from '../src/adapters/system/primitives.ts';
import { Backups, faultsOf } from './support/backups.ts';
import { databases, type FreshDatabase } from './support/databases.ts';
import { AGENCY, bookingOpened, MIGRATIONS, recorded } from './support/house.ts';

const ofTest = new Backups();
afterEach(() => ofTest.clear());

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Writkeeper in another process, as whoever keeps the house runs it. */
async function writkeeper(env: Record<string, string>, ...args: string[]): Promise<Run> {
  const program = join(import.meta.dirname, '../bin/writkeeper.mjs');
  const options = { env: { ...process.env, ...env } };
  const done = promisify(execFile)(process.execPath, [program, ...args], options);
  return done.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr };
    },
  );
}

function newKey(path: string): string {
  writeFileSync(path, primitives.random(32).toHex());
  return path;
}

function environmentOf({ url }: FreshDatabase, folder: string): Record<string, string> {
  return { DATABASE_URL: url, WRITKEEPER_DATA: folder, WRITKEEPER_MASTER_KEY_FILE: join(folder, 'master') };
}

async function houseIn(env: Record<string, string>): Promise<House> {
  return openHouse(settingsFrom(env), MIGRATIONS, () => undefined);
}

const BY_TWO = ['--by', 'one', '--second', 'two'];

function signaturesOn(checkpoint: string): number {
  return checkpoint.split('\n').filter((line) => line.startsWith('— ')).length;
}

describe.each(databases())('$name', ({ fresh, name }) => {
  const server = { fresh, name };

  test('a house that stays open goes on after another process exchanged the master key, and the old key opens nothing', async () => {
    const [database, folder] = [await ofTest.database(server), ofTest.folder()];
    const env = environmentOf(database, folder);
    const master = newKey(join(folder, 'master'));
    const house = await houseIn(env);
    try {
      const { envelope } = recorded(await house.ledger.append(AGENCY, bookingOpened()));
      const old = join(folder, 'old');
      writeFileSync(old, readFileSync(master));
      const next = newKey(join(folder, 'next'));
      // Both open the vault; then the source of the running house gives the new one; then the new one alone does.
      expect(await writkeeper(env, 'keys', 'rotate-master', '--new-key-file', next)).toMatchObject({
        code: 0,
        err: '',
      });
      recorded(await house.ledger.append(AGENCY, bookingOpened()));
      writeFileSync(master, readFileSync(next));
      const only = await writkeeper(env, 'keys', 'rotate-master', '--new-key-file', next, '--only');
      expect(only).toMatchObject({ code: 0 });
      expect(only.out).toContain('with this key alone');
      recorded(await house.ledger.append(AGENCY, bookingOpened()));
      expect(await house.ledger.history(AGENCY, envelope.subject)).toMatchObject([{ event: {} }]);
      expect(await faultsOf(house)).toEqual([]);
      const locked = await writkeeper({ ...env, WRITKEEPER_MASTER_KEY_FILE: old }, 'ledger', 'verify');
      expect(locked.code).toBe(2);
      expect(locked.err).toContain('does not open the vault');
    } finally {
      await house.close();
    }
  });

  test('a record whose vault is gone is not given a new one', async () => {
    const [database, folder] = [await ofTest.database(server), ofTest.folder()];
    const env = environmentOf(database, folder);
    newKey(join(folder, 'master'));
    const house = await houseIn(env);
    recorded(await house.ledger.append(AGENCY, bookingOpened()));
    await house.close();
    const vault = join(folder, 'keys', 'vault');
    renameSync(vault, `${vault}.elsewhere`);
    await expect(houseIn(env)).rejects.toMatchObject({ trouble: 'no-vault' });
    expect(existsSync(vault)).toBe(false);
    renameSync(`${vault}.elsewhere`, vault);
    await (await houseIn(env)).close();
  });

  test('a file that is no master key is refused, and the old one goes on', async () => {
    const [database, folder] = [await ofTest.database(server), ofTest.folder()];
    const env = environmentOf(database, folder);
    newKey(join(folder, 'master'));
    const short = join(folder, 'short');
    writeFileSync(short, 'abc');
    const refused = await writkeeper(env, 'keys', 'rotate-master', '--new-key-file', short, '--only');
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err.trim().split('\n')).toHaveLength(1);
    expect((await writkeeper(env, 'ledger', 'verify')).code).toBe(0);
  });

  test('checkpoints bear both signatures until the old key is retired, and old checkpoints still verify', async () => {
    const [database, folder] = [await ofTest.database(server), ofTest.folder()];
    const env = environmentOf(database, folder);
    newKey(join(folder, 'master'));
    const house = await houseIn(env);
    try {
      const { checkpoint: first } = recorded(await house.ledger.append(AGENCY, bookingOpened()));
      const [oldKey] = await house.verifierKey(AGENCY);
      const rotated = await writkeeper(env, 'keys', 'rotate-signing', AGENCY, ...BY_TWO);
      expect(rotated.code).toBe(0);
      const { checkpoint: both } = recorded(await house.ledger.append(AGENCY, bookingOpened()));
      expect([signaturesOn(first), signaturesOn(both)]).toEqual([1, 2]);
      const [, newer] = await house.verifierKey(AGENCY);
      expect(rotated.err).toContain(newer);

      expect((await writkeeper(env, 'keys', 'rotate-signing', AGENCY, '--retire', ...BY_TWO)).code).toBe(0);
      const { checkpoint: alone } = recorded(await house.ledger.append(AGENCY, bookingOpened()));
      expect(signaturesOn(alone)).toBe(1);
      expect(await house.verifierKey(AGENCY)).toEqual([newer]);
      expect((await writkeeper(env, 'keys', 'list', AGENCY)).out).toBe(
        `retired  ${oldKey ?? ''}\nin use   ${newer ?? ''}\n`,
      );
      for (const [note, size] of [
        [first, 1],
        [both, 3],
        [alone, 5],
      ] as const)
        expect(await house.readCheckpoint(AGENCY, note)).toMatchObject({ size });
      const said = await house.ledger.history(AGENCY, house.ports.keyring.agencySubject(AGENCY));
      expect(said).toMatchObject([
        { event: { actor: 'one', content: { verifierKey: newer, second: 'two' } } },
        { event: { actor: 'one', content: { verifierKey: newer, retires: oldKey, second: 'two' } } },
      ]);
      expect(await faultsOf(house)).toEqual([]);
    } finally {
      await house.close();
    }
  });

  test('a signing key that got out is replaced at once; one person alone replaces none', async () => {
    const [database, folder] = [await ofTest.database(server), ofTest.folder()];
    const env = environmentOf(database, folder);
    newKey(join(folder, 'master'));
    const house = await houseIn(env);
    try {
      recorded(await house.ledger.append(AGENCY, bookingOpened()));
      const before = await house.verifierKey(AGENCY);
      const alone = ['--by', 'one', '--second', 'One'];
      expect((await writkeeper(env, 'keys', 'rotate-signing', AGENCY, '--retire', ...alone)).code).toBe(2);
      expect(await house.verifierKey(AGENCY)).toEqual(before);
      expect((await writkeeper(env, 'keys', 'rotate-signing', AGENCY, '--retire', ...BY_TWO)).code).toBe(0);
      const after = await house.verifierKey(AGENCY);
      expect(after).toHaveLength(1);
      expect(after).not.toEqual(before);
    } finally {
      await house.close();
    }
  });

  test('the commands: backup, an altered file refused with exit 2, restore, and the way on', async () => {
    const [database, folder, backup] = [await ofTest.database(server), ofTest.folder(), join(ofTest.folder(), 'new')];
    const env = environmentOf(database, folder);
    newKey(join(folder, 'master'));
    const house = await houseIn(env);
    recorded(await house.ledger.append(AGENCY, bookingOpened()));
    const made = await writkeeper(env, 'backup', backup);
    expect(made).toMatchObject({ code: 0, err: '' });
    recorded(await house.ledger.append(AGENCY, bookingOpened()));
    await house.close();
    const elsewhere = { ...env, DATABASE_URL: (await ofTest.database(server)).url };
    const entries = readFileSync(join(backup, 'entry.copy'));
    writeFileSync(join(backup, 'entry.copy'), entries.subarray(1));
    const refused = await writkeeper(elsewhere, 'restore', backup);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toMatch(/^entry\.copy: is cut short: [^\n]*\n$/);
    writeFileSync(join(backup, 'entry.copy'), entries);
    const restored = await writkeeper(elsewhere, 'restore', backup);
    expect(restored.code).toBe(0);
    expect(restored.out).toContain(made.out.split('\n')[0]);
    expect(restored.out).toContain(`2 entries were signed: what came after entry 0 is lost`);
    const verify = await writkeeper(elsewhere, 'ledger', 'verify');
    expect(verify.code).toBe(1);
    expect(verify.out).toContain('tail-missing');
    const on = await writkeeper(elsewhere, 'ledger', 'continue', AGENCY, '--reason', 'the disk was lost', ...BY_TWO);
    expect(on.code).toBe(0);
    expect(on.out).toContain(
      `goes on as localhost/${AGENCY}/2 from entry 1; 1 entries of localhost/${AGENCY} are lost`,
    );
    expect((await writkeeper(elsewhere, 'ledger', 'verify')).code).toBe(0);
    expect((await writkeeper(elsewhere, 'ledger', 'key', AGENCY)).out).toMatch(`localhost/${AGENCY}/2+`);
  });
});
