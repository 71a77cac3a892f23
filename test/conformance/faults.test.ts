import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { expungeSubject } from '../../src/app/ledger/erase.ts';
import { openLedger } from '../../src/app/ledger/ledger.ts';
import { StoreUnavailable } from '../../src/app/ledger/ports.ts';
import { verifyAgency } from '../../src/app/ledger/verify.ts';
import type { Handle } from '../../src/domain/record/key-tree.ts';
import type { Instant } from '../../src/domain/time/instant.ts';
import { openHouse, type House } from '../../src/main/house.ts';
import { settingsFrom } from '../../src/main/settings.ts';
import { databases } from '../support/databases.ts';
import { postmasterIn, rowsOf, until } from '../support/embedded.ts';
import { AGENCY, bookingOpened, MIGRATIONS, recorded, testHouse, type TestHouse } from '../support/house.ts';
import { lineTo } from '../support/cut-line.ts';
import { canMount, onDisk, smallDisk } from '../support/small-disk.ts';

const cleaning: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

describe.each(databases())('on $name', (server) => {
  const opened = async (on = server): Promise<TestHouse> => {
    const house = await testHouse(on);
    cleaning.push(() => house.remove());
    return house;
  };

  test('the database is gone: appends and reads say so, an alarm is raised, and once it is back they go on', async () => {
    const line = await lineTo(server);
    const house = await opened(line.server);
    const first = bookingOpened();
    recorded(await house.ledger.append(AGENCY, first));
    line.cut();
    const draft = bookingOpened();
    expect(await house.ledger.append(AGENCY, draft)).toMatchObject({ kind: 'unavailable', trouble: 'unreachable' });
    expect(house.alarms).toEqual(['unreachable']);
    const read = house.ledger.state(AGENCY, first.subject);
    await expect(read).rejects.toSatisfy(
      (error) => error instanceof StoreUnavailable && error.trouble === 'unreachable',
    );
    line.mend();
    expect(recorded(await house.ledger.append(AGENCY, draft)).envelope.sequence).toBe(1);
    expect(await house.ledger.state(AGENCY, first.subject)).toMatchObject({ about: 'booking' });
  });

  test('the database goes before it has answered: asked again, the same request makes no second entry', async () => {
    const line = await lineTo(server);
    const house = await opened(line.server);
    recorded(await house.ledger.append(AGENCY, bookingOpened()));
    line.cutBeforeAnswer();
    const draft = bookingOpened();
    expect(await house.ledger.append(AGENCY, draft)).toMatchObject({ kind: 'unavailable', trouble: 'unreachable' });
    line.mend();
    expect(recorded(await house.ledger.append(AGENCY, draft))).toMatchObject({
      repeated: true,
      envelope: { sequence: 1 },
    });
    expect(await faultsOf(house)).toEqual([]);
  });

  test('the database lets nobody in', async () => {
    const house = await opened();
    recorded(await house.ledger.append(AGENCY, bookingOpened()));
    const admin = new URL(house.url);
    const name = admin.pathname.slice(1);
    admin.pathname = '/postgres';
    await rowsOf(admin.href, `alter database ${name} with allow_connections false`);
    await endSessions(admin.href, name);
    for (let tries = 0; tries < 3; tries += 1) {
      expect(await house.ledger.append(AGENCY, bookingOpened())).toMatchObject({
        kind: 'unavailable',
        trouble: 'unreachable',
      });
    }
    await rowsOf(admin.href, `alter database ${name} with allow_connections true`);
    recorded(await house.ledger.append(AGENCY, bookingOpened()));
  });

  test('the database takes no writes: appends say so, and reading goes on', async () => {
    const house = await opened();
    const first = bookingOpened();
    recorded(await house.ledger.append(AGENCY, first));
    await setReadOnly(house, 'on');
    expect(await house.ledger.append(AGENCY, bookingOpened())).toMatchObject({
      kind: 'unavailable',
      trouble: 'read-only',
    });
    expect(house.alarms).toEqual(['read-only']);
    expect(await house.ledger.history(AGENCY, first.subject)).toHaveLength(1);
    expect(await faultsOf(house)).toEqual([]);
    await setReadOnly(house, 'off');
    expect(recorded(await house.ledger.append(AGENCY, bookingOpened())).envelope.sequence).toBe(1);
  });

  test.runIf(canMount())(
    'the disk is full: appends say so, nothing is half-written, reading goes on; space is made, and they go on',
    async () => {
      const disk = smallDisk('24m');
      cleaning.push(disk.remove);
      const house = await opened(onDisk(server, disk));
      const first = bookingOpened();
      recorded(await house.ledger.append(AGENCY, first));
      disk.fill();
      const { size, draft, appended } = await appendUntilRefused(house, 1);
      expect(appended).toMatchObject({ kind: 'unavailable', trouble: 'disk-full' });
      expect(new Set(house.alarms)).toEqual(new Set(['disk-full']));
      expect(await house.ledger.history(AGENCY, first.subject)).toHaveLength(1);
      expect((await house.ports.store.head(AGENCY))?.size).toBe(size);
      expect(await faultsOf(house)).toEqual([]);
      disk.free();
      expect(recorded(await house.ledger.append(AGENCY, draft))).toMatchObject({
        repeated: false,
        envelope: { sequence: size },
      });
      expect(await faultsOf(house)).toEqual([]);
    },
  );

  test.runIf(canMount())(
    'the disk of the signed sizes is full: nothing is put on record that cannot be kept there, and asked again it is',
    async () => {
      const disk = smallDisk('4k');
      cleaning.push(disk.remove);
      const database = await server.fresh();
      cleaning.push(() => database.drop());
      const folder = mkdtempSync('/tmp/wk-house-');
      cleaning.push(() => rmSync(folder, { recursive: true }));
      const settings = settingsFrom({ DATABASE_URL: database.url, WRITKEEPER_SIGNED_SIZES: disk.folder }, folder);
      const alarms: string[] = [];
      const house = await openHouse(settings, MIGRATIONS, ({ code }) => alarms.push(code));
      cleaning.push(() => house.close());
      disk.fill();
      const draft = bookingOpened();
      for (let tries = 0; tries < 2; tries += 1) {
        expect(await house.ledger.append(AGENCY, draft)).toMatchObject({ kind: 'unavailable', trouble: 'disk-full' });
      }
      expect(alarms).toEqual(['disk-full', 'disk-full']);
      disk.free();
      expect(recorded(await house.ledger.append(AGENCY, draft))).toMatchObject({
        repeated: false,
        envelope: { sequence: 0 },
      });
      expect(house.ports.signedSizes.last(house.ports.originOf(AGENCY))).toMatchObject({ size: 1 });
    },
  );

  describe('the clock', () => {
    const steppedBy = (house: House, milliseconds: number) =>
      openLedger({ ...house.ports, now: () => (house.ports.now() + milliseconds) as Instant });

    test('was stepped back by an hour: appends say so, an alarm is raised, and reading goes on', async () => {
      const house = await opened();
      const first = bookingOpened();
      recorded(await house.ledger.append(AGENCY, first));
      const stepped = steppedBy(house, -3_600_000);
      const draft = bookingOpened();
      const appended = await stepped.append(AGENCY, draft);
      expect(appended).toMatchObject({ kind: 'unavailable', trouble: 'clock-stepped-back' });
      expect(appended).toHaveProperty('message', expect.stringMatching(/clock is 3(599|600) s behind the last entry/));
      expect(house.alarms).toEqual(['clock-stepped-back']);
      expect(await stepped.state(AGENCY, first.subject)).toMatchObject({ about: 'booking' });
      expect(recorded(await house.ledger.append(AGENCY, draft)).envelope.sequence).toBe(1);
    });

    test('was stepped back over the house’s restart: the last entry itself remembers, for the head tells its day alone', async () => {
      const house = await opened();
      recorded(await house.ledger.append(AGENCY, bookingOpened()));
      const again = await house.beside();
      expect(await steppedBy(again, -5_000).append(AGENCY, bookingOpened())).toMatchObject({
        kind: 'unavailable',
        trouble: 'clock-stepped-back',
      });
    });

    test('was stepped back and the last entry was expunged: the tombstone comes after it and remembers', async () => {
      const house = await opened();
      const draft = bookingOpened();
      recorded(await house.ledger.append(AGENCY, draft));
      const order = { order: 'Monroe County Court, 26-CF-1', actor: 'clerk.one', second: 'clerk.two' };
      const request = crypto.randomUUID();
      const erased = { agency: AGENCY, subject: draft.subject, request, ...order };
      recorded(await expungeSubject(house.ledger, house.ports, erased));
      const again = await house.beside();
      expect(await steppedBy(again, -5_000).append(AGENCY, bookingOpened())).toMatchObject({
        trouble: 'clock-stepped-back',
      });
    });

    test('of another machine is half a second behind: it writes, and no entry is recorded before the one before it', async () => {
      const house = await opened();
      const drafts = [bookingOpened(), bookingOpened()] as const;
      recorded(await house.ledger.append(AGENCY, drafts[0]));
      recorded(await steppedBy(house, -500).append(AGENCY, drafts[1]));
      const [ahead, behind] = await Promise.all(drafts.map(({ subject }) => recordedAtOf(house, subject)));
      expect(behind).toBe(ahead);
      expect(await faultsOf(house)).toEqual([]);
    });
  });
});

