import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { kill, postmasterIn, rowsOf, Servers, until } from '../../../../test/support/embedded.ts';
import { birthOf } from './processes.ts';

const servers = new Servers();
afterEach(() => servers.clear());
afterAll(() => servers.forget());

const isRoot = process.geteuid?.() === 0;

test('first start, stop, start again: the rows are there, and the same URL serves', async () => {
  const folder = await servers.folder();
  const first = await servers.open(folder);
  expect(first.owner).toBe(true);
  await rowsOf(first.url(), `create table bookings as select 'B-1' as number`);
  await first.stop();
  await expect(rowsOf(first.url(), 'select 1')).rejects.toThrow();

  const second = await servers.open(folder);
  expect(await rowsOf(second.url(), 'select number from bookings')).toEqual([{ number: 'B-1' }]);
  expect(second.url()).toBe(first.url());
});

test('what is acknowledged is on the disk, checksums are on, and no port is open', async () => {
  const server = await servers.open(await servers.made());
  const names = ['fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums', 'listen_addresses'];
  const rows = await rowsOf(server.url(), 'select name, setting from pg_settings where name = any($1)', [names]);
  expect(rows).toHaveLength(names.length);
  expect(rows).toEqual(
    expect.arrayContaining([
      ...names.slice(0, 4).map((name) => ({ name, setting: 'on' })),
      { name: 'listen_addresses', setting: '' },
    ]),
  );
  await expect(rowsOf(server.url(), 'alter system set fsync = off')).rejects.toThrow('ALTER SYSTEM');
});

test('a wrong password is refused, and the right one lies where only its user can read it', async () => {
  const folder = await servers.made();
  const server = await servers.open(folder);
  await expect(rowsOf(server.url({ password: 'guessed' }), 'select 1')).rejects.toMatchObject({ code: '28P01' });
  for (const name of ['password', 'server.log', 'owner.2']) {
    expect((await stat(join(folder, name))).mode & 0o777, name).toBe(0o600);
  }
  for (const name of ['cluster', 'socket']) expect((await stat(join(folder, name))).mode & 0o777, name).toBe(0o700);
});

