import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { primitives } from '../../src/adapters/system/primitives.ts';
import { expungeSubject } from '../../src/app/ledger/erase.ts';
import { exportLog } from '../../src/app/ledger/export-log.ts';
import { publicLog } from '../../src/app/ledger/public-log.ts';
import type { Draft } from '../../src/domain/record/event.ts';
import type { Handle } from '../../src/domain/record/key-tree.ts';
import { parseEntryBundle } from '../../src/domain/ledger/entry-bundle.ts';
import { instantFrom, type Instant } from '../../src/domain/time/instant.ts';
import { backupHouse } from '../../src/main/backup-ports.ts';
import { valueOf, settingsAt } from '../support/backups.ts';
import { databases } from '../support/databases.ts';
import { rowsOf } from '../support/embedded.ts';
import { AGENCY, bookingOpened, decisionMade, draftOf, recorded, testHouse, type TestHouse } from '../support/house.ts';
import { filesHolding, spellingsOf } from '../support/times.ts';

/** Whoever holds an old roster of booking times must not find out whose record was expunged (docs/adr/0013). */
describe.each(databases())('the times of a person whose record was expunged on $name', (server) => {
  let house: TestHouse;
  let outside: string;
  let began: number;
  let times: Times;
  beforeAll(async () => {
    began = Temporal.Now.instant().epochMilliseconds - 1000;
    house = await testHouse(server);
    outside = mkdtempSync(join(tmpdir(), 'writkeeper-times-'));
    const subject = await aWholeStay(house);
    // A projection that is made anew is written as one that grew.
    await house.reopened().then((again) => (house = again));
    times = await timesOf(house, subject);
    valueOf(await backupHouse(settingsAt(house.url, house.folder), join(outside, 'backup-before')));
    recorded(await expungeSubject(house.ledger, house.ports, orderOn(subject)));
    await exportedTo(house, join(outside, 'log'));
    valueOf(await backupHouse(settingsAt(house.url, house.folder), join(outside, 'backup-after')));
    await rowsOf(house.url, 'checkpoint');
  });
  afterAll(async () => {
    await house.remove();
    rmSync(outside, { recursive: true });
  });

  test('stand in no file of the database, nor in its write-ahead log, the vault or the list of signed sizes', async () => {
    const places = [...(await filesOfDatabase(house.url, began)), house.folder];
    expect(filesHolding(places, times.all)).toEqual([]);
    // The search would find each of them: here is a table that tells one as text, and one as PostgreSQL keeps a time.
    const [asText = '', asTime = ''] = times.texts;
    await rowsOf(house.url, `create table told (said text, at timestamptz)`);
    await rowsOf(house.url, 'insert into told values ($1, null), (null, $2)', [asText, asTime]);
    await rowsOf(house.url, 'checkpoint');
    for (const text of [asText, asTime]) {
      const sought = spellingsOf(instantOf(text));
      expect(filesHolding(await filesOfDatabase(house.url, began), sought).length).toBeGreaterThan(0);
    }
    await rowsOf(house.url, 'drop table told');
  });

  test('stand in no row that the server shows', async () => {
    const tables = (await rowsOf(
      house.url,
      `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_name !~ '^kysely_'`,
    )) as { name: string }[];
    for (const { name } of tables) {
      const rows = await rowsOf(house.url, `select t::text as whole from "${name}" t`);
      const text = Buffer.from(rows.map((row) => (row as { whole: string }).whole).join('\n'));
      expect([name, times.all.filter((each) => text.includes(each))]).toEqual([name, []]);
    }
  });

  test('stand in no backup, neither one from before the order nor one from after it, and in no export', () => {
    expect(readdirSync(outside).sort()).toEqual(['backup-after', 'backup-before', 'log']);
    expect(filesHolding([outside], times.all)).toEqual([]);
  });

  test('nor does an export tell the time of day of any event of anybody', async () => {
    const head = await house.ports.store.head(AGENCY);
    const log = publicLog(house.ports.store, primitives.hash);
    const width = head?.size ?? 0;
    const bundle = parseEntryBundle(
      (await log.tile(AGENCY, { level: 'entries', index: 0, width })) ?? new Uint8Array(),
    );
    if (!bundle.ok) throw new Error(bundle.failure.message);
    expect(bundle.value).toHaveLength(width);
    const keys = new Set<string>();
    for (const bytes of bundle.value) {
      const text = Buffer.from(bytes).toString();
      expect(text).not.toMatch(/\d\d:\d\d|T\d\d/);
      for (const key of Object.keys(JSON.parse(text) as object)) keys.add(key);
    }
    const known = ['agency', 'ciphertext', 'commitment', 'corrects', 'erases', 'recordedOn', 'sequence', 'subject'];
    expect([...keys].sort()).toEqual([...known, 'type', 'v']);
    expect(head?.checkpoint).not.toMatch(/\d\d:\d\d/);
  });
});

