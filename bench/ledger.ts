import { randomBytes, randomUUID, hash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { postgresLedger } from '../src/adapters/postgres/ledger-store.ts';
import { sha256Bytes } from '../src/adapters/system/sha256.ts';
import type { Ledger } from '../src/app/ledger/ledger.ts';
import type { Head, LedgerStore } from '../src/app/ledger/ports.ts';
import { publicLog } from '../src/app/ledger/public-log.ts';
import { canonicalJson } from '../src/domain/case/canonical.ts';
import { newAudit } from '../src/domain/ledger/audit.ts';
import { growingTree, NO_ENTRIES, rootOfFrontier } from '../src/domain/ledger/frontier.ts';
import { leafHash } from '../src/domain/ledger/hashes.ts';
import { verifyInclusion } from '../src/domain/ledger/verify.ts';
import type { Draft } from '../src/domain/record/event.ts';
import { newHandle, type Handle } from '../src/domain/record/key-tree.ts';
import type { Instant } from '../src/domain/time/instant.ts';
import { openHouse, type House } from '../src/main/house.ts';
import { settingsFrom } from '../src/main/settings.ts';
import { primitives } from '../src/adapters/system/primitives.ts';
import { median, perSecond, type Figure } from './figures.ts';

const { Client } = pg;

const AGENCY = 'us/fl/monroe-county/sheriff';
const MIGRATIONS = join(import.meta.dirname, '..', 'migrations');
const LARGE = 1_000_000;

/** The ledger on the PostgreSQL that npm brings, fsync on, against bare inserts on the same server in the same run. */
export async function benchLedger(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'writkeeper-bench-'));
  // As root the server runs as another user, who must be able to pass.
  chmodSync(folder, 0o711);
  const house = await openHouse(settingsFrom({}, folder), MIGRATIONS, ({ message }) => console.log(message));
  try {
    const single = await benchSingle(house);
    const batched = await benchBatched(house.ledger);
    const steady = await benchSteady(house.ledger);
    return [...single, batched, steady, ...(await benchProofs(house)), ...benchVerify()];
  } finally {
    await house.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * In turns, so that both meet the same disk. The bare row is that of a plain audit table: what one entry holds, with the
 * indexes by which an entry is found, by the same driver and pool, and nothing else.
 */
async function benchSingle({ ledger, database, url }: House): Promise<Figure[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`create table bare (like entry including all, ciphertext bytea not null)`);
  await client.query(`grant insert on bare to public`);
  await client.end();
  const subject = await openedBooking(ledger);
  let sequence = 0;
  const [handle, envelope, leafHash, ciphertext] = [16, 380, 32, 230].map((bytes) => randomBytes(bytes));
  const bare = (): Promise<unknown> =>
    database.pool.query({
      name: 'bare',
      text: 'insert into bare values ($1, $2, $3, $4, $5, $6, $7, $8)',
      values: [AGENCY, (sequence += 1), 'notice.given', handle, randomUUID(), envelope, leafHash, ciphertext],
    });
  const ours = (): Promise<unknown> => appended(ledger, noticeOn(subject));
  const times: { bare: number[]; ours: number[] } = { bare: [], ours: [] };
  for (let round = 0; round < 14; round += 1) {
    for (const [name, call] of [
      ['bare', bare],
      ['ours', ours],
    ] as const) {
      const started = performance.now();
      for (let count = 0; count < 150; count += 1) await call();
      // The first rounds warm both.
      if (round >= 2) times[name].push((performance.now() - started) / 150);
    }
  }
  const ratios = times.ours.map((each, index) => (times.bare[index] ?? 0) / each);
  const ratio = median(ratios) * 100;
  return [
    { name: 'bare INSERT into a plain audit table, one after the other', value: 1000 / median(times.bare), unit: '/s' },
    { name: 'appended and signed, one after the other', value: 1000 / median(times.ours), unit: '/s' },
    { name: 'append against a bare INSERT', value: ratio, unit: '%', limit: '≥ 60', met: ratio >= 60 },
  ];
}

