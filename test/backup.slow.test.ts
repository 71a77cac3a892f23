import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  statSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../src/app/ledger/manifest.ts';
import type { House } from '../src/main/house.ts';
import { primitives } from '../src/adapters/system/primitives.ts';
import {
  ask,
  backedUp,
  Backups,
  failureOf,
  faultsOf,
  restoring,
  settingsAt,
  valueOf,
  verified,
} from './support/backups.ts';
import { databases, everyDatabase, type FreshDatabase, type TestServer } from './support/databases.ts';
import { AGENCY, bookingOpened, draftOf, recorded } from './support/house.ts';

const ofTest = new Backups();
afterEach(() => ofTest.clear());

/** A house with some entries on two agencies, and a backup of it. */
async function backedUpHouse(server: TestServer, backups = ofTest) {
  const [database, folder, backup] = [await backups.database(server), backups.folder(), backups.folder()];
  const house = await backups.house(database, folder);
  const opened = [];
  for (let at = 0; at < 5; at += 1) {
    const { envelope } = recorded(await house.ledger.append(AGENCY, bookingOpened(`2026-${at}`)));
    opened.push(envelope.subject);
  }
  recorded(await house.ledger.append('us/fl/other-county/sheriff', bookingOpened()));
  const manifest = await backedUp(database, backup);
  return { database, folder, backup, house, opened, manifest };
}

/** Writes until it is stopped. */
function writingOn(house: House): () => Promise<void> {
  const ending = new AbortController();
  const writing = (async () => {
    while (!ending.signal.aborted) recorded(await house.ledger.append(AGENCY, bookingOpened()));
  })();
  return () => {
    ending.abort();
    return writing;
  };
}

