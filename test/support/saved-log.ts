import type { TestHouse } from './house.ts';
import { rowsOf } from './embedded.ts';

/** What an attacker with all of a database's power can change of a log, the child tables first. */
const TABLES = [
  'cosignature',
  'hold_end',
  'sealed_key',
  'tombstone',
  'content',
  'checkpoint',
  'tile_root',
  'subject_state',
  'entry',
  'log',
] as const;

/** Copies of a log's tables, which can be put back as they were: a backup, and what an attacker does with one. */
export interface SavedLog {
  readonly restore: () => Promise<void>;
}

export async function saveLog({ url }: Pick<TestHouse, 'url'>, name: string): Promise<SavedLog> {
  const copies = TABLES.map((table) => `create table ${name}.${table} as table public.${table};`);
  await rowsOf(url, `create schema ${name}; ${copies.join('\n')}`);
  const back = TABLES.map((table) => `delete from public.${table};`).concat(
    [...TABLES].reverse().map((table) => `insert into public.${table} select * from ${name}.${table};`),
  );
  return { restore: () => asAttacker({ url }, back.join('\n')) };
}

/** Runs statements as a superuser who has switched every trigger and foreign key off. */
export async function asAttacker({ url }: Pick<TestHouse, 'url'>, statements: string): Promise<void> {
  const switched = (how: string): string =>
    TABLES.map((table) => `alter table public.${table} ${how} trigger all;`).join('\n');
  await rowsOf(url, `begin; ${switched('disable')} ${statements}; ${switched('enable')} commit;`);
}
