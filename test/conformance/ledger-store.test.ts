import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sealSubject } from '../../src/app/ledger/erase.ts';
import type { Appended } from '../../src/app/ledger/ledger.ts';
import type { Draft, Envelope } from '../../src/domain/record/event.ts';
import { rebuild } from '../../src/app/ledger/rebuild.ts';
import { verifyAgency } from '../../src/app/ledger/verify.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { primitives } from '../../src/adapters/system/primitives.ts';
import { newHandle } from '../../src/domain/record/key-tree.ts';
import { openHouse, type House } from '../../src/main/house.ts';
import { settingsFrom } from '../../src/main/settings.ts';
import { verified } from '../support/backups.ts';
import { databases } from '../support/databases.ts';
import { rowsOf } from '../support/embedded.ts';
import {
  AGENCY,
  bookedWithDecision,
  bookingOpened,
  decisionMade,
  draftOf,
  MIGRATIONS,
  recorded,
  testHouse,
  type TestHouse,
} from '../support/house.ts';

describe.each(databases())('the record on $name', (server) => {
  let house: TestHouse;
  let other: House;
  beforeAll(async () => {
    house = await testHouse(server);
    other = await house.beside();
  });
  afterAll(() => house.remove());

  describe('an append', () => {
    test('is acknowledged under a checkpoint that the log has signed and that holds it', async () => {
      const { envelope, checkpoint, repeated } = recorded(await house.ledger.append(AGENCY, bookingOpened()));
      expect(repeated).toBe(false);
      expect(await house.readCheckpoint(AGENCY, checkpoint)).toMatchObject({ size: envelope.sequence + 1 });
    });

    test('is refused where the subject has begun already, and nothing is written', async () => {
      const opening = bookingOpened();
      const first = recorded(await house.ledger.append(AGENCY, opening));
      const size = await sizeOf(house);
      const again = bookingOpened('2026-000124', opening.subject);
      for (const { ledger } of [house, other]) {
        expect(await ledger.append(AGENCY, again)).toMatchObject({
          kind: 'conflict',
          refusal: { code: 'subject-exists', winner: first.envelope.sequence },
          winner: first.envelope,
        });
      }
      expect(await sizeOf(house)).toBe(size);
    });

    test('is refused where nothing is recorded of its subject', async () => {
      const draft = draftOf('identity.checked', newHandle(primitives), { identity: 'matched' });
      expect(await house.ledger.append(AGENCY, draft)).toMatchObject({
        kind: 'conflict',
        refusal: { code: 'unknown-subject' },
      });
    });

    test('by one house is seen by the other, which had read the booking before', async () => {
      const { subject, decision } = await bookedWithDecision(house);
      const seen = recorded(
        await other.ledger.append(AGENCY, draftOf('identity.checked', subject, { identity: 'matched' })),
      );
      const decided = recorded(
        await house.ledger.append(AGENCY, decisionMade(subject, seen.envelope.sequence)),
      ).envelope;
      expect(decided.sequence).toBeGreaterThan(decision);
      const hold = draftOf('hold.begun', subject, { decision: decided.sequence, until: '2026-12-03T12:00:00Z' });
      recorded(await other.ledger.append(AGENCY, { ...hold, basedOn: decided.sequence }));
    });
  });

  describe('a request that is asked again', () => {
    test('gets the first result: from the same house, from another, and after a restart', async () => {
      const draft = bookingOpened();
      const first = recorded(await house.ledger.append(AGENCY, draft));
      const size = await sizeOf(house);
      for (const { ledger } of [house, other, await house.beside()]) {
        const again = recorded(await ledger.append(AGENCY, draft));
        expect([again.envelope, again.repeated]).toEqual([first.envelope, true]);
      }
      expect(await sizeOf(house)).toBe(size);
    });

    test('gets the first result though its own entry is what now stands against it', async () => {
      const { subject, decision } = await bookedWithDecision(house);
      const basedOn = decision;
      const begun = draftOf('hold.begun', subject, { decision, until: '2026-12-03T12:00:00Z' }, { basedOn });
      const { sequence: hold } = recorded(await house.ledger.append(AGENCY, begun)).envelope;
      const ended = draftOf('hold.ended', subject, { hold, endedAt: '2026-12-02T12:00:00Z', how: 'cancelled' });
      const end = recorded(await house.ledger.append(AGENCY, ended)).envelope;
      for (const { ledger } of [house, other]) {
        expect(recorded(await ledger.append(AGENCY, begun))).toMatchObject({
          repeated: true,
          envelope: { sequence: hold },
        });
        expect(recorded(await ledger.append(AGENCY, ended))).toMatchObject({ repeated: true, envelope: end });
      }
    });

    test.each([
      ['with other content', (first: Draft) => ({ ...bookingOpened('2026-000999'), request: first.request })],
      ['by another person', (first: Draft) => ({ ...first, actor: 'sergeant.two' })],
      [
        'for an expunging, which then has destroyed nothing',
        ({ subject, request }: Draft) => ({
          ...draftOf('subject.expunged', house.ports.keyring.agencySubject(AGENCY), { order: 'o', second: 'b' }),
          ...{ erases: subject, request },
        }),
      ],
    ])('%s is refused and names the entry that it made', async (_, changed) => {
      const draft = bookingOpened();
      const first = recorded(await house.ledger.append(AGENCY, draft)).envelope;
      for (const { ledger } of [house, other]) {
        expect(await ledger.append(AGENCY, changed(draft))).toMatchObject({
          kind: 'conflict',
          refusal: { code: 'request-taken', winner: first.sequence },
          winner: first,
        });
      }
      expect(await house.ledger.state(AGENCY, draft.subject)).not.toHaveProperty('erased');
    });

    test('at the same moment, six times through two houses, makes one entry', async () => {
      const size = await sizeOf(house);
      const draft = bookingOpened();
      const six = [house, other, house, other, house, other].map(({ ledger }) => ledger.append(AGENCY, draft));
      const all = (await Promise.all(six)).map(recorded);
      expect(new Set(all.map(({ envelope }) => envelope.sequence)).size).toBe(1);
      expect(all.filter(({ repeated }) => !repeated)).toHaveLength(1);
      expect(await sizeOf(house)).toBe(size + 1);
    });
  });

  describe('of two who decide on one hold at once', () => {
    test.each([
      ['both begin it', 'hold.begun'],
      ['one releases, one hands over', 'left'],
    ])('%s: one is recorded, the other hears who won', async (_, what) => {
      const { subject, decision } = await bookedWithDecision(house);
      const begin = () =>
        draftOf('hold.begun', subject, { decision, until: '2026-12-03T12:00:00Z' }, { basedOn: decision });
      const released = draftOf('custody.released', subject, { releasedAt: '2026-12-02T12:00:00Z' });
      const handed = draftOf('custody.handed-over', subject, { handedOverAt: '2026-12-02T12:00:00Z' });
      const [one, two] = what === 'left' ? [released, handed] : [begin(), begin()];
      const both = await Promise.all([house.ledger.append(AGENCY, one), other.ledger.append(AGENCY, two)]);
      const winner = both.find(({ kind }) => kind === 'recorded') as Appended & { kind: 'recorded' };
      const loser = both.find(({ kind }) => kind !== 'recorded');
      expect(loser).toMatchObject({
        kind: 'conflict',
        refusal: { winner: winner.envelope.sequence },
        winner: winner.envelope,
      });
    });

    test('a hold ends once, whoever ends it', async () => {
      const hold = await begunHold(house);
      const endedAt = '2026-12-02T12:00:00Z';
      const ending = (how: 'deadline' | 'cancelled') =>
        draftOf('hold.ended', hold.subject, { hold: hold.sequence, endedAt, how });
      const both = await Promise.all([
        house.ledger.append(AGENCY, ending('deadline')),
        other.ledger.append(AGENCY, ending('cancelled')),
      ]);
      expect(both.map(({ kind }) => kind).sort()).toEqual(['conflict', 'recorded']);
      expect(both.find(({ kind }) => kind === 'conflict')).toMatchObject({ refusal: { code: 'already-done' } });
    });

    test('the tables refuse a second end too, should a writer ever be wrong', async () => {
      const { subject, sequence } = await begunHold(house);
      const content = { hold: sequence, endedAt: '2026-12-02T12:00:00Z', how: 'cancelled' } as const;
      recorded(await house.ledger.append(AGENCY, draftOf('hold.ended', subject, content)));
      const again = 'insert into hold_end (agency, hold, sequence) values ($1, $2, $3)';
      await expect(rowsOf(house.url, again, [AGENCY, sequence, 0])).rejects.toMatchObject({ code: '23505' });
    });
  });

  test('a decision on less than what is on record is refused, and names what came since', async () => {
    const opening = bookingOpened();
    const { sequence } = recorded(await house.ledger.append(AGENCY, opening)).envelope;
    const claim = draftOf('citizenship.claimed', opening.subject, { claimedAt: '2026-12-01T10:00:00Z' });
    const since = recorded(await other.ledger.append(AGENCY, claim)).envelope;
    expect(await house.ledger.append(AGENCY, decisionMade(opening.subject, sequence))).toMatchObject({
      kind: 'conflict',
      refusal: { code: 'stale', winner: since.sequence },
      winner: since,
    });
  });

  describe('a correction', () => {
    test('changes what the booking comes to and leaves the corrected entry as it was', async () => {
      const { subject, sequence } = await begunBasis(house);
      const before = await rowsOf(house.url, 'select * from entry where sequence = $1', [sequence]);
      const corrected = { kind: 'sentence', since: '2026-11-02T08:00:00Z' };
      const content = { content: corrected, reason: 'the jail’s system had the wrong day' };
      recorded(await other.ledger.append(AGENCY, draftOf('correction', subject, content, { corrects: sequence })));
      expect((await house.ledger.state(AGENCY, subject))?.bases).toEqual({ [sequence]: corrected });
      expect(await rowsOf(house.url, 'select * from entry where sequence = $1', [sequence])).toEqual(before);
      const kept = (await house.ledger.history(AGENCY, subject)).find(
        (each) => 'event' in each && each.event.envelope.sequence === sequence,
      );
      expect(kept).toMatchObject({ event: { content: { kind: 'charge' } } });
    });

    test('of a correction is refused and names the entry to correct', async () => {
      const { subject, sequence } = await begunBasis(house);
      const undone = { content: {}, reason: 'entered on the wrong booking' };
      const first = recorded(
        await house.ledger.append(AGENCY, draftOf('correction', subject, undone, { corrects: sequence })),
      );
      const corrects = first.envelope.sequence;
      expect(await house.ledger.append(AGENCY, draftOf('correction', subject, undone, { corrects }))).toMatchObject({
        kind: 'conflict',
        refusal: { code: 'not-correctable' },
      });
    });
  });

  test('forty appends at once through two houses: none lost, none twice, sequences without a gap', async () => {
    const size = await sizeOf(house);
    const drafts = Array.from({ length: 40 }, () => bookingOpened());
    const all = await Promise.all(
      drafts.map((draft, index) => (index % 2 === 0 ? house : other).ledger.append(AGENCY, draft)),
    );
    const sequences = all.map((each) => recorded(each).envelope.sequence).sort((one, two) => one - two);
    expect(sequences).toEqual(Array.from({ length: 40 }, (_, index) => size + index));
    expect(house.alarms).toEqual([]);
  });

  test('all of it verifies, and every projection is what the entries come to', async () => {
    const report = await verifyAgency({ ...house.ports, ...house, attested: () => Promise.resolve([]) }, AGENCY);
    expect(report.faults).toEqual([]);
    expect(report.opened).toBe(report.size);
    expect(await rebuild(house.ports, AGENCY, false)).toMatchObject({ different: [], unreadable: [] });
  });

  test('a sealing goes through after an append that completed a tile, on the same connection', async () => {
    const { subject } = await begunBasis(house);
    while ((await sizeOf(house)) % 256 !== 0) recorded(await house.ledger.append(AGENCY, bookingOpened()));
    const order = { order: 'Monroe County Court, 26-CF-2', actor: 'clerk.one', second: 'clerk.two' };
    const asked = { agency: AGENCY, subject, request: crypto.randomUUID(), ...order };
    recorded(await sealSubject(house.ledger, house.ports, asked, (key) => key.map((byte) => byte ^ 0xff)));
    expect(await house.ledger.state(AGENCY, subject)).toMatchObject({ erased: { how: 'sealed' } });
  });

  describe('what is written stays: of a superuser and of the application, in vain', () => {
    const CHANGES = [
      `update entry set type = 'hold.begun'`,
      'delete from entry',
      `update content set ciphertext = '\\x00'`,
      'delete from content',
      `update checkpoint set note = ''`,
      'delete from checkpoint',
      `update tile_root set hash = sha256('')`,
      'delete from tile_root',
      'update hold_end set sequence = 0',
      'delete from hold_end',
      'update log set size = size - 1',
      `update log set agency = 'us/fl/other'`,
      'delete from log',
      'truncate entry, hold_end, sealed_key, tombstone',
      'truncate content',
      'truncate checkpoint',
      'truncate tile_root',
      'truncate log, tile_root, cosignature',
    ];
    beforeAll(async () => {
      // A tile and a cosignature, so that every table has a row.
      await rowsOf(house.url, `insert into tile_root values ($1, 9, 0, sha256(''))`, [AGENCY]);
    });
    test.each(CHANGES)('%s', async (change) => {
      await expect(rowsOf(house.url, change)).rejects.toMatchObject({ code: 'WK001' });
      const asApp = `set role writkeeper_app; ${change}`;
      // Grants refuse most of it; what the application may do for its work, the triggers refuse.
      await expect(rowsOf(house.url, asApp)).rejects.toSatisfy(isRefused);
    });
  });
});

