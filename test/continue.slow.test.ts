import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { courtKey } from '../src/adapters/keys/court-key.ts';
import { bearingOn, continueLog, type Continued } from '../src/app/ledger/continue.ts';
import { expungeSubject, sealSubject, type Order } from '../src/app/ledger/erase.ts';
import { openLedger } from '../src/app/ledger/ledger.ts';
import { storeShown } from '../src/app/ledger/may-sign.ts';
import { publicLog } from '../src/app/ledger/public-log.ts';
import { logsKnown } from '../src/app/ledger/verify.ts';
import { rebuild } from '../src/app/ledger/rebuild.ts';
import type { Handle } from '../src/domain/record/key-tree.ts';
import type { House } from '../src/main/house.ts';
import { ask, backedUp, Backups, faultsOf, restoring, valueOf, verified } from './support/backups.ts';
import { databases, type TestServer } from './support/databases.ts';
import { AGENCY, bookingOpened, recorded } from './support/house.ts';

const ofTest = new Backups();
afterEach(() => ofTest.clear());

const ORIGIN = `localhost/${AGENCY}`;
const DECIDED = {
  agency: AGENCY,
  reason: 'the disk was lost; the sheriff and counsel decided',
  actor: 'one',
  second: 'two',
};

/** A house of three bookings that was backed up yesterday; what is done after that goes with its database. */
async function lostSince(server: TestServer, today: (house: House, bookings: readonly Handle[]) => Promise<unknown>) {
  const [folder, backup] = [ofTest.folder(), ofTest.folder()];
  const before = await ofTest.database(server);
  const house = await ofTest.house(before, folder);
  const bookings: Handle[] = [];
  for (const booking of ['1', '2', '3'])
    bookings.push(recorded(await house.ledger.append(AGENCY, bookingOpened(booking))).envelope.subject);
  await backedUp(before, backup);
  const yesterday = (await house.ports.store.head(AGENCY))?.checkpoint ?? '';
  await today(house, bookings);
  await house.close();
  const restored = async (): Promise<House> => {
    const database = await ofTest.database(server);
    valueOf(await restoring(database, folder, backup));
    return ofTest.house(database, folder);
  };
  return { folder, backup, bookings, yesterday, restored };
}

async function bookings(house: House, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) recorded(await house.ledger.append(AGENCY, bookingOpened(`lost ${at}`)));
}

function continued(answer: Awaited<ReturnType<typeof continueLog>>): Continued {
  if (answer.kind !== 'continued') throw new Error(JSON.stringify(answer));
  return answer;
}

function goOn(house: House, more: Partial<Parameters<typeof continueLog>[2]> = {}) {
  return continueLog(house.ledger, house.ports, { ...DECIDED, ...more });
}

function orderOn(subject: Handle | undefined, request: string): Order {
  const order = 'Circuit Court, 26-CF-1, 2026-11-02';
  return { agency: AGENCY, subject: subject as Handle, order, actor: 'clerk.one', second: 'clerk.two', request };
}

const [ONE, TWO] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];

