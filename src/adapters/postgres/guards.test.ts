import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases, type FreshDatabase } from '../../../test/support/databases.ts';
import { MIGRATIONS } from '../../../test/support/house.ts';
import { openDatabase, type Database } from './database.ts';
import { GUARDS } from './guard-list.ts';
import { guardsOf, rulesOf } from './guards.ts';
import { migrate } from './migrate.ts';

describe.each(databases())('the rules of a database on $name', (server) => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeAll(async () => {
    fresh = await server.fresh();
    await migrate(fresh.url, MIGRATIONS);
    database = openDatabase(fresh.url);
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  test('as the migrations leave them are those of the list', async () => {
    expect(await rulesOf(database.pool)).toEqual([...GUARDS]);
    expect(await guardsOf(database.pool)).toEqual({ missing: [], added: [] });
  });

  test.each([
    ['a trigger is dropped', 'drop trigger only_grows on entry', 'trigger entry.only_grows'],
    ['a trigger is switched off', 'alter table entry disable trigger only_grows', 'trigger entry.only_grows'],
    [
      'its function does nothing',
      'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return new; end $$',
      'function refuse_change',
    ],
    [
      'a trigger never fires',
      'drop trigger only_grows on entry; create trigger only_grows before update or delete on entry for each row when (false) execute function refuse_change()',
      'trigger entry.only_grows',
    ],
    ['a constraint is dropped', 'alter table entry drop constraint entry_request', 'constraint entry.entry_request'],
    [
      'a foreign key is switched off',
      'alter table hold_end disable trigger all',
      'constraint hold_end.hold_end_agency_hold_fkey',
    ],
    [
      'a column may be empty',
      'alter table subject_state alter column last_sequence drop not null',
      'not null subject_state.last_sequence',
    ],
    ['the system may read no more', 'revoke select on entry from writkeeper_app', 'grant entry SELECT'],
  ])('%s: it is named', async (_, statement, rule) => {
    const found = await within(statement);
    expect(found.missing).toContainEqual(expect.stringContaining(rule) as string);
  });

  test.each([
    ['the system may change entries', 'grant update on entry to writkeeper_app', 'grant entry UPDATE'],
    ['everybody may', 'grant delete on content to public', 'grant content DELETE to everybody'],
    [
      'it may change one column',
      'grant update (envelope) on entry to writkeeper_app',
      'grant entry UPDATE of envelope to',
    ],
    [
      'deleting is rewritten to nothing',
      'create rule nothing as on delete to content do instead nothing',
      'rewriting content.nothing',
    ],
    ['rows are hidden', 'alter table entry enable row level security', 'hiding entry rows'],
    ['all triggers sleep', 'set local session_replication_role = replica', 'setting session_replication_role=replica'],
    [
      'a trigger of somebody else',
      'create trigger theirs before insert on entry for each row execute function refuse_change()',
      'trigger entry.theirs',
    ],
  ])('%s: it is named', async (_, statement, rule) => {
    const found = await within(statement);
    expect(found.added).toContainEqual(expect.stringContaining(rule) as string);
  });

  test('tables of somebody else beside ours are nobody’s business', async () => {
    expect(await within('create table theirs (id int primary key)')).toEqual({ missing: [], added: [] });
  });

  /** What is found after a statement, which is then taken back. */
  async function within(statement: string): ReturnType<typeof guardsOf> {
    const connection = new pg.Client({ connectionString: fresh.url });
    await connection.connect();
    try {
      await connection.query(`begin; ${statement}`);
      return await guardsOf(connection);
    } finally {
      await connection.end();
    }
  }
});