describe('on the database that npm brings, in a house of its own', () => {
  const openedIn = async (data: string): Promise<House & { alarms: string[] }> => {
    const alarms: string[] = [];
    const house = await openHouse(settingsFrom({}, data), MIGRATIONS, ({ code }) => alarms.push(code));
    cleaning.push(() => house.close());
    return { ...house, alarms };
  };
  const newData = (): string => {
    const home = mkdtempSync('/tmp/wk-house-');
    chmodSync(home, 0o711);
    cleaning.push(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
    return join(home, 'data');
  };

  test('its server dies: appends say so, it is started again, and they go on', async () => {
    const data = newData();
    const house = await openedIn(data);
    recorded(await house.ledger.append(AGENCY, bookingOpened()));
    const postmaster = await postmasterIn(join(data, 'postgres'));
    process.kill(postmaster, 'SIGKILL');
    // What it had begun ends with it, in its own time.
    await until(async () => (await house.ledger.append(AGENCY, bookingOpened())).kind === 'unavailable');
    const draft = bookingOpened();
    await until(async () => (await house.ledger.append(AGENCY, draft)).kind === 'recorded');
    expect(await postmasterIn(join(data, 'postgres'))).not.toBe(postmaster);
    expect(new Set(house.alarms)).toEqual(new Set(['unreachable']));
    expect(await faultsOf(house)).toEqual([]);
  });

  test.runIf(canMount())(
    'the whole of its disk is full, with the write-ahead log: what was acknowledged is there, and it goes on',
    async () => {
      const disk = smallDisk('160m');
      cleaning.push(disk.remove);
      const house = await openedIn(join(disk.folder, 'house'));
      recorded(await house.ledger.append(AGENCY, bookingOpened()));
      disk.fill();
      const { size, draft, appended } = await appendUntilRefused(house, 1);
      expect(appended).toMatchObject({ kind: 'unavailable', trouble: 'disk-full' });
      expect(await house.ledger.state(AGENCY, draft.subject)).toBeUndefined();
      expect((await house.ports.store.head(AGENCY))?.size).toBe(size);
      expect(await faultsOf(house)).toEqual([]);
      disk.free();
      await until(async () => (await house.ledger.append(AGENCY, draft)).kind === 'recorded');
      expect((await house.ports.store.head(AGENCY))?.size).toBe(size + 1);
      expect(await faultsOf(house)).toEqual([]);
    },
  );
});

async function faultsOf({ ports, readCheckpoint }: House): Promise<string[]> {
  const attested = (): Promise<[]> => Promise.resolve([]);
  return (await verifyAgency({ ...ports, readCheckpoint, attested }, AGENCY)).faults.map(({ message }) => message);
}

/** One after the other, since a page that is there already takes a few more. */
/** When the first entry on a subject was recorded, as it says under its commitment. */
async function recordedAtOf({ ledger }: House, subject: Handle): Promise<string> {
  const [kept] = await ledger.history(AGENCY, subject);
  if (kept === undefined || !('event' in kept)) throw new Error('the entry is not readable');
  return kept.event.recordedAt;
}

async function appendUntilRefused({ ledger }: House, from: number) {
  for (let size = from; size < from + 5000; size += 1) {
    const draft = bookingOpened();
    const appended = await ledger.append(AGENCY, draft);
    if (appended.kind !== 'recorded') return { size, draft, appended };
  }
  throw new Error('the disk was never full');
}

/** For every connection, also those that are open: they are ended, as by an administrator. */
async function setReadOnly({ url }: House, how: 'on' | 'off'): Promise<void> {
  const admin = new URL(url);
  const name = admin.pathname.slice(1);
  admin.pathname = '/postgres';
  await rowsOf(admin.href, `alter database ${name} set default_transaction_read_only = ${how}`);
  await endSessions(admin.href, name);
}

async function endSessions(admin: string, database: string): Promise<void> {
  const sessions = 'from pg_stat_activity where datname = $1';
  await rowsOf(admin, `select pg_terminate_backend(pid) ${sessions}`, [database]);
  await until(async () => (await rowsOf(admin, `select 1 ${sessions}`, [database])).length === 0);
}