describe.each(databases())('$name', (server) => {
  test('yesterday’s backup signs nothing that was signed already, and says that its tail is missing', async () => {
    const { folder, backup, restored } = await lostSince(server, (house) => bookings(house, 2));
    const database = await ofTest.database(server);
    expect(valueOf(await restoring(database, folder, backup)).logs).toMatchObject([
      { agency: AGENCY, size: 3, signedSize: 5, tail: 'tail-lost' },
    ]);
    const house = await restored();
    expect(await house.ledger.append(AGENCY, bookingOpened())).toMatchObject({
      kind: 'unavailable',
      trouble: 'already-signed',
    });
    expect((await house.ports.store.head(AGENCY))?.size).toBe(3);
    expect(await faultsOf(house)).toEqual(['tail-missing']);
  });

  test('two people go on under a new name: the first entry says what was lost, and the old name is never signed again', async () => {
    const { restored, yesterday } = await lostSince(server, (house) => bookings(house, 2));
    const house = await restored();
    const root = (await house.ports.store.head(AGENCY))?.root.toHex();
    expect(continued(await goOn(house)).log).toEqual({ from: ORIGIN, origin: `${ORIGIN}/2`, size: 3, signedSize: 5 });
    const { ledger, ports } = house;
    const [said] = await ledger.history(AGENCY, ports.keyring.agencySubject(AGENCY));
    expect(said).toMatchObject({
      event: {
        actor: 'one',
        envelope: { type: 'log.continued', sequence: 3 },
        content: { origin: ORIGIN, size: 3, root, signedSize: 5, reason: DECIDED.reason, second: 'two' },
      },
    });
    const { checkpoint } = recorded(await ledger.append(AGENCY, bookingOpened()));
    expect(checkpoint.split('\n').slice(0, 2)).toEqual([`${ORIGIN}/2`, '5']);
    expect(await faultsOf(house)).toEqual([]);
    expect(ports.signedSizes.last(ORIGIN)).toMatchObject({ size: 5 });
    expect(ports.signedSizes.last(`${ORIGIN}/2`)).toMatchObject({ size: 5 });
    const [key] = await house.verifierKey(AGENCY);
    expect(key?.startsWith(`${ORIGIN}/2+`)).toBe(true);
    // What was signed under the old name stays verifiable.
    expect(await house.readCheckpoint(AGENCY, yesterday)).toMatchObject({ size: 3 });
  });

  test('what witnesses saw under the old name still binds, up to where the log went on', async () => {
    const { restored } = await lostSince(server, (house) => bookings(house, 2));
    const house = await restored();
    continued(await goOn(house));
    const seen = [
      { origin: ORIGIN, size: 3 },
      { origin: ORIGIN, size: 5 },
      { origin: `${ORIGIN}/2`, size: 4 },
      { origin: 'localhost/elsewhere', size: 1 },
    ];
    expect(await bearingOn(house.ports, AGENCY, seen)).toEqual([seen[0], seen[2]]);
  });

  test('a writer that was open before goes on under the new name', async () => {
    const { restored } = await lostSince(server, (house) => bookings(house, 1));
    const house = await restored();
    await house.ledger.append(AGENCY, bookingOpened());
    continued(await goOn(house));
    expect(recorded(await house.ledger.append(AGENCY, bookingOpened())).envelope.sequence).toBe(4);
  });

  test('one person alone, or a log that is not stuck, goes nowhere', async () => {
    const { restored } = await lostSince(server, (house) => bookings(house, 1));
    const house = await restored();
    expect(await goOn(house, { second: ' One ' })).toMatchObject({ kind: 'invalid', failures: [{ where: 'second' }] });
    expect(await goOn(house, { agency: 'us/fl/nowhere/sheriff' })).toMatchObject({ kind: 'invalid' });
    expect(await goOn(house, { reason: '' })).toMatchObject({
      kind: 'invalid',
      failures: [{ where: 'content.reason' }],
    });
    continued(await goOn(house));
    const again = await goOn(house);
    expect(again).toMatchObject({ kind: 'invalid', failures: [{ code: 'impossible' }] });
    expect((await house.ports.store.head(AGENCY))?.origin).toBe(`${ORIGIN}/2`);
  });

  test('the same backup restored a second time goes on under a third name', async () => {
    const { restored } = await lostSince(server, (house) => bookings(house, 1));
    const second = await restored();
    continued(await goOn(second));
    await second.close();
    const third = await restored();
    expect(continued(await goOn(third)).log?.origin).toBe(`${ORIGIN}/3`);
    expect(await faultsOf(third)).toEqual([]);
  });

  describe.each([
    ['was lost', (file: string) => rmSync(file)],
    ['was damaged', (file: string) => writeFileSync(file, '7')],
  ])('where the list of signed sizes %s too', (_, damage) => {
    async function lost() {
      const { folder, backup } = await lostSince(server, (house) => bookings(house, 4));
      for (const file of readdirSync(join(folder, 'signed'))) damage(join(folder, 'signed', file));
      const database = await ofTest.database(server);
      expect(valueOf(await restoring(database, folder, backup)).logs).toMatchObject([{ size: 3, tail: 'unknown' }]);
      return ofTest.house(database, folder);
    }

    test('nothing is signed: others may have seen more than the backup has', async () => {
      const house = await lost();
      const refused = { kind: 'unavailable', trouble: 'already-signed' };
      expect(await house.ledger.append(AGENCY, bookingOpened())).toMatchObject(refused);
      expect(await faultsOf(house)).toEqual(['signed-size-unknown']);
    });

    test('two people go on under a new name, which says what a witness has seen', async () => {
      const house = await lost();
      expect(continued(await goOn(house, { seen: 7 })).log).toMatchObject({ origin: `${ORIGIN}/2`, signedSize: 7 });
      expect(await faultsOf(house)).toEqual([]);
    });

    test('and where nobody has seen it, that nobody knows', async () => {
      const house = await lost();
      const { log } = continued(await goOn(house));
      expect(log).toEqual({ origin: `${ORIGIN}/2`, from: ORIGIN, size: 3 });
      expect(recorded(await house.ledger.append(AGENCY, bookingOpened())).envelope.sequence).toBe(4);
    });

    test('and after a later name that a witness has seen comes the next one', async () => {
      const house = await lost();
      expect(await goOn(house, { seenAs: 'localhost/elsewhere/4' })).toMatchObject({ kind: 'invalid' });
      expect(continued(await goOn(house, { seenAs: `${ORIGIN}/4` })).log?.origin).toBe(`${ORIGIN}/5`);
    });
  });

  test('a house whose database and list are both lost begins no second history: its vault knows of the first', async () => {
    const folder = ofTest.folder();
    const house = await ofTest.house(await ofTest.database(server), folder);
    await bookings(house, 2);
    await house.close();
    rmSync(join(folder, 'signed'), { recursive: true });
    const empty = await ofTest.house(await ofTest.database(server), folder);
    const refused = { kind: 'unavailable', trouble: 'already-signed' };
    expect(await empty.ledger.append(AGENCY, bookingOpened())).toMatchObject(refused);
    expect(await logsKnown(empty.ports)).toEqual([AGENCY]);
    expect(await faultsOf(empty)).toEqual(['signed-size-unknown']);
    expect(continued(await goOn(empty, { seen: 2 })).log).toMatchObject({
      origin: `${ORIGIN}/2`,
      size: 0,
      signedSize: 2,
    });
  });

  test('what a killed house had signed and not listed is listed before anybody sees it, so a backup from before is told', async () => {
    const { folder, backup } = await lostSince(server, async (house) => {
      const { signedSizes } = house.ports;
      const killed = openLedger({ ...house.ports, signedSizes: { ...signedSizes, keep: () => undefined } });
      recorded(await killed.append(AGENCY, bookingOpened('lost')));
      expect(signedSizes.last(ORIGIN)).toMatchObject({ size: 3 });
      const store = storeShown(house.ports.store, { signedSizes, readCheckpoint: house.readCheckpoint });
      await publicLog(store, house.ports.primitives.hash).checkpoint(AGENCY);
      expect(signedSizes.last(ORIGIN)).toMatchObject({ size: 4 });
    });
    const database = await ofTest.database(server);
    expect(valueOf(await restoring(database, folder, backup)).logs).toMatchObject([{ size: 3, tail: 'tail-lost' }]);
  });

  test('and at the next start of the house, where nobody had seen it', async () => {
    const [folder, database] = [ofTest.folder(), await ofTest.database(server)];
    const house = await ofTest.house(database, folder);
    await bookings(house, 1);
    const killed = openLedger({ ...house.ports, signedSizes: { ...house.ports.signedSizes, keep: () => undefined } });
    recorded(await killed.append(AGENCY, bookingOpened('lost')));
    await house.close();
    const again = await ofTest.house(database, folder);
    expect(again.ports.signedSizes.last(ORIGIN)).toMatchObject({ size: 2 });
  });

  test('a house that was killed after its first append and before that was listed goes on by itself', async () => {
    const folder = ofTest.folder();
    const house = await ofTest.house(await ofTest.database(server), folder);
    const { store, signedSizes } = house.ports;
    const keep: typeof signedSizes.keep = (origin, size, root) => {
      if (size > 0) throw new Error('killed');
      signedSizes.keep(origin, size, root);
    };
    const killed = openLedger({ ...house.ports, signedSizes: { ...signedSizes, keep } });
    await expect(killed.append(AGENCY, bookingOpened())).rejects.toThrow('killed');
    expect((await store.head(AGENCY))?.size).toBe(1);
    expect(recorded(await house.ledger.append(AGENCY, bookingOpened())).envelope.sequence).toBe(1);
    expect(await faultsOf(house)).toEqual([]);
  });

  test('what a court had expunged since does not come back, and its order is put on record again', async () => {
    const {
      folder,
      backup,
      bookings: [first, second],
    } = await lostSince(server, async (house, [one]) =>
      recorded(await expungeSubject(house.ledger, house.ports, orderOn(one, ONE))),
    );
    const database = await ofTest.database(server);
    expect(valueOf(await restoring(database, folder, backup)).logs).toMatchObject([{ expunged: 1 }]);
    expect(await ask(database.url, 'select sequence::int from content order by sequence')).toEqual([
      { sequence: 1 },
      { sequence: 2 },
    ]);
    const house = await ofTest.house(database, folder);
    expect(await faultsOf(house)).toEqual(['order-forgotten', 'tail-missing']);
    const { replayed } = continued(await goOn(house));
    expect(replayed).toMatchObject([{ subject: first, how: 'expunged', isSealedKeyLost: false }]);
    expect(await house.ledger.state(AGENCY, first as Handle)).toMatchObject({ erased: { how: 'expunged', by: 4 } });
    const onAgency = await house.ledger.history(AGENCY, house.ports.keyring.agencySubject(AGENCY));
    expect(onAgency.at(-1)).toMatchObject({
      event: {
        actor: 'clerk.one',
        envelope: { type: 'subject.expunged', erases: first },
        content: { order: 'Circuit Court, 26-CF-1, 2026-11-02', second: 'clerk.two' },
      },
    });
    expect(await faultsOf(house)).toEqual([]);
    expect(await rebuild(house.ports, AGENCY, false)).toMatchObject({ different: [], unreadable: [] });
    expect((await verified(house)).opened).toBe(4);
    expect(await house.ledger.history(AGENCY, second as Handle)).toMatchObject([{ event: {} }]);
  });

  test('a sealing that went with the tail is put on record again, and says that the court’s key is lost here', async () => {
    const pem = join(ofTest.folder(), 'court.pem');
    const court = generateKeyPairSync('rsa', { modulusLength: 3072 });
    writeFileSync(pem, court.publicKey.export({ type: 'spki', format: 'pem' }));
    const {
      restored,
      bookings: [, subject],
    } = await lostSince(server, async (house, [, two]) =>
      recorded(await sealSubject(house.ledger, house.ports, orderOn(two, ONE), valueOf(courtKey(pem)))),
    );
    const house = await restored();
    expect(continued(await goOn(house)).replayed).toMatchObject([
      { subject, how: 'sealed', isSealedKeyLost: true, appended: { kind: 'recorded' } },
    ]);
    expect(await house.ledger.state(AGENCY, subject as Handle)).toMatchObject({ erased: { how: 'sealed' } });
    expect(await faultsOf(house)).toEqual([]);
    expect(await rebuild(house.ports, AGENCY, false)).toMatchObject({ different: [], unreadable: [] });
    // Sealed, and not expunged: its content is still there for the court's key.
    expect(await house.ports.store.entriesOn(AGENCY, [subject as Handle])).toMatchObject([
      { ciphertext: expect.any(Uint8Array) as unknown },
    ]);
  });

  test('killed between the new name and the forgotten orders, it is told again and does only what is left', async () => {
    const { restored } = await lostSince(server, async (house, [one, two]) => {
      recorded(await expungeSubject(house.ledger, house.ports, orderOn(one, ONE)));
      recorded(await expungeSubject(house.ledger, house.ports, orderOn(two, TWO)));
    });
    const house = await restored();
    let isKilled = false;
    const append: House['ledger']['append'] = (agency, draft) => {
      if (isKilled) return Promise.resolve({ kind: 'unavailable', trouble: 'unreachable', message: 'killed' });
      isKilled = true;
      return house.ledger.append(agency, draft);
    };
    continued(await continueLog({ ...house.ledger, append }, house.ports, DECIDED));
    expect(await faultsOf(house)).toEqual(['order-forgotten']);
    const again = continued(await goOn(house));
    expect(again.log).toBeUndefined();
    expect(again.replayed).toHaveLength(1);
    expect(await faultsOf(house)).toEqual([]);
  });
});