async function benchBatched(ledger: Ledger): Promise<Figure> {
  const subjects = await Promise.all(Array.from({ length: 200 }, () => openedBooking(ledger)));
  const drafts = Array.from({ length: 20_000 }, (_, index) => noticeOn(subjects[index % subjects.length] as Handle));
  const started = performance.now();
  await inFlight(drafts, 512, (draft) => appended(ledger, draft));
  const rate = perSecond(drafts.length, performance.now() - started);
  return { name: 'appended by many at once', value: rate, unit: 'events/s', limit: '≥ 2,000', met: rate >= 2000 };
}

/** 200 events a second for half a minute, each timed from the call to its signed checkpoint. */
async function benchSteady(ledger: Ledger): Promise<Figure> {
  const subject = await openedBooking(ledger);
  const times: number[] = [];
  const waiting: Promise<void>[] = [];
  const began = performance.now();
  for (let count = 0; count < 6000; count += 1) {
    const due = began + count * 5;
    const ahead = due - performance.now();
    if (ahead > 1) await new Promise((resolve) => setTimeout(resolve, ahead));
    // From when it was due: a call that had to wait for its turn has waited.
    waiting.push(appended(ledger, noticeOn(subject)).then(() => void times.push(performance.now() - due)));
  }
  await Promise.all(waiting);
  const p99 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
  return {
    name: 'acknowledged under a signed checkpoint at 200 events/s, p99',
    value: p99,
    unit: 'ms',
    limit: '≤ 250',
    met: p99 <= 250,
  };
}

async function benchProofs({ database, url }: House): Promise<Figure[]> {
  const store = postgresLedger(database);
  const { agency, root, leaves } = await largeLog(store);
  // What a bulk load leaves to be written and counted is not the proof's to wait for.
  await settle(url);
  const log = publicLog(store, sha256Bytes);
  const making: number[] = [];
  const verifying: number[] = [];
  for (let count = 0; count < 1500; count += 1) {
    const index = Math.floor((count * 982_451_653) % LARGE);
    const started = performance.now();
    const proof = await log.inclusion(agency, index, LARGE);
    const made = performance.now();
    const leaf = leaves.subarray(index * 32, index * 32 + 32);
    const verdict = verifyInclusion({ index, size: LARGE, leaf, root }, proof, sha256Bytes);
    const verified = performance.now();
    if (verdict !== 'valid') throw new Error(`entry ${index}: ${verdict}`);
    if (count < 200) continue;
    making.push(made - started);
    verifying.push(verified - made);
  }
  const p99 = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
  const [proved, checked] = [p99(making), p99(verifying)];
  return [
    { name: 'inclusion proof in a log of a million, p99', value: proved, unit: 'ms', limit: '≤ 5', met: proved <= 5 },
    { name: 'inclusion proof verified, p99', value: checked, unit: 'ms', limit: '≤ 2', met: checked <= 2 },
  ];
}

async function settle(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('vacuum analyze');
  await client.query('checkpoint');
  await client.end();
}

/** A log of a million made-up envelopes, put into the store as appends put them there, a few thousand at a time. */
export async function largeLog(store: LedgerStore): Promise<{ agency: string; root: Uint8Array; leaves: Uint8Array }> {
  const agency = 'us/xx/large';
  const leaves = new Uint8Array(LARGE * 32);
  const tree = growingTree(NO_ENTRIES, sha256Bytes);
  let before: Head | undefined;
  for (let from = 0; from < LARGE; from += 5000) {
    const tileRoots: { level: number; index: number; hash: Uint8Array }[] = [];
    const entries = Array.from({ length: 5000 }, (_, at) => {
      const sequence = from + at;
      const { bytes, subject } = madeUpEnvelope(sequence, agency);
      const leaf = leafHash(bytes, sha256Bytes);
      leaves.set(leaf, sequence * 32);
      tree.add(leaf, (level, index, node) => {
        if (level > 0 && level % 8 === 0) tileRoots.push({ level: level / 8, index, hash: node });
      });
      return {
        sequence,
        subject,
        type: 'notice.given' as const,
        request: randomUUID(),
        envelope: bytes,
        leafHash: leaf,
        ciphertext: bytes.subarray(0, 16),
      };
    });
    const root = rootOfFrontier(tree.frontier(), sha256Bytes);
    const after: Head = {
      ...tree.frontier(),
      agency,
      origin: 'bench.invalid/large',
      root,
      recordedOn: '2026-11-24',
      checkpoint: 'not signed',
    };
    const batch = { before, after, entries, tileRoots, states: [], holdEnds: [], tombstones: [], sealedKeys: [] };
    if ((await store.commit(batch)) !== 'committed') throw new Error('the large log could not be made');
    before = after;
  }
  return { agency, root: before?.root ?? new Uint8Array(), leaves };
}

