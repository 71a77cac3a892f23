import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expungeSubject } from '../../src/app/ledger/erase.ts';
import type { EntryRead, LedgerStore } from '../../src/app/ledger/ports.ts';
import { rebuild } from '../../src/app/ledger/rebuild.ts';
import { verifyAgency } from '../../src/app/ledger/verify.ts';
import type { Handle } from '../../src/domain/record/key-tree.ts';
import type { House } from '../../src/main/house.ts';
import { databases } from '../support/databases.ts';
import { AGENCY, bookingOpened, draftOf, recorded, testHouse, type TestHouse } from '../support/house.ts';

/** Entries that the store gives at a time here, so that a small log is read in several steps as a large one is. */
const STEP = 20;

/** `ledger verify` reads many times, and others write between any two: whatever that is, a whole log has no fault. */
describe.each(databases())('a log on $name that is written between any two reads of a verification', (server) => {
  let house: TestHouse;
  let other: House;
  let subjects: Handle[];
  beforeAll(async () => {
    house = await testHouse(server);
    other = await house.beside();
    subjects = [];
    for (let count = 0; count < 1.5 * STEP; count += 1) subjects.push(await opened(other));
  });
  afterAll(() => house.remove());

  test.each<[string, (subject: Handle) => Promise<unknown>]>([
    ['a record is expunged', (subject) => expungeSubject(other.ledger, other.ports, orderOn(subject))],
    [
      'an entry is added',
      (subject) =>
        other.ledger.append(AGENCY, draftOf('citizenship.claimed', subject, { claimedAt: '2026-11-20T12:00:00Z' })),
    ],
  ])('%s', async (_, write) => {
    const faults: string[] = [];
    const verified = async (ports: House['ports']): Promise<string[]> => {
      const attested = (): Promise<[]> => Promise.resolve([]);
      const report = await verifyAgency({ ...ports, readCheckpoint: house.readCheckpoint, attested }, AGENCY);
      return report.faults.map(({ code }) => code);
    };
    const rebuilt = async (ports: House['ports']): Promise<string[]> => {
      const { different, unreadable } = await rebuild(ports, AGENCY, false);
      return [...different, ...unreadable].map(() => 'projection-differs');
    };
    for (const part of [verified, rebuilt]) {
      let at = 0;
      for (let reads = 1; at < reads; at += 1) {
        subjects.push(await opened(other));
        // One that the read is about, or else the oldest and the newest by turns: the reading comes by early and late.
        const writing = async (asked: readonly Handle[]): Promise<unknown> => {
          const about = subjects.findIndex((subject) => asked.includes(subject));
          const [subject] = subjects.splice(about === -1 && at % 2 === 0 ? 0 : about, 1);
          return write(subject as Handle);
        };
        const store = interrupted(house.ports.store, at, writing);
        faults.push(...(await part({ ...house.ports, store })).map((code) => `before read ${at}: ${code}`));
        reads = store.reads();
      }
      expect(at).toBeGreaterThan(6);
    }
    expect(faults).toEqual([]);
  });
});

/** The store, which lets somebody else write before one of the reads that are made through it. */
function interrupted(
  store: LedgerStore,
  at: number,
  write: (asked: readonly Handle[]) => Promise<unknown>,
): LedgerStore & { reads: () => number } {
  let reads = 0;
  const read = async <T>(work: () => Promise<T>, asked: readonly Handle[] = []): Promise<T> => {
    if (reads === at) recorded((await write(asked)) as Parameters<typeof recorded>[0]);
    reads += 1;
    return work();
  };
  return {
    ...store,
    reads: () => reads,
    head: (agency) => read(() => store.head(agency)),
    states: (agency, subjects) => read(() => store.states(agency, subjects), subjects),
    entriesOn: (agency, subjects) => read(() => store.entriesOn(agency, subjects), subjects),
    hashes: (...asked) => read(() => store.hashes(...asked)),
    checkpoints: (...asked) => read(() => store.checkpoints(...asked)),
    expunged: (agency) => read(() => store.expunged(agency)),
    subjects: async function* (agency) {
      for await (const page of store.subjects(agency)) {
        for (let from = 0; from < page.length; from += STEP)
          yield await read(() => Promise.resolve(page.slice(from, from + STEP)));
      }
    },
    entries: async function* (agency, from, to) {
      for (let next = from; ;) {
        const page = await read(() => stretch(store, agency, next, Math.min(next + STEP, to)));
        if (page.length === 0) return;
        yield page;
        next += STEP;
      }
    },
  };
}

async function stretch(store: LedgerStore, agency: string, from: number, to: number): Promise<EntryRead[]> {
  const rows: EntryRead[] = [];
  for await (const each of store.entries(agency, from, to)) rows.push(...each);
  return rows;
}

async function opened({ ledger }: House): Promise<Handle> {
  const draft = bookingOpened();
  recorded(await ledger.append(AGENCY, draft));
  return draft.subject;
}

function orderOn(subject: Handle) {
  const order = 'Monroe County Court, 26-CF-1';
  return { agency: AGENCY, subject, order, actor: 'clerk.one', second: 'clerk.two', request: crypto.randomUUID() };
}
