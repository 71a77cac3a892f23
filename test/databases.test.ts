import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { databases } from './support/databases.ts';

describe.each(databases())('$name', ({ name, fresh }) => {
  test('is what its name says', async () => {
    const database = await fresh();
    const [row] = await rows(database.url, `select current_setting('server_version') as version`);
    expect(`PostgreSQL ${String(row?.['version'])}`.startsWith(name.slice(0, 'PostgreSQL 18'.length))).toBe(true);
    await database.drop();
  });

  test('each database is its own, and goes even while somebody is connected', async () => {
    const [one, other] = [await fresh(), await fresh()];
    await rows(one.url, 'create table bookings as select 1 as number');
    await expect(rows(other.url, 'select * from bookings')).rejects.toMatchObject({ code: '42P01' });
    const client = new pg.Client({ connectionString: one.url });
    client.on('error', () => undefined);
    await client.connect();
    await one.drop();
    await other.drop();
    await expect(rows(one.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
    await client.end();
  });

  test('text sorts by its bytes, whichever server sorts it', async () => {
    const database = await fresh();
    const sorted = await rows(
      database.url,
      `select name from (values ('b'), ('a'), ('B'), ('é')) as t (name) order by name`,
    );
    expect(sorted.map((row) => row['name'])).toEqual(['B', 'a', 'b', 'é']);
    await database.drop();
  });
});

async function rows(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