test('on 127.0.0.1, as on Windows: start, guest, stop', async () => {
  const folder = await servers.made();
  const server = await servers.open(folder, { listen: 'loopback' });
  expect(server.url()).toContain('@127.0.0.1:');
  const guest = await servers.open(folder, { listen: 'loopback' });
  expect([guest.owner, guest.url()]).toEqual([false, server.url()]);
  expect(await rowsOf(server.url(), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a path too long for a socket, with quotes, a comma and spaces: the socket stands elsewhere, and goes with the server', async () => {
  const folder = await servers.made(`${'county/'.repeat(20)}the jail's "data", all/postgres`);
  const server = await servers.open(folder);
  const sockets = decodeURIComponent(new URL(server.url()).host.replace(/:\d+$/, ''));
  expect(sockets.startsWith(folder)).toBe(false);
  expect((await stat(sockets)).mode & 0o777).toBe(0o700);
  expect(await rowsOf(server.url(), 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.stop();
  await expect(stat(sockets)).rejects.toThrow('ENOENT');
});

describe('several processes', () => {
  test('at once on a folder that is not there: one owner, the others guests, one database', async () => {
    const folder = await servers.folder();
    const started = [servers.start(folder), servers.start(folder), servers.start(folder)];
    const opened = await Promise.all(started.map((each) => each.opened));
    expect(opened.map((each) => each.owner).sort()).toEqual([false, false, true]);
    expect(new Set(opened.map((each) => each.url)).size).toBe(1);
    expect((await readdir(folder)).filter((name) => /^(new-|\.)/.test(name))).toEqual([]);
  });

  test('a guest leaves: the server stays; the owner leaves: it stops', async () => {
    const folder = await servers.made();
    const owner = await servers.open(folder);
    const guest = await servers.open(folder);
    await guest.stop();
    expect(await rowsOf(owner.url(), 'select 1 as one')).toEqual([{ one: 1 }]);
    await expect(guest.ensureRunning()).rejects.toMatchObject({ code: 'stopped' });
    const pid = await postmasterIn(folder);
    await owner.stop();
    expect(await birthOf(pid)).toBeUndefined();
  });

  test('the owner leaves while a guest is at work: nothing is cut off, and the last one stops it', async () => {
    const folder = await servers.made();
    const owner = await servers.open(folder);
    const guest = await servers.open(folder);
    const session = new pg.Client({ connectionString: guest.url(), application_name: 'writkeeper' });
    await session.connect();
    const pid = await postmasterIn(folder);
    await owner.stop();
    expect((await session.query<{ one: number }>('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await session.end();
    await guest.stop();
    expect(await birthOf(pid)).toBeUndefined();
  });

  test('the owner left: a guest that needs the server becomes its owner', async () => {
    const folder = await servers.made();
    const owner = await servers.open(folder);
    const guest = await servers.open(folder);
    await owner.stop();
    await guest.ensureRunning();
    expect([owner.owner, guest.owner]).toEqual([false, true]);
    expect(await rowsOf(guest.url(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('one comes while the server stops: it waits, then starts it', async () => {
    const folder = await servers.made();
    const first = await servers.open(folder);
    await rowsOf(first.url(), `create table bookings as select 'B-1' as number`);
    const [, second] = await Promise.all([first.stop(), servers.open(folder)]);
    await second.ensureRunning();
    expect(await rowsOf(second.url(), 'select number from bookings')).toEqual([{ number: 'B-1' }]);
    expect(second.owner).toBe(true);
  });
});

describe('kills', () => {
  test('Writkeeper is killed: its server lives on, is taken over with its rows, and stopped', async () => {
    const folder = await servers.made();
    const { child, opened } = servers.start(folder);
    const { url } = await opened;
    await rowsOf(url, `create table bookings as select 'B-1' as number`);
    const pid = await postmasterIn(folder);
    await kill(child);
    expect(await birthOf(pid)).toBeDefined();

    const next = await servers.open(folder);
    expect([next.owner, next.url(), await postmasterIn(folder)]).toEqual([true, url, pid]);
    expect(await rowsOf(next.url(), 'select number from bookings')).toEqual([{ number: 'B-1' }]);
    await next.stop();
    expect(await birthOf(pid)).toBeUndefined();
  });

  test('the server is killed under load: it starts again with every acknowledged row', async () => {
    const folder = await servers.made();
    const server = await servers.open(folder);
    await rowsOf(server.url(), 'create table bookings (number int primary key)');
    const acknowledged = insertUntilBroken(server.url());
    await until(async () => (await rowsOf(server.url(), 'select 1 from bookings')).length > 50);
    const pid = await postmasterIn(folder);
    process.kill(pid, 'SIGKILL');
    const count = await acknowledged;

    await server.ensureRunning();
    expect(server.owner).toBe(true);
    expect(await postmasterIn(folder)).not.toBe(pid);
    const kept = (await rowsOf(server.url(), 'select number from bookings')).length;
    expect(kept).toBeGreaterThanOrEqual(count);
  });

  test('Writkeeper and initdb are killed half-way: the next start makes the database', async () => {
    const folder = await servers.folder();
    const { child } = servers.start(folder);
    const staging = async (): Promise<string | undefined> =>
      (await readdir(folder).catch(() => [])).find((name) => name.startsWith('new-'));
    await until(async () => {
      const name = await staging();
      return name !== undefined && (await stat(join(folder, name, 'cluster', 'PG_VERSION')).catch(() => null)) !== null;
    });
    await kill(child);
    const server = await servers.open(folder);
    expect(server.owner).toBe(true);
    expect(await rowsOf(server.url(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('Writkeeper and the server are killed: the dead claim and the dead file hold nobody up', async () => {
    const folder = await servers.made();
    const { child, opened } = servers.start(folder);
    await opened;
    await kill(child);
    process.kill(await postmasterIn(folder), 'SIGKILL');
    const next = await servers.open(folder);
    expect(next.owner).toBe(true);
    expect(await rowsOf(next.url(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('files that are not what they say', () => {
  test.each([
    ['a process that is gone', () => 4_194_303],
    ['another program', () => process.pid],
  ])('postmaster.pid names %s', async (_, pid) => {
    const folder = await servers.made();
    const first = await servers.open(folder);
    const text = await readFile(join(folder, 'cluster', 'postmaster.pid'), 'utf8');
    await first.stop();
    await writeFile(join(folder, 'cluster', 'postmaster.pid'), text.replace(/^\d+/, String(pid())));
    const next = await servers.open(folder);
    expect(next.owner).toBe(true);
    expect(await rowsOf(next.url(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('the cluster holds something else: it is refused and left alone', async () => {
    const folder = await servers.folder();
    await mkdir(join(folder, 'cluster'), { recursive: true });
    await writeFile(join(folder, 'cluster', 'letter.txt'), 'keep');
    await expect(servers.open(folder)).rejects.toMatchObject({ name: 'EmbeddedPostgresError', code: 'no-cluster' });
    expect(await readFile(join(folder, 'cluster', 'letter.txt'), 'utf8')).toBe('keep');
  });

  test('the data are of another major version: they are refused and left alone', async () => {
    const folder = await servers.folder();
    await mkdir(join(folder, 'cluster'), { recursive: true });
    await writeFile(join(folder, 'cluster', 'PG_VERSION'), '17\n');
    await expect(servers.open(folder)).rejects.toMatchObject({ code: 'other-version' });
  });

  test('a server that will not start says so with the last words of its log, and the folder is free again', async () => {
    const folder = await servers.made();
    await writeFile(join(folder, 'cluster', 'pg_hba.conf'), 'nonsense\n');
    const failure = await servers.open(folder).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'start-failed',
      message: expect.stringContaining('could not load') as string,
    });
    await writeFile(join(folder, 'cluster', 'pg_hba.conf'), 'local all all scram-sha-256\n');
    expect((await servers.open(folder)).owner).toBe(true);
  });

  test('the password is lost', async () => {
    const folder = await servers.made();
    await rm(join(folder, 'password'));
    await expect(servers.open(folder)).rejects.toMatchObject({ code: 'not-permitted' });
  });
});

test.skipIf(!isRoot)(
  'as root, below a folder that the server cannot enter: the message names it and the mend',
  async () => {
    const closed = await mkdtemp('/tmp/wk-');
    await chmod(closed, 0o700);
    await expect(servers.open(join(closed, 'postgres'))).rejects.toMatchObject({
      code: 'closed-folder',
      message: expect.stringContaining(`chmod o+x ${closed}"`) as string,
    });
    await rm(closed, { recursive: true });
  },
);

test('the log holds no value of a row: not of a statement that failed, nor of one whose process died', async () => {
  const folder = await servers.made();
  const server = await servers.open(folder);
  const marker = 'MARKER-OF-A-PERSON';
  await rowsOf(server.url(), 'create table people (name text primary key, born date check (born > $$1900-01-01$$))');
  const insert = `insert into people values ($1, '1970-01-01')`;
  await rowsOf(server.url(), insert, [marker]);
  await expect(rowsOf(server.url(), insert, [marker])).rejects.toMatchObject({ code: '23505' });
  await expect(rowsOf(server.url(), `insert into people values ($1, $2)`, [marker, marker])).rejects.toMatchObject({
    code: '22007',
  });
  await expect(rowsOf(server.url(), `insert into people values ('${marker}', '1800-01-01')`)).rejects.toThrow();
  await expect(rowsOf(server.url(), `select '${marker}' frm`.replace('frm', 'from'))).rejects.toThrow();

  const dying = new pg.Client({ connectionString: server.url() });
  dying.on('error', () => undefined);
  await dying.connect();
  const pid = ((await dying.query('select pg_backend_pid() as pid')).rows as { pid: number }[])[0]?.pid ?? 0;
  const asked = dying.query(`select pg_sleep(60), '${marker}'`).catch(() => 'died');
  await until(
    async () =>
      (
        await rowsOf(server.url(), `select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and pid = $1`, [
          pid,
        ])
      ).length > 0,
  );
  process.kill(pid, 'SIGKILL');
  expect(await asked).toBe('died');
  await server.ensureRunning();
  await server.stop();

  const log = await readFile(join(folder, 'server.log'), 'utf8');
  expect(log).toContain('was terminated by signal 9');
  expect(log).not.toContain(marker);
});

/** How many rows the server acknowledged before it broke off. */
async function insertUntilBroken(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  for (let count = 0; ; count += 1) {
    const isDone = await client.query('insert into bookings values ($1)', [count]).then(
      () => true,
      () => false,
    );
    if (!isDone) return count;
  }
}
