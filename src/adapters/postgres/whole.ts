import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Selectable } from 'kysely';
import type { PoolClient } from 'pg';
import { from, to } from 'pg-copy-streams';
import type { View } from '../../app/ledger/backup.ts';
import type { TableShape } from '../../app/ledger/manifest.ts';
import type { EntryRow, Head } from '../../app/ledger/ports.ts';
import type { Into } from '../../app/ledger/restore.ts';
import { failed, ok, type Result } from '../../domain/failure.ts';
import type { Database, Tables } from './database.ts';
import { entryRow, headOf, type JoinedRow } from './ledger-rows.ts';
import { migrate } from './migrate.ts';
import { troubleOf } from './trouble.ts';

/**
 * The whole database out and in by PostgreSQL's own COPY, over the connection that everything else uses: the server that
 * npm brings has no pg_dump, and one way serves every version from 15 on.
 */
export function wholeView({ pool }: Database): <T>(work: (view: View) => Promise<T>) => Promise<T> {
  return (work) =>
    inTransaction(pool, 'begin isolation level repeatable read, read only', async (connection) => {
      const migration = await migrationOf(connection);
      const result = await work({
        postgres: await one<string>(connection, `select current_setting('server_version')`),
        migration,
        tables: await tablesOf(connection),
        heads: migration === undefined ? [] : await headsOf(connection),
        rows: (table) => inWords(connection.query(to(`copy ${columnsOf(table)} to stdout`))),
      });
      return { result, keep: false };
    });
}

/** All or nothing: what the work wrote stays where its result is ok. Nobody else may write the ledger meanwhile. */
export function wholeWrite({ pool }: Database): <T>(work: (into: Into) => Promise<Result<T>>) => Promise<Result<T>> {
  return (work) =>
    inTransaction(pool, 'begin', async (connection) => {
      await connection.query('lock table log in exclusive mode');
      const tables = await tablesOf(connection);
      const full = await firstWithRows(connection, tables);
      if (full !== undefined) return { result: failed(NOT_EMPTY(full)), keep: false };
      const result = await work({
        tables,
        put: (table, chunks, leftOut = []) => put(connection, table, chunks, leftOut),
        heads: () => headsOf(connection),
        entries: (agency) => entriesOf(connection, agency),
      });
      if (result.ok) await setCounters(connection);
      return { result, keep: result.ok };
    });
}

/**
 * Brings an empty database to the schema that a backup was made at; an older backup is brought forward afterwards.
 * @param url of a login that may create tables.
 */
export async function prepareFor(
  migration: string,
  { database, url, folder }: { database: Database; url: string; folder: string },
): Promise<Result<undefined>> {
  if (!existsSync(join(folder, `${migration}.sql`)))
    return failed({
      code: 'impossible',
      where: 'manifest.json',
      message: `the backup was made by a newer Writkeeper (its schema is ${migration}); restore it with that one`,
    });
  const connection = await connected(database.pool);
  try {
    const found = await migrationOf(connection);
    const full = found === undefined ? undefined : await firstWithRows(connection, await tablesOf(connection));
    if (full !== undefined) return failed(NOT_EMPTY(full));
    if (found !== undefined && found > migration)
      return failed({
        code: 'impossible',
        where: 'database',
        message: `its schema is ${found} already, and the backup's is ${migration}; restore into a database that was never opened, and it is brought forward`,
      });
  } finally {
    connection.release();
  }
  await migrate(url, folder, migration);
  return ok(undefined);
}

const NOT_EMPTY = (table: string) =>
  ({
    code: 'impossible',
    where: 'database',
    message: `holds a record already (table ${table}); a backup is restored into an empty database, never over one`,
  }) as const;

/** What makes the same bytes everywhere, and lets a large table take its time. */
const PLAIN = `set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
set local bytea_output = 'hex'; set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'`;

async function inTransaction<T>(
  pool: Database['pool'],
  begin: string,
  work: (connection: PoolClient) => Promise<{ result: T; keep: boolean }>,
): Promise<T> {
  const connection = await connected(pool);
  let isBroken = true;
  try {
    await connection.query(begin);
    await connection.query(PLAIN);
    const { result, keep } = await work(connection);
    await connection.query(keep ? 'commit' : 'rollback');
    isBroken = false;
    return result;
  } catch (error) {
    throw troubleOf(error);
  } finally {
    // A connection that broke off in the middle of a COPY cannot be used again; its end rolls back what it did.
    connection.release(isBroken);
  }
}

async function connected(pool: Database['pool']): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw troubleOf(error);
  }
}

async function migrationOf(connection: PoolClient): Promise<string | undefined> {
  const isThere = await one<string | null>(connection, `select to_regclass('kysely_migration')::text`);
  if (isThere === null) return undefined;
  return (await one<string | null>(connection, 'select max(name) from kysely_migration')) ?? undefined;
}

