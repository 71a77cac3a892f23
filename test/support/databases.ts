import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { inject } from 'vitest';

/** A PostgreSQL server that the suites of the store run on. */
export interface TestServer {
  readonly name: string;
  /** A database of one test file's own, empty. */
  readonly fresh: () => Promise<FreshDatabase>;
}

export interface FreshDatabase {
  /** A superuser's. */
  readonly url: string;
  /** Deletes it, whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * The server that a run's suites use: the one that npm brings, or the oldest that a county may bring (docs/adr/0006), which
 * `.ci/run` starts from Debian's packages. One code must serve both; scripts/test.ts and test-slow.ts run what on which.
 */
export function databases(): readonly TestServer[] {
  return everyDatabase().filter((each) => each.name === (process.env['WRITKEEPER_TEST_STORE'] ?? EMBEDDED));
}

/** All that are at hand: for what goes from one to another. */
export function everyDatabase(): readonly TestServer[] {
  const oldest = process.env['WRITKEEPER_TEST_POSTGRES_15'];
  const embedded = serverNamed(EMBEDDED, askForEmbedded);
  return oldest === undefined ? [embedded] : [embedded, serverNamed(OLDEST, () => Promise.resolve(oldest))];
}

const EMBEDDED = 'PostgreSQL 18, embedded';
const OLDEST = 'PostgreSQL 15';

function serverNamed(name: string, superuser: () => Promise<string>): TestServer {
  return {
    name,
    fresh: async () => {
      const url = await superuser();
      const database = `test_${randomUUID().replaceAll('-', '')}`;
      await ask(url, `create database ${database}`);
      return { url: urlTo(url, database), drop: () => ask(url, `drop database ${database} with (force)`) };
    },
  };
}

/** Asks the process that owns the run's server (database-setup.ts). */
async function askForEmbedded(): Promise<string> {
  const { url, error } = JSON.parse(await text(connect(inject('askForDatabase'), '127.0.0.1'))) as Record<
    string,
    string
  >;
  if (url === undefined) throw new Error(error);
  return url;
}

async function ask(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function urlTo(url: string, database: string): string {
  const to = new URL(url);
  to.pathname = `/${database}`;
  return to.href;
}
