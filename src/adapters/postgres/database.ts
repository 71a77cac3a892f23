import { Kysely, PostgresDialect, type Generated } from 'kysely';
import { Pool } from 'pg';

/** The tables as the migrations leave them (migrations/). */
export interface Tables {
  log: {
    agency: string;
    origin: string;
    size: string;
    root: Buffer;
    peaks: Buffer;
    recorded_on: string;
    checkpoint: string;
  };
  entry: {
    agency: string;
    sequence: string;
    type: string;
    subject: Buffer;
    request: string;
    envelope: Buffer;
    leaf_hash: Buffer;
  };
  content: { agency: string; sequence: string; subject: Buffer; ciphertext: Buffer };
  tile_root: { agency: string; level: number; index: string; hash: Buffer };
  checkpoint: { agency: string; size: string; note: string };
  cosignature: { agency: string; size: string; witness: string; line: string };
  subject_state: { agency: string; subject: Buffer; last_sequence: string; state: unknown };
  hold_end: { agency: string; hold: string; sequence: string };
  sealed_key: { agency: string; subject: Buffer; sequence: string; sealed: Buffer };
  tombstone: { agency: string; subject: Buffer; sequence: string };
  outbox: { id: Generated<string>; agency: string; sequence: string; type: string };
}

export interface Database {
  readonly db: Kysely<Tables>;
  readonly pool: Pool;
  readonly close: () => Promise<void>;
}

/** The role under which the system works: it may add to the ledger and nothing else. */
export const APP_ROLE = 'writkeeper_app';

/**
 * Connects to a PostgreSQL whose schema is there (migrate.ts).
 * @param role null: the login's own, for migrations and for tests of what the role may not do.
 */
export function openDatabase(url: string, role: string | null = APP_ROLE): Database {
  const pool = new Pool({
    connectionString: url,
    max: 8,
    // What waits longer than this has lost its server; the caller hears of it instead of waiting.
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
    application_name: 'writkeeper',
    ...(role === null ? {} : { options: `-c role=${role} -c plan_cache_mode=force_generic_plan` }),
  });
  // An idle connection that breaks is replaced at its next use; without a listener Node would end the process.
  pool.on('error', () => undefined);
  // One that is in use and between two queries too: its next query tells.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return { db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), pool, close: () => pool.end() };
}