/**
 * A log's entries verified from their bytes: place, spelling, leaves, tree and root. The peer is the bare SHA-256 calls on
 * the same bytes, a leaf and a node for each entry. Both take the same stretch in turns, so that both meet the same machine.
 */
function benchVerify(): Figure[] {
  const audit = newAudit({ attested: [], expunged: new Set() }, sha256Bytes);
  const node = randomBytes(65);
  let [bare, ours, sequence] = [0, 0, 0];
  const heap: number[] = [];
  while (sequence < LARGE) {
    const stretch = Array.from({ length: 10_000 }, (_, at) => madeUpEnvelope(sequence + at, AGENCY).bytes);
    const leaves = stretch.map((bytes) => Buffer.concat([Uint8Array.of(0), bytes]));
    const started = performance.now();
    for (const leaf of leaves) {
      hash('sha256', leaf, 'buffer');
      hash('sha256', node, 'buffer');
    }
    const between = performance.now();
    for (const envelope of stretch) audit.entry({ sequence: sequence++, envelope });
    ours += performance.now() - between;
    bare += between - started;
    heap.push(process.memoryUsage.rss());
  }
  const { faults, size } = audit.end(LARGE);
  if (size !== LARGE || faults.length > 0) throw new Error(JSON.stringify(faults[0]));
  const ratio = ours / bare;
  const growth = ((heap.at(-1) ?? 0) - (heap[20] ?? 0)) / 1e6;
  return [
    { name: 'a million entries verified', value: perSecond(LARGE, ours), unit: 'entries/s' },
    { name: 'verified against the bare SHA-256 calls', value: ratio, unit: '×', limit: '≤ 1.3', met: ratio <= 1.3 },
    {
      name: 'memory grown from entry 200,000 to a million',
      value: growth,
      unit: 'MB',
      limit: '≤ 60',
      met: growth <= 60,
    },
  ];
}

function madeUpEnvelope(sequence: number, agency: string): { bytes: Uint8Array; subject: Handle } {
  const random = randomBytes(80).toString('hex');
  const subject = random.slice(0, 32) as Handle;
  const envelope = {
    v: 1,
    agency,
    sequence,
    type: 'notice.given',
    recordedOn: '2026-11-24',
    subject,
    commitment: random.slice(32, 96),
    ciphertext: random.slice(96, 160),
  };
  return { bytes: new TextEncoder().encode(canonicalJson(envelope)), subject };
}

async function openedBooking(ledger: Ledger): Promise<Handle> {
  const facility = { id: 'main-jail', agency: AGENCY, kind: 'jail', timeZone: 'America/New_York' } as const;
  const subject = newHandle(primitives);
  const content = { booking: '2026-000123', jurisdiction: 'us/fl/monroe-county', facility };
  await appended(ledger, {
    type: 'booking.opened',
    subject,
    occurredAt: now(),
    actor: 'bench',
    request: randomUUID(),
    content,
  });
  return subject;
}

function noticeOn(subject: Handle): Draft {
  const content = { of: 'release', to: 'ICE', at: '2026-11-24T15:38:59Z' };
  return { type: 'notice.given', subject, occurredAt: now(), actor: 'bench', request: randomUUID(), content };
}

async function appended(ledger: Ledger, draft: Draft): Promise<void> {
  const result = await ledger.append(AGENCY, draft);
  if (result.kind !== 'recorded') throw new Error(JSON.stringify(result));
}

async function inFlight<Item>(
  items: readonly Item[],
  many: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: many }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

function now(): Instant {
  return Temporal.Now.instant().epochMilliseconds as Instant;
}