/** From the database's own catalogue: a table that a later migration adds is not forgotten. */
async function tablesOf(connection: PoolClient): Promise<TableShape[]> {
  const { rows: tables } = await connection.query<{ name: string; columns: string[] }>(`
    select c.relname::text as name,
      array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname !~ '^kysely_'
    group by c.relname order by c.relname`);
  const { rows: references } = await connection.query<{ from: string; to: string }>(`
    select child.relname::text as from, parent.relname::text as to
    from pg_constraint k join pg_class child on child.oid = k.conrelid join pg_class parent on parent.oid = k.confrelid
    where k.contype = 'f' and k.connamespace = current_schema()::regnamespace and child.oid <> parent.oid`);
  return inOrder(tables, references);
}

/** What others refer to comes first. */
function inOrder(tables: readonly TableShape[], references: readonly { from: string; to: string }[]): TableShape[] {
  const ordered: TableShape[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const waits = ({ name }: TableShape): boolean =>
      references.some((each) => each.from === name && left.some((other) => other.name === each.to));
    const next = left.filter((table) => !waits(table));
    if (next.length === 0)
      throw new Error(`tables refer to each other in a circle: ${left.map(({ name }) => name).join()}`);
    ordered.push(...next);
    left = left.filter((table) => !next.includes(table));
  }
  return ordered;
}

async function firstWithRows(connection: PoolClient, tables: readonly TableShape[]): Promise<string | undefined> {
  for (const { name } of tables)
    if (await one<boolean>(connection, `select exists (select from ${quoted(name)})`)) return name;
  return undefined;
}

async function headsOf(connection: PoolClient): Promise<Head[]> {
  const { rows } = await connection.query<Selectable<Tables['log']>>('select * from log order by agency');
  return rows.map(headOf);
}

const STRETCH = 4096;

async function* entriesOf(connection: PoolClient, agency: string): AsyncIterable<EntryRow[]> {
  for (let at = 0; ;) {
    const { rows } = await connection.query<Omit<JoinedRow, 'ciphertext'>>(
      `select sequence, type, subject, request, envelope, leaf_hash from entry
       where agency = $1 and sequence >= $2 order by sequence limit ${STRETCH}`,
      [agency, at],
    );
    if (rows.length > 0) yield rows.map(entryRow);
    if (rows.length < STRETCH) return;
    at = Number(rows.at(-1)?.sequence) + 1;
  }
}

async function put(
  connection: PoolClient,
  table: TableShape,
  chunks: AsyncIterable<Uint8Array>,
  leftOut: readonly { agency: string; subject: string }[],
): Promise<void> {
  if (leftOut.length === 0) {
    await copyIn(connection, columnsOf(table), chunks);
    return;
  }
  const name = quoted(table.name);
  const columns = table.columns.map(quoted).join(', ');
  await connection.query(`create temporary table staged (like ${name}) on commit drop`);
  await copyIn(connection, `staged (${columns})`, chunks);
  await connection.query(
    `insert into ${name} (${columns}) select ${columns} from staged where not exists (
       select from unnest($1::text[], $2::bytea[]) gone (agency, subject)
       where gone.agency = staged.agency and gone.subject = staged.subject)`,
    [leftOut.map(({ agency }) => agency), leftOut.map(({ subject }) => Buffer.from(subject, 'hex'))],
  );
  await connection.query('drop table staged');
}

async function copyIn(connection: PoolClient, target: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  await pipeline(Readable.from(chunks, { objectMode: false }), connection.query(from(`copy ${target} from stdin`)));
}

/** Numbers that the database gives out go on after the restored ones. */
async function setCounters(connection: PoolClient): Promise<void> {
  const { rows } = await connection.query<{ table: string; column: string }>(`
    select table_name::text as table, column_name::text as column from information_schema.columns
    where table_schema = current_schema() and is_identity = 'YES' and table_name !~ '^kysely_'`);
  for (const { table, column } of rows)
    await connection.query(
      `select setval(pg_get_serial_sequence($1, $2), coalesce(max(${quoted(column)}), 0) + 1, false) from ${quoted(table)}`,
      [quoted(table), column],
    );
}

async function* inWords<T>(each: AsyncIterable<T>): AsyncIterable<T> {
  try {
    yield* each;
  } catch (error) {
    throw troubleOf(error);
  }
}

async function one<T>(connection: PoolClient, text: string): Promise<T> {
  const { rows } = await connection.query<[T]>({ text, rowMode: 'array' });
  return (rows[0] as [T])[0];
}

function columnsOf({ name, columns }: TableShape): string {
  return `${quoted(name)} (${columns.map(quoted).join(', ')})`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