async function rowsIn({ url }: FreshDatabase): Promise<number> {
  const tables = await ask(
    url,
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname !~ '^kysely'`,
  );
  let rows = 0;
  for (const { name } of tables)
    rows += Number((await ask(url, `select count(*) as n from "${String(name)}"`))[0]?.['n']);
  return rows;
}

/** Makes the manifest say what a file is now, as somebody would who edits a backup with care. */
function restated(backup: string, table: string): void {
  const path = join(backup, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  const bytes = readFileSync(join(backup, `${table}.copy`));
  const tables = manifest.tables.map((each) =>
    each.name === table
      ? { ...each, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
      : each,
  );
  writeFileSync(path, JSON.stringify({ ...manifest, tables }));
}

describe.each(databases())('$name', (server) => {
  const other = everyDatabase().find(({ name }) => name !== server.name) ?? server;

  test('a backup restored into another database, of another version, has the same roots, verifies, and goes on', async () => {
    const { folder, backup, house, manifest } = await backedUpHouse(server);
    await house.close();
    const database = await ofTest.database(other);
    const report = valueOf(await restoring(database, folder, backup));
    expect(report.logs.map(({ agency, size, root, tail }) => [agency, size, root, tail])).toEqual(
      manifest.agencies.map(({ agency, size, root }) => [agency, size, root, 'goes-on']),
    );
    const restored = await ofTest.house(database, folder);
    expect(await faultsOf(restored)).toEqual([]);
    expect((await verified(restored)).opened).toBe(5);
    const { envelope } = recorded(await restored.ledger.append(AGENCY, bookingOpened()));
    expect(envelope.sequence).toBe(5);
    expect(await ask(database.url, 'select count(*)::int as n, max(id)::int as last from outbox')).toEqual([
      { n: 7, last: 7 },
    ]);
    expect(await faultsOf(restored)).toEqual([]);
  });

  test('a backup that is made while others write is the record of one moment', async () => {
    const { database, folder, house } = await backedUpHouse(server);
    const backup = ofTest.folder();
    const stop = writingOn(house);
    await backedUp(database, backup);
    await stop();
    await house.close();
    const empty = await ofTest.database(server);
    const [log] = valueOf(await restoring(empty, folder, backup)).logs;
    expect(log?.size).toBeGreaterThanOrEqual(5);
    const restored = await ofTest.house(empty, folder);
    expect((await faultsOf(restored)).filter((code) => code !== 'tail-missing')).toEqual([]);
  });

  test('a house that another process writes to verifies, writes and is not taken for an older copy', async () => {
    const { database, folder, house } = await backedUpHouse(server);
    const other = await ofTest.house(database, folder);
    recorded(await other.ledger.append(AGENCY, bookingOpened()));
    // The first house remembers a head that is no more the newest.
    recorded(await house.ledger.append(AGENCY, bookingOpened()));
    const stop = writingOn(house);
    for (let look = 0; look < 5; look += 1) {
      expect(await faultsOf(other)).toEqual([]);
      recorded(await other.ledger.append(AGENCY, bookingOpened()));
    }
    await stop();
  });

  describe('spoilt', () => {
    // One backup and one database for all of them: whatever one left behind, the next would find.
    const shared = new Backups();
    let made: Awaited<ReturnType<typeof backedUpHouse>>;
    let empty: FreshDatabase;
    beforeAll(async () => {
      made = await backedUpHouse(server, shared);
      empty = await shared.database(server);
    });
    afterAll(() => shared.clear());

    test.each([
      ['an altered file', (backup: string) => flip(join(backup, 'entry.copy')), 'entry.copy', 'is not what it was'],
      ['a missing file', (backup: string) => rmSync(join(backup, 'tombstone.copy')), 'tombstone.copy', 'is missing'],
      [
        'an extra file',
        (backup: string) => writeFileSync(join(backup, 'more.copy'), ''),
        'more.copy',
        'none of the backup’s',
      ],
      [
        'a truncated file',
        (backup: string) => truncateSync(join(backup, 'content.copy'), 100),
        'content.copy',
        'is cut short',
      ],
      [
        'a file with more',
        (backup: string) => appendFileSync(join(backup, 'log.copy'), 'x\n'),
        'log.copy',
        'is not what it was',
      ],
      ['no manifest', (backup: string) => rmSync(join(backup, 'manifest.json')), 'manifest.json', 'was not finished'],
      [
        'a manifest that is no JSON',
        (backup: string) => truncateSync(join(backup, 'manifest.json'), 200),
        'manifest.json',
        'is no JSON',
      ],
      ['a manifest without a table', withoutTable, 'outbox.copy', 'none of the backup’s'],
      ['an entry edited, and the manifest with it', editedEntry, AGENCY, 'is not what it was when it was recorded'],
      ['a last entry taken out, and the manifest told', withoutLastEntry, AGENCY, 'its head says 5'],
      ['a manifest of a newer schema', newerSchema, 'manifest.json', 'made by a newer Writkeeper'],
    ])('%s is refused in one line, and nothing is written', async (_, spoil, where, message) => {
      const spoilt = join(ofTest.folder(), 'spoilt');
      cpSync(made.backup, spoilt, { recursive: true });
      spoil(spoilt);
      const failure = failureOf(await restoring(empty, made.folder, spoilt));
      expect(failure.where).toBe(where);
      expect(failure.message).toContain(message);
      expect(await rowsIn(empty)).toBe(0);
    });
  });

  test.skipIf(process.platform === 'win32')(
    'a backup is read by nobody but the account that made it, file by file',
    async () => {
      const { backup } = await backedUpHouse(server);
      const modes = readdirSync(backup).map((file) => [file, statSync(join(backup, file)).mode & 0o777]);
      expect(modes.filter(([, mode]) => mode !== 0o600)).toEqual([]);
    },
  );

  test('a house that holds a record takes no backup', async () => {
    const { database, folder, backup } = await backedUpHouse(server);
    const failure = failureOf(await restoring(database, folder, backup));
    expect(failure.message).toContain('never over one');
  });

  test('a database that nothing was ever kept in has no backup, and a folder that is not empty takes none', async () => {
    const database = await ofTest.database(server);
    await expect(backedUp(database, ofTest.folder())).rejects.toThrow('nothing to back up');
    const { backup, database: full } = await backedUpHouse(server);
    await expect(backedUp(full, backup)).rejects.toThrow('is not empty');
  });

  test('without the vault nothing is restored, for it says what must not come back', async () => {
    const { backup } = await backedUpHouse(server);
    await expect(restoring(await ofTest.database(server), ofTest.folder(), backup)).rejects.toMatchObject({
      trouble: 'no-vault',
    });
  });

  test('another house’s vault is refused', async () => {
    const { backup } = await backedUpHouse(server);
    const stranger = await backedUpHouse(server);
    await stranger.house.close();
    const database = await ofTest.database(server);
    const failure = failureOf(await restoring(database, stranger.folder, backup));
    expect(failure.message).toContain('is not signed by a key of this vault');
    expect(await rowsIn(database)).toBe(0);
  });

  test('no key of any kind is in a backup', async () => {
    const { database, folder, house } = await backedUpHouse(server);
    const backup = ofTest.folder();
    await backedUp(database, backup);
    const bytes = Buffer.concat(readdirSync(backup).map((file) => readFileSync(join(backup, file))));
    const master = Buffer.from(readFileSync(join(folder, 'keys', 'master.key'), 'utf8').trim(), 'hex');
    for (const secret of [master, ...secretsOf(folder), ...house.vault.everySigningSeed(AGENCY)]) {
      expect(secret.length).toBe(32);
      for (const form of formsOf(secret)) expect(bytes.includes(form)).toBe(false);
    }
    // Found where it is: the search itself works.
    expect(bytes.includes((await house.ports.store.head(AGENCY))?.root.toHex() ?? '')).toBe(true);
  });

  test('what a copy of the vault had not heard of is destroyed by the order that the ledger names', async () => {
    const { database, folder, house, opened } = await backedUpHouse(server);
    const copy = ofTest.folder();
    copyFileSync(join(folder, 'keys', 'vault'), join(copy, 'vault'));
    const erases = opened[0];
    const order = { order: 'Circuit Court, 26-CF-1, 2026-11-02', second: 'two' };
    const agency = house.ports.keyring.agencySubject(AGENCY);
    recorded(await house.ledger.append(AGENCY, draftOf('subject.expunged', agency, order, { erases, actor: 'one' })));
    await house.close();
    cpSync(join(copy, 'vault'), join(folder, 'keys', 'vault'));
    const reopened = await ofTest.house(database, folder);
    expect(erases === undefined ? undefined : reopened.vault.destroyed(AGENCY).get(erases)).toEqual({
      how: 'expunged',
      actor: 'one',
      ...order,
    });
  });

  function secretsOf(folder: string): Uint8Array[] {
    const settings = settingsAt('postgres://unused/unused', folder);
    const vaultFile = JSON.parse(readFileSync(settings.vault, 'utf8')) as Record<'nonce' | 'body', string> & {
      wraps: { nonce: string; key: string }[];
    };
    const open = (key: Uint8Array, nonce: string, sealed: string, bound: string): Uint8Array =>
      primitives.decrypt(key, Uint8Array.fromHex(nonce), Uint8Array.fromHex(sealed), Buffer.from(bound)) as Uint8Array;
    const [wrap] = vaultFile.wraps;
    const dataKey = open(settings.master().key, wrap?.nonce ?? '', wrap?.key ?? '', 'writkeeper/v1/vault-key');
    const body = JSON.parse(
      new TextDecoder().decode(open(dataKey, vaultFile.nonce, vaultFile.body, 'writkeeper/v1/vault')),
    ) as { agencies: Record<string, { tree: Record<string, string> }> };
    const trees = Object.values(body.agencies).flatMap(({ tree }) => Object.values(tree));
    expect(trees.length).toBeGreaterThan(0);
    return [dataKey, ...trees.map((hex) => Uint8Array.fromHex(hex))];
  }
});

function formsOf(secret: Uint8Array): Buffer[] {
  const hex = secret.toHex();
  const texts = [
    hex,
    hex.toUpperCase(),
    secret.toBase64(),
    secret.toBase64({ omitPadding: true, alphabet: 'base64url' }),
  ];
  return [Buffer.from(secret), ...texts.map((text) => Buffer.from(text))];
}

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

function edited(backup: string, table: string, edit: (text: string) => string): void {
  const path = join(backup, `${table}.copy`);
  writeFileSync(path, edit(readFileSync(path, 'utf8')));
  restated(backup, table);
}

function editedEntry(backup: string): void {
  const day = Buffer.from('booking.opened').toString('hex');
  const other = Buffer.from('booking.closed').toString('hex');
  edited(backup, 'entry', (text) => text.replace(day, other));
}

function withoutLastEntry(backup: string): void {
  const isLast = (line: string): boolean => line.startsWith(`${AGENCY}\t4\t`);
  edited(backup, 'entry', (text) =>
    text
      .split('\n')
      .filter((line) => !isLast(line))
      .join('\n'),
  );
  const path = join(backup, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  const tables = manifest.tables.map((each) => (each.name === 'entry' ? { ...each, rows: each.rows - 1 } : each));
  writeFileSync(path, JSON.stringify({ ...manifest, tables }));
}

function withoutTable(backup: string): void {
  const path = join(backup, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  writeFileSync(path, JSON.stringify({ ...manifest, tables: manifest.tables.filter(({ name }) => name !== 'outbox') }));
}

function newerSchema(backup: string): void {
  const path = join(backup, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  writeFileSync(path, JSON.stringify({ ...manifest, migration: '9999-later' }));
}
