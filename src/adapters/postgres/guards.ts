import type { Pool } from 'pg';
import { APP_ROLE } from './database.ts';
import { GUARDS } from './guard-list.ts';

/**
 * The rules by which the database itself refuses what the ledger must not do, one a line: triggers and their functions,
 * constraints, columns that may not be empty, what anybody but the owner may do, and what would switch all that off.
 * Without them a fault of ours, or somebody's hand, could change the record, and only its hashes would tell.
 */
const RULES = `
with ours as (select oid, relname, relacl, relowner, relrowsecurity from pg_class
  where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname !~ '^kysely_')
select 'trigger ' || relname || '.' || tgname || ' ' || tgenabled::text || ' '
    || replace(pg_get_triggerdef(t.oid), current_schema() || '.', '') as rule
  from pg_trigger t join ours on ours.oid = tgrelid where not tgisinternal
union all
select 'function ' || proname || ' ' || md5(prosrc) from pg_proc
  where pronamespace = current_schema()::regnamespace and prorettype = 'trigger'::regtype
union all
select 'constraint ' || relname || '.' || conname || ' ' || replace(pg_get_constraintdef(k.oid), current_schema() || '.', '')
  from pg_constraint k join ours on ours.oid = conrelid
  where contype in ('p', 'u', 'c', 'f') and convalidated
    and not exists (select from pg_trigger t where t.tgconstraint = k.oid and t.tgenabled <> 'O')
union all
select 'not null ' || relname || '.' || attname from pg_attribute join ours on ours.oid = attrelid
  where attnum > 0 and attnotnull
union all
select 'grant ' || relname || ' ' || privilege_type || ' to ' || coalesce(rolname, 'everybody')
  from ours, aclexplode(relacl) left join pg_roles on pg_roles.oid = grantee
  where grantee <> relowner and (privilege_type <> 'SELECT' or rolname = '${APP_ROLE}')
union all
select 'grant ' || relname || ' ' || privilege_type || ' of ' || attname || ' to ' || coalesce(rolname, 'everybody')
  from ours join pg_attribute on attrelid = ours.oid, aclexplode(attacl) left join pg_roles on pg_roles.oid = grantee
  where grantee <> relowner and (privilege_type <> 'SELECT' or rolname = '${APP_ROLE}')
union all
select 'rewriting ' || tablename || '.' || rulename from pg_rules where schemaname = current_schema()
union all
select 'hiding ' || relname || ' rows' from ours where relrowsecurity
union all
select 'setting ' || config from pg_db_role_setting, unnest(setconfig) config where config ~ '^session_replication_role='
union all
select 'setting session_replication_role=' || current_setting('session_replication_role')
  where current_setting('session_replication_role') <> 'origin'`;

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
  const added = [...found.difference(ours)].filter(
    (rule) => (rule.startsWith('setting ') || tables.has(tableOf(rule))) && !changed.has(nameOf(rule)),
  );
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