interface Times {
  readonly texts: readonly string[];
  /** In every spelling. */
  readonly all: readonly Buffer[];
}

/** Each of these times is this test's alone: a day of the past, and milliseconds by chance. */
async function aWholeStay({ ledger }: TestHouse): Promise<Handle> {
  const { subject, ...opening } = bookingOpened();
  const start = Date.UTC(2026, 9, 5, 3) + Math.floor(Math.random() * 20 * 3_600_000);
  const at = (step: number): Instant => (start + step * 1_234_567) as Instant;
  const iso = (step: number): string => new Date(at(step)).toISOString();
  const said = async (step: number, draft: Draft): Promise<number> =>
    recorded(await ledger.append(AGENCY, { ...draft, occurredAt: at(step) })).envelope.sequence;
  await said(0, { ...opening, subject });
  const basis = await said(1, draftOf('custody.basis-began', subject, { kind: 'charge', since: iso(1) }));
  const alarm = await said(2, draftOf('alarm.raised', subject, { milestone: 'OVERDUE', dueAt: iso(9) }));
  await said(3, draftOf('alarm.acknowledged', subject, { alarm }));
  const last = await said(4, draftOf('custody.basis-ended', subject, { basis, endedAt: iso(4), endedBy: 'bail' }));
  const decision = await said(5, decisionMade(subject, last, iso(9)));
  await said(6, draftOf('hold.begun', subject, { decision, until: iso(9) }, { basedOn: decision }));
  await said(
    7,
    draftOf(
      'correction',
      subject,
      { content: { kind: 'sentence', since: iso(1) }, reason: 'typed wrong' },
      { corrects: basis },
    ),
  );
  await said(8, draftOf('custody.released', subject, { releasedAt: iso(8) }));
  return subject;
}

async function timesOf({ ledger }: TestHouse, subject: Handle): Promise<Times> {
  const history = await ledger.history(AGENCY, subject);
  const texts = new Set<string>();
  for (const kept of history) {
    if (!('event' in kept)) throw new Error('the record is not readable');
    texts.add(kept.event.occurredAt).add(kept.event.recordedAt);
  }
  expect(texts.size).toBeGreaterThan(history.length);
  return { texts: [...texts], all: [...texts].flatMap((text) => spellingsOf(instantOf(text))) };
}

function instantOf(text: string): Instant {
  return instantFrom(text) as Instant;
}

function orderOn(subject: Handle) {
  const order = 'Monroe County Court, 26-CF-1';
  return { agency: AGENCY, subject, order, actor: 'clerk.one', second: 'clerk.two', request: crypto.randomUUID() };
}

async function exportedTo({ ports: { store } }: TestHouse, folder: string): Promise<void> {
  const head = await store.head(AGENCY);
  await exportLog(publicLog(store, primitives.hash), AGENCY, head?.size ?? 0, head?.checkpoint ?? '', (path, bytes) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  });
}

/** The database's own folder, and what was written of the server's log of all databases since the test began. */
async function filesOfDatabase(url: string, since: number): Promise<string[]> {
  const [row] = await rowsOf(
    url,
    `select current_setting('data_directory') as data, oid from pg_database where datname = current_database()`,
  );
  const { data, oid } = row as { data: string; oid: number };
  const logs = readdirSync(join(data, 'pg_wal'))
    .map((name) => join(data, 'pg_wal', name))
    .filter((path) => statSync(path).isFile() && statSync(path).mtimeMs >= since);
  expect(logs.length).toBeGreaterThan(0);
  return [join(data, 'base', String(oid)), ...logs];
}
