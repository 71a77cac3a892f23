import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { courtKey } from '../../src/adapters/keys/court-key.ts';
import { expungeSubject, sealSubject, unsealSubject, type Order } from '../../src/app/ledger/erase.ts';
import { projectionFaults } from '../../src/app/ledger/verify-beside.ts';
import type { Handle } from '../../src/domain/record/key-tree.ts';
import { ask, valueOf, verified } from '../support/backups.ts';
import { databases } from '../support/databases.ts';
import { rowsOf } from '../support/embedded.ts';
import {
  AGENCY,
  bookedWithDecision,
  bookingOpened,
  draftOf,
  recorded,
  testHouse,
  type TestHouse,
} from '../support/house.ts';
import { asAttacker, saveLog, type SavedLog } from '../support/saved-log.ts';

/** What lies beside the entries is under no root: it is held against what the entries say under their commitments. */
describe.each(databases())('tampering with what lies beside a log on $name', (server) => {
  let house: TestHouse;
  let whole: SavedLog;
  let hold = 0;
  let ended = 0;
  let held: Handle;
  let sealed: Handle;
  let expunged: Handle;
  let key: Uint8Array | undefined;
  beforeAll(async () => {
    house = await testHouse(server);
    const { ledger } = house;
    const booked = await bookedWithDecision(house);
    held = booked.subject;
    const { decision } = booked;
    const begun = draftOf('hold.begun', held, { decision, until: '2026-12-03T12:00:00Z' }, { basedOn: decision });
    hold = recorded(await ledger.append(AGENCY, begun)).envelope.sequence;
    const end = draftOf('hold.ended', held, { hold, endedAt: '2026-12-02T12:00:00Z', how: 'cancelled' });
    ended = recorded(await ledger.append(AGENCY, end)).envelope.sequence;
    sealed = recorded(await ledger.append(AGENCY, bookingOpened('2'))).envelope.subject;
    key = house.vault.subjectKey(AGENCY, sealed);
    expunged = recorded(await ledger.append(AGENCY, bookingOpened('3'))).envelope.subject;
    recorded(await sealSubject(ledger, house.ports, orderOn(sealed, 1), courtOf(house)));
    recorded(await expungeSubject(ledger, house.ports, orderOn(expunged, 2)));
    whole = await saveLog(house, 'whole');
  });
  afterEach(() => whole.restore());
  afterAll(() => house.remove());

  const tamper = (statements: string): Promise<void> => asAttacker(house, statements);
  const faults = async (): Promise<unknown[]> => {
    const found = [...(await verified(house)).faults, ...(await projectionFaults(house.ports, AGENCY))];
    return found.map(({ code, entry }) => (entry === undefined ? [code] : [code, entry]));
  };
  const sequenceOf = async (type: string): Promise<number> => {
    const rows = await ask(house.url, `select sequence::int from entry where type = '${type}'`);
    return Number(rows[0]?.['sequence']);
  };

  test('nothing was done: nothing is said', async () => {
    expect(await faults()).toEqual([]);
  });

  test('the request of an entry is exchanged, so that asking again would record it twice', async () => {
    await tamper(`update entry set request = gen_random_uuid() where sequence = ${ended}`);
    expect(await faults()).toEqual([['request-differs', ended]]);
  });

  test.each([
    ['is made up, so that a hold that runs could not be ended', 'update hold_end set sequence = hold'],
    ['is taken away, so that a hold could end twice', 'delete from hold_end'],
  ])('the row by which a hold ends once %s', async (_, statement) => {
    await tamper(statement);
    expect(await faults()).toEqual([['hold-end-differs']]);
  });

  test.each([
    ['is taken away', 'delete from sealed_key'],
    ['is exchanged', `update sealed_key set sealed = sha256('another')`],
  ])('the key that only a court can open %s', async (_, statement) => {
    await tamper(statement);
    expect(await faults()).toEqual([['sealed-key-differs', await sequenceOf('subject.sealed')]]);
  });

  test('the tombstone of an expunged subject is taken away', async () => {
    await tamper('delete from tombstone');
    expect(await faults()).toEqual([['tombstone-missing', await sequenceOf('subject.expunged')]]);
  });

  test('the newest checkpoint is taken from those that are kept', async () => {
    const { size = 0 } = (await house.ports.store.head(AGENCY)) ?? {};
    await tamper(`delete from checkpoint where size = ${size}`);
    expect(await faults()).toEqual([['checkpoint-missing', size - 1]]);
  });

  test('a rule of the database is switched off', async () => {
    await rowsOf(house.url, 'alter table entry disable trigger only_grows');
    expect(await faults()).toEqual([['guard-differs']]);
    await rowsOf(house.url, 'alter table entry enable trigger only_grows');
  });

  test('a sealing that is asked for again gets its first result, though the key would be encrypted anew', async () => {
    const again = await sealSubject(house.ledger, house.ports, orderOn(sealed, 1), courtOf(house));
    expect(again).toMatchObject({ kind: 'recorded', repeated: true });
  });

  test('once the court gives the key back, the one that was sealed to it counts for nothing', async () => {
    recorded(await unsealSubject(house.ledger, house.ports, orderOn(sealed, 3), key ?? new Uint8Array()));
    await tamper('delete from sealed_key');
    expect(await faults()).toEqual([]);
  });
});

function orderOn(subject: Handle, count: number): Order {
  const order = 'Circuit Court, 26-CF-1, 2026-11-02';
  const request = `00000000-0000-4000-8000-00000000000${count}`;
  return { agency: AGENCY, subject, order, actor: 'clerk.one', second: 'clerk.two', request };
}

function courtOf({ folder }: TestHouse) {
  const pem = join(folder, 'court.pem');
  const court = generateKeyPairSync('rsa', { modulusLength: 3072 });
  writeFileSync(pem, court.publicKey.export({ type: 'spki', format: 'pem' }));
  return valueOf(courtKey(pem));
}
