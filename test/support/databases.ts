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
 * The servers that one code must serve: the one that npm brings, and the oldest that a county may bring
 * (docs/adr/0006). `.ci/run` starts the second from Debian's packages; elsewhere it may be absent, which is said.
 */
export function databases(): readonly TestServer[] {
  const embedded = serverNamed('PostgreSQL 18, embedded', askForEmbedded);
  const oldest = process.env['WRITKEEPER_TEST_POSTGRES_15'];
  if (oldest !== undefined) return [embedded, serverNamed('PostgreSQL 15', () => Promise.resolve(oldest))];
  if (process.env['CI'] === 'true') throw new Error('CI must set WRITKEEPER_TEST_POSTGRES_15: .ci/run does.');
  console.warn('WRITKEEPER_TEST_POSTGRES_15 is not set: the tests of the store on PostgreSQL 15 are left out.');
  return [embedded];
}

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