describe.each(databases())('the schema on $name', (server) => {
  test('two instances that start together on an empty database wait for each other', async () => {
    const database = await server.fresh();
    const both = await Promise.all([migrate(database.url, MIGRATIONS), migrate(database.url, MIGRATIONS)]);
    expect(both.flat()).toEqual(migrationNames());
    await database.drop();
  });

  test.each(migrationNames().map((name) => [name]))('from %s to the newest', async (name) => {
    const database = await server.fresh();
    const earlier = await migrate(database.url, MIGRATIONS, name);
    const rest = await migrate(database.url, MIGRATIONS);
    expect([...earlier, ...rest]).toEqual(migrationNames());
    expect(await migrate(database.url, MIGRATIONS)).toEqual([]);
    await database.drop();
  });

  test('what was recorded under an earlier schema is brought forward whole, and goes on', async () => {
    for (const name of migrationNames().slice(0, -1)) {
      const [database, folder] = [await server.fresh(), mkdtempSync(join(tmpdir(), 'writkeeper-schema-'))];
      const earlier = join(folder, 'migrations');
      cpSync(MIGRATIONS, earlier, {
        recursive: true,
        filter: (from) => basename(from, '.sql') <= name || from === MIGRATIONS,
      });
      const settings = settingsFrom({ DATABASE_URL: database.url }, folder);
      const old = await openHouse(settings, earlier, () => undefined);
      const end = async (house: House, { sequence, subject }: Envelope): Promise<void> => {
        const content = { hold: sequence, endedAt: '2026-12-02T12:00:00Z', how: 'cancelled' } as const;
        recorded(await house.ledger.append(AGENCY, draftOf('hold.ended', subject, content)));
      };
      await end(old, await begunHold(old));
      const hold = await begunHold(old);
      await old.close();
      const house = await openHouse(settings, MIGRATIONS, () => undefined);
      await end(house, hold);
      expect((await verified(house)).faults).toEqual([]);
      await house.close();
      await database.drop();
      rmSync(folder, { recursive: true });
    }
  });
});

function isRefused(error: { readonly code?: string }): boolean {
  return error.code === '42501' || error.code === 'WK001';
}

function migrationNames(): string[] {
  return readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => name.replace(/\.sql$/, ''));
}

async function sizeOf({ ports }: House): Promise<number> {
  return (await ports.store.head(AGENCY))?.size ?? 0;
}

async function begunBasis(house: House) {
  const opening = bookingOpened();
  recorded(await house.ledger.append(AGENCY, opening));
  const basis = { kind: 'charge', since: '2026-11-01T08:00:00Z' } as const;
  const draft = draftOf('custody.basis-began', opening.subject, basis);
  return recorded(await house.ledger.append(AGENCY, draft)).envelope;
}

async function begunHold(house: House) {
  const { subject, decision } = await bookedWithDecision(house);
  const content = { decision, until: '2026-12-03T12:00:00Z' };
  return recorded(await house.ledger.append(AGENCY, draftOf('hold.begun', subject, content, { basedOn: decision })))
    .envelope;
}
