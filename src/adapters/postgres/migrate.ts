import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { openDatabase, type Tables } from './database.ts';
import { troubleOf } from './trouble.ts';

/** PostgreSQL 15 is the oldest whose SQL we use. */
const OLDEST = 15;

/**
 * Brings a database's schema up to date: plain SQL files in their order, forward only, each in one transaction and under
 * an advisory lock, so that instances which start together wait for each other.
 * @param url of a login that may create tables.
 * @param upTo the last file to apply, by its name without `.sql`; for tests of later ones.
 * @returns the names of the files that were applied.
 * @throws StoreUnavailable
 */
export async function migrate(url: string, folder: string, upTo?: string): Promise<string[]> {
  const database = openDatabase(url, null);
  try {
    await refuseOlder(database.db);
    const provider = { getMigrations: () => Promise.resolve(migrationsIn(folder)) };
    const migrator = new Migrator({ db: database.db, provider });
    const { error, results } = await (upTo === undefined ? migrator.migrateToLatest() : migrator.migrateTo(upTo));
    if (error !== undefined) throw troubleOf(error);
    return (results ?? []).filter(({ status }) => status === 'Success').map(({ migrationName }) => migrationName);
  } catch (error) {
    throw troubleOf(error);
  } finally {
    await database.close();
  }
}

function migrationsIn(folder: string): Record<string, Migration> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  return Object.fromEntries(
    files.sort().map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const up = async (db: Kysely<unknown>): Promise<void> => {
        await sql.raw(text).execute(db);
      };
      return [name.replace(/\.sql$/, ''), { up }];
    }),
  );
}

async function refuseOlder(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ version: number }>`
    select current_setting('server_version_num')::int as version`.execute(db);
  const version = Math.floor((rows[0]?.version ?? 0) / 10_000);
  if (version < OLDEST) {
    throw new Error(`this is PostgreSQL ${version}; Writkeeper needs ${OLDEST} or newer`);
  }
}
