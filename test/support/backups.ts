import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Manifest } from '../../src/app/ledger/manifest.ts';
import type { RestoreReport } from '../../src/app/ledger/restore.ts';
import { verifyAgency, type VerifyReport } from '../../src/app/ledger/verify.ts';
import type { Failure, Result } from '../../src/domain/failure.ts';
import { openHouse, type House } from '../../src/main/house.ts';
import { backupHouse, restoreHouse } from '../../src/main/backup-ports.ts';
import { settingsFrom, type Settings } from '../../src/main/settings.ts';
import type { FreshDatabase, TestServer } from './databases.ts';
import { AGENCY, MIGRATIONS } from './house.ts';

/** Houses, databases and folders of one test; what it leaves is taken away. */
export class Backups {
  readonly #closers: (() => unknown)[] = [];

  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'writkeeper-backup-'));
    this.#closers.push(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  async database(server: TestServer): Promise<FreshDatabase> {
    const database = await server.fresh();
    this.#closers.push(() => database.drop());
    return database;
  }

  /** A house with its keys in a folder; several databases may stand behind the same keys, one after another. */
  async house({ url }: FreshDatabase, folder: string): Promise<House> {
    const house = await openHouse(settingsAt(url, folder), MIGRATIONS, () => undefined);
    this.#closers.push(() => house.close());
    return house;
  }

  async clear(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}

export function settingsAt(url: string, folder: string): Settings {
  return settingsFrom({ DATABASE_URL: url }, folder);
}

export async function backedUp({ url }: FreshDatabase, into: string): Promise<Manifest> {
  return valueOf(await backupHouse(settingsAt(url, '.'), into));
}

export function restoring({ url }: FreshDatabase, folder: string, from: string): Promise<Result<RestoreReport>> {
  return restoreHouse(settingsAt(url, folder), from, MIGRATIONS);
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value;
}

export function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error('was not refused');
  return result.failures[0] as Failure;
}

export function verified({ ports, readCheckpoint }: House, agency = AGENCY): Promise<VerifyReport> {
  return verifyAgency({ ...ports, readCheckpoint, attested: () => Promise.resolve([]) }, agency);
}

export async function faultsOf(house: House): Promise<string[]> {
  return [...new Set((await verified(house)).faults.map(({ code }) => code))];
}

export async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
