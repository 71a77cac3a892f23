import type { Pool } from 'pg';
import { APP_ROLE } from './database.ts';
import { GUARDS } from './guard-list.ts';

/**
 * The rules by which the database itself refuses what the ledger must not do, one a line: triggers and their functions,
 * constraints, columns that may not be empty, and what the system's own role may do. Without them a fault of ours, or
 * somebody's hand, could change the record, and only its hashes would tell.
 */
const RULES = `
select 'trigger ' || c.relname || '.' || t.tgname || ' ' || p.proname || ' ' || t.tgtype || ' ' || t.tgenabled::text as rule
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
  where not t.tgisinternal and c.relnamespace = current_schema()::regnamespace
union all
select 'function ' || proname || ' ' || md5(prosrc) from pg_proc
  where pronamespace = current_schema()::regnamespace and prorettype = 'trigger'::regtype
union all
select 'constraint ' || c.relname || '.' || k.conname || ' ' || pg_get_constraintdef(k.oid)
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  where k.connamespace = current_schema()::regnamespace and k.contype in ('p', 'u', 'c', 'f') and k.convalidated
    and c.relname !~ '^kysely_'
    and not exists (select from pg_trigger t where t.tgconstraint = k.oid and t.tgenabled <> 'O')
union all
select 'not null ' || c.relname || '.' || a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
  where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and a.attnotnull
    and c.relname !~ '^kysely_'
union all
select 'grant ' || table_name || ' ' || privilege_type || ' to ' || grantee from information_schema.role_table_grants
  where table_schema = current_schema() and grantee in ('${APP_ROLE}', 'PUBLIC')`;

/** How the rules differ from those that the migrations leave. @throws Error of the driver */
export async function guardsOf(
  pool: Pick<Pool, 'query'>,
): Promise<{ readonly missing: readonly string[]; readonly added: readonly string[] }> {
  const found = new Set(await rulesOf(pool));
  const ours = new Set(GUARDS);
  const missing = [...ours.difference(found)];
  const tables = new Set(GUARDS.map(tableOf));
  const changed = new Set(missing.map(nameOf));
  // Others may keep tables of their own beside ours; and one that was changed is not said twice.
  const added = [...found.difference(ours)].filter((rule) => tables.has(tableOf(rule)) && !changed.has(nameOf(rule)));
  return { missing, added };
}

function tableOf(rule: string): string {
  return /^(?:not null|[a-z]+) (\w+)/.exec(rule)?.[1] ?? rule;
}

/** A rule without what it says: of a grant all is its name. */
function nameOf(rule: string): string {
  return /^(?:trigger|function|constraint) \S+/.exec(rule)?.[0] ?? rule;
}

/** All rules of a database, in order. */
export async function rulesOf(pool: Pick<Pool, 'query'>): Promise<string[]> {
  const { rows } = await pool.query<{ rule: string }>(RULES);
  return rows.map(({ rule }) => rule).sort();
}
