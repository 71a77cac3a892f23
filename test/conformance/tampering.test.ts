import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { logSource } from '../../src/adapters/http/log-source.ts';
import { primitives } from '../../src/adapters/system/primitives.ts';
import { expungeSubject } from '../../src/app/ledger/erase.ts';
import { exportLog } from '../../src/app/ledger/export-log.ts';
import { beginSigning } from '../../src/app/ledger/may-sign.ts';
import { planBatch } from '../../src/app/ledger/plan.ts';
import { publicLog } from '../../src/app/ledger/public-log.ts';
import { rebuild } from '../../src/app/ledger/rebuild.ts';
import { verifyPublicLog, type PublicReport } from '../../src/app/ledger/verify-public.ts';
import { verifyAgency, type VerifyReport } from '../../src/app/ledger/verify.ts';
import { canonicalJson } from '../../src/domain/case/canonical.ts';
import type { Attested, Fault } from '../../src/domain/ledger/audit.ts';
import { signCheckpoint } from '../../src/domain/ledger/checkpoint.ts';
import { NO_ENTRIES, rootOfFrontier, withLeaf, type Frontier } from '../../src/domain/ledger/frontier.ts';
import { leafHash } from '../../src/domain/ledger/hashes.ts';
import { formatNote } from '../../src/domain/ledger/note.ts';
import { envelopeFrom, type Envelope } from '../../src/domain/record/event.ts';
import type { Instant } from '../../src/domain/time/instant.ts';
import { openHouse } from '../../src/main/house.ts';
import { settingsFrom } from '../../src/main/settings.ts';
import { databases } from '../support/databases.ts';
import { rowsOf } from '../support/embedded.ts';
import { AGENCY, bookingOpened, MIGRATIONS, recorded, testHouse, type TestHouse } from '../support/house.ts';
import { asAttacker, saveLog, type SavedLog } from '../support/saved-log.ts';
import { testSigner } from '../support/test-keys.ts';

const { hash } = primitives;
/** Two full tiles and more. */
const SIZE = 600;
/** Until here every entry was appended by itself, so that each has a checkpoint of its own. */
const SINGLY = 300;
const YESTERDAY = 550;
/** Its content went by a court's order. */
const EXPUNGED = 40;
const CLI = join(import.meta.dirname, '..', '..', 'bin', 'writkeeper.mjs');

/** A fault without its words: what was done, and the first and last entry that are named. */
type Named = readonly (string | number)[];

describe.each(databases())('tampering with a log on $name', (server) => {
  let house: TestHouse;
  let whole: SavedLog;
  let yesterday: SavedLog;
  beforeAll(async () => {
    house = await testHouse(server);
    await fill(house, YESTERDAY);
    yesterday = await saveLog(house, 'yesterday');
    await fill(house, SIZE);
    whole = await saveLog(house, 'whole');
  });
  afterEach(() => whole.restore());
  afterAll(() => house.remove());

  const tamper = (statements: string): Promise<void> => asAttacker(house, statements);

  test('nothing was done: nothing is said', async () => {
    const report = await verify(house);
    expect([named(report), report.size, report.opened]).toEqual([[], SIZE, SIZE - 1]);
    expect(await rebuild(house.ports, AGENCY, false)).toMatchObject({ different: [], unreadable: [] });
    const { status, stdout } = command(house, 'ledger', 'verify');
    expect([status, stdout.startsWith(`✓ ${AGENCY}: ${SIZE} entries`)]).toEqual([0, true]);
  });

  describe('an entry', () => {
    test('a bit of its envelope is flipped', async () => {
      await tamper(flip('entry', 'envelope', 250));
      expect(named(await verify(house))).toEqual([['entry-altered', 250]]);
      const { status, stdout } = command(house, 'ledger', 'verify');
      expect(status).toBe(1);
      expect(stdout).toContain('✗ entry-altered: entry 250 is not what it was when it was recorded\n');
    });

    test('a bit of one in the last, unfinished tile is flipped', async () => {
      await tamper(flip('entry', 'envelope', 580));
      expect(named(await verify(house))).toEqual([['entry-altered', 580]]);
    });

    test('a bit of the hash that is kept of it is flipped', async () => {
      await tamper(flip('entry', 'leaf_hash', 290));
      expect(named(await verify(house))).toEqual([['tile-altered', 290, 290]]);
    });

    test('is edited, and its leaf hash with it', async () => {
      await tamper(await edited(house, 250, OTHER));
      expect(named(await verify(house))).toEqual([['root-differs', 250, 250]]);
    });

    test('is edited with care: its leaf hash, every tile, the head’s root and peaks, and no key', async () => {
      await tamper(await edited(house, 250, OTHER));
      await tamper(await madeConsistent(house));
      expect(named(await verify(house))).toEqual([['root-differs'], ['root-differs', 250, 250]]);
    });

    test('is edited with care where many were appended at once: their checkpoints name the stretch', async () => {
      await tamper(await edited(house, 400, OTHER));
      await tamper(await madeConsistent(house));
      const [head, [code, from = 0, to = 0] = []] = named(await verify(house));
      expect([head, code]).toEqual([['root-differs'], 'root-differs']);
      const around = await rowsOf(
        house.url,
        'select max(size) filter (where size <= 400) low, min(size) filter (where size > 400) high from checkpoint',
      );
      expect(around).toEqual([{ low: String(from), high: String(Number(to) + 1) }]);
    });

    test('says that it was recorded earlier', async () => {
      await tamper(await edited(house, 250, { recordedOn: '2020-01-01' }));
      await tamper(await madeConsistent(house));
      expect(named(await verify(house))).toEqual([
        ['root-differs'],
        ['day-differs', 250],
        ['clock-went-back', 250],
        ['root-differs', 250, 250],
      ]);
    });

    test('is deleted in the middle', async () => {
      await tamper('delete from entry where sequence = 250');
      expect(named(await verify(house))).toEqual([['entry-missing', 250, 250]]);
    });

    test('is swapped with another, content and all', async () => {
      for (const table of ['entry', 'content']) await tamper(swapped(table, 'sequence', 10, 200));
      const faults = named(await verify(house));
      expect(faults.filter(([code]) => code === 'entry-misplaced')).toEqual([
        ['entry-misplaced', 10],
        ['entry-misplaced', 200],
      ]);
      // Their contents do not open at each other's places.
      expect(faults.every(([, entry]) => [10, 11, 200, 201].includes(Number(entry)))).toBe(true);
    });

    test('is filed under another kind', async () => {
      await tamper(`update entry set type = 'hold.begun' where sequence = 77`);
      expect(named(await verify(house))).toEqual([['entry-misplaced', 77]]);
    });

    test.each([
      ['is no text any more', 'set_byte(envelope, 0, 0)'],
      [
        'has a digit that is none',
        `set_byte(envelope, position('"commitment":"' in encode(envelope, 'escape')) + 20, 122)`,
      ],
      ['is cut short', 'substr(envelope, 1, 100)'],
    ])('%s: the command names it and does not break off', async (_, damaged) => {
      await tamper(`update entry set envelope = ${damaged} where sequence = 250`);
      const { status, stdout, stderr } = command(house, 'ledger', 'verify');
      expect([status, stderr]).toEqual([1, '']);
      expect(stdout).toContain('✗ entry-altered: entry 250 is not what it was when it was recorded\n');
    });

    test('of the agency’s own is damaged, and so is a projection: every command still opens the house', async () => {
      const [own] = await rowsOf(
        house.url,
        `select min(sequence)::int as at from entry where type = 'subject.expunged'`,
      );
      const { at } = own as { at: number };
      await tamper(`update entry set envelope = substr(envelope, 1, 100) where sequence = ${at};
        update subject_state set state = 'null' where subject = (select subject from entry where sequence = 3)`);
      const { status, stdout, stderr } = command(house, 'ledger', 'verify');
      expect([status, stderr]).toEqual([1, '']);
      expect(stdout).toContain(`✗ entry-altered: entry ${at} `);
      expect(stdout).toContain('✗ projection-differs: ');
    });

    test('a log is put there of which the house has no keys: it is named, and the others are verified', async () => {
      await tamper(
        `insert into log select 'us/zz', 'localhost/us/zz', size, root, peaks, recorded_on, checkpoint from log`,
      );
      const { status, stdout, stderr } = command(house, 'ledger', 'verify');
      expect([status, stderr]).toEqual([1, '']);
      expect(stdout).toContain(`✓ ${AGENCY}: ${SIZE} entries`);
      expect(stdout).toContain('✗ log-unknown: the vault holds no keys of us/zz');
    });

    test('is added behind the head', async () => {
      await tamper(`insert into entry select agency, ${SIZE}, type, subject, gen_random_uuid(), envelope, leaf_hash
        from entry where sequence = ${SIZE - 1}`);
      const faults = named(await verify(house));
      expect(faults).toContainEqual(['entry-beyond-checkpoint', SIZE, SIZE]);
      expect(faults.every(([, entry]) => entry === SIZE)).toBe(true);
    });
  });

  describe('content', () => {
    test('a bit is flipped', async () => {
      await tamper(flip('content', 'ciphertext', 123));
      expect(named(await verify(house))).toEqual([['content-altered', 123]]);
    });

    test('of two entries is swapped', async () => {
      await tamper(swapped('content', 'ciphertext', 12, 345));
      expect(named(await verify(house))).toEqual([
        ['content-altered', 12],
        ['content-altered', 345],
      ]);
    });

    test('is deleted, and no court ordered it', async () => {
      await tamper('delete from content where sequence = 123');
      expect(named(await verify(house))).toEqual([['content-missing', 123]]);
    });

    test('is deleted, and a tombstone put there that no entry explains', async () => {
      await tamper(`insert into tombstone select agency, subject, 0 from entry where sequence = 123;
        delete from content where sequence = 123`);
      expect(named(await verify(house))).toEqual([['content-missing'], ['content-missing', 123]]);
    });

    test.each([
      ['its tombstone still there', ''],
      ['its tombstone taken away', '; delete from tombstone'],
    ])('that a court had expunged is brought back, %s', async (_, more) => {
      await tamper(`insert into content select agency, sequence, subject, '\\x0102' from entry
        where sequence = ${EXPUNGED}${more}`);
      const faults = named(await verify(house));
      expect(faults).toContainEqual(['content-not-expunged', EXPUNGED]);
      const others = faults.filter(([code]) => code !== 'tombstone-missing');
      expect(others.every(([, entry]) => entry === EXPUNGED)).toBe(true);
      expect(faults.length - others.length).toBe(more === '' ? 0 : 1);
    });
  });

  describe('the tree', () => {
    test('a tile’s hash is replaced', async () => {
      await tamper(`update tile_root set hash = sha256('another') where level = 1 and index = 1`);
      expect(named(await verify(house))).toEqual([['tile-altered', 256, 511]]);
    });

    test('a tile’s hash is deleted, and the one after it is not blamed', async () => {
      await tamper('delete from tile_root where level = 1 and index = 0');
      expect(named(await verify(house))).toEqual([['tile-altered', 0, 255]]);
    });

    test('the head’s peaks are replaced: verify finds it, and nothing is signed on them', async () => {
      await tamper(`update log set peaks = sha256('another') || substr(peaks, 33)`);
      expect(named(await verify(house))).toEqual([['root-differs']]);
      const fresh = await house.beside();
      expect(await fresh.ledger.append(AGENCY, bookingOpened())).toMatchObject({
        kind: 'unavailable',
        trouble: 'refused',
      });
    });

    test('the head’s size is set back', async () => {
      await tamper('update log set size = size - 2');
      const faults = named(await verify(house));
      expect(faults).toContainEqual(['entry-beyond-checkpoint', SIZE - 2, SIZE - 1]);
      expect(faults).toContainEqual(['root-differs']);
    });

    test('the head’s day is set back, so that the clock could be', async () => {
      await tamper(`update log set recorded_on = '2020-01-01'`);
      expect(named(await verify(house))).toEqual([['clock-went-back', SIZE - 1]]);
    });
  });

  describe('a checkpoint', () => {
    test('of the newest size is replaced by one that another key has signed', async () => {
      const note = await signedByAnother(house, SIZE);
      await tamper(`update log set checkpoint = '${note}'`);
      expect(named(await verify(house))).toEqual([['checkpoint-forged']]);
    });

    test('of an older size is replaced by one that another key has signed', async () => {
      const note = await signedByAnother(house, 251);
      await tamper(`update checkpoint set note = '${note}' where size = 251`);
      expect(named(await verify(house))).toEqual([['checkpoint-forged', 250]]);
    });

    test('of an older size is replaced by the log’s own of another size', async () => {
      await tamper('update checkpoint set note = (select note from checkpoint where size = 200) where size = 251');
      expect(named(await verify(house))).toEqual([['checkpoint-forged', 250]]);
    });
  });

  describe('the tail', () => {
    const cut = `delete from entry where sequence >= 595; delete from content where sequence >= 595`;

    test('is deleted', async () => {
      await tamper(cut);
      expect(named(await verify(house))).toEqual([['entry-missing', 595, 599]]);
      const { status, stdout } = command(house, 'ledger', 'verify', '--agency', AGENCY);
      expect(status).toBe(1);
      expect(stdout).toContain('✗ entry-missing: the log says 600 entries, and the last 5 are missing\n');
    });

    test('is deleted, and everything set back to an older signed checkpoint: the signed sizes know', async () => {
      await tamper(await setBack(house, 299));
      expect(named(await verify(house))).toEqual([['tail-missing', 299, 599]]);
    });

    test('the same where only a witness is left to ask', async () => {
      const seen = await seenBy('the witness board.example', house);
      await tamper(await setBack(house, 299));
      expect(named(await verify(house, { isAlone: true }))).toEqual([]);
      const report = await verify(house, { isAlone: true, seen: [seen] });
      expect(named(report)).toEqual([['tail-missing', 299, 599]]);
      expect(report.faults[0]?.message).toContain('the witness board.example has seen 600 entries');
    });

    test('the same where somebody forgot the kept checkpoints', async () => {
      await tamper((await setBack(house, 299)).replace(/delete from checkpoint[^;]*;/, ''));
      expect(named(await verify(house, { isAlone: true }))).toEqual([['tail-missing', 299, 599]]);
    });

    test('yesterday’s backup is restored: verify finds it, and nothing is signed on it', async () => {
      await yesterday.restore();
      expect(named(await verify(house))).toEqual([['tail-missing', YESTERDAY, SIZE - 1]]);
      const fresh = await house.beside();
      expect(await fresh.ledger.append(AGENCY, bookingOpened())).toMatchObject({
        kind: 'unavailable',
        trouble: 'already-signed',
      });
    });
  });

  describe('a projection', () => {
    const of77 = '(select subject from entry where sequence = 77)';
    const nobody = '00'.repeat(16);
    test.each([
      [
        'is edited',
        `update subject_state set state = state || '{"citizenshipClaim":"resolved"}' where subject = ${of77}`,
      ],
      [
        'says what that of another says',
        `update subject_state here set state = here.state || jsonb_build_object('sealed', there.state -> 'sealed')
          from (select state from subject_state where subject <> ${of77} and state ? 'sealed' limit 1) there
          where here.subject = ${of77}`,
      ],
      ['is taken away', `delete from subject_state where subject = ${of77}`],
      [
        'is put there for nobody',
        `insert into subject_state select agency, '\\x${nobody}', 1, state from subject_state limit 1`,
      ],
    ])('%s', async (how, statement) => {
      const subject = how === 'is put there for nobody' ? nobody : (await envelopeAt(house, 77)).subject;
      await tamper(statement);
      expect(await rebuild(house.ports, AGENCY, false)).toMatchObject({ different: [subject], unreadable: [] });
      if (how !== 'is edited') return;
      const { status, stdout } = command(house, 'ledger', 'verify');
      expect(status).toBe(1);
      expect(stdout).toContain(`✗ projection-differs: what is shown of subject ${subject}`);
    });
  });

  describe('two views of one log, both signed with its key', () => {
    let fork: { readonly house: TestHouse; readonly remove: () => Promise<void> };
    beforeAll(async () => {
      fork = await forkOf(house, server);
    });
    afterAll(() => fork.remove());

    test('a witness that has seen the one tells of the other', async () => {
      const seen = await seenBy('the witness board.example', house);
      expect(named(await verify(fork.house))).toEqual([]);
      expect(named(await verify(fork.house, { seen: [seen] }))).toEqual([['two-histories', 0, SIZE - 1]]);
    });

    test('also through a copy of the files that it serves', async () => {
      const seen = await seenBy('the witness board.example', house);
      const folder = await exported(fork.house);
      expect(named(await verifyFolder(fork.house, folder, []))).toEqual([]);
      expect(named(await verifyFolder(fork.house, folder, [seen]))).toEqual([['two-histories', 0, SIZE - 1]]);
      rmSync(folder, { recursive: true });
    });
  });

  describe('the files that outsiders see', () => {
    let folder: string;
    let copy: string;
    beforeAll(async () => {
      folder = await exported(house);
    });
    beforeEach(() => {
      copy = mkdtempSync(join(tmpdir(), 'writkeeper-log-'));
      cpSync(folder, copy, { recursive: true });
    });
    afterEach(() => rmSync(copy, { recursive: true }));
    afterAll(() => rmSync(folder, { recursive: true }));

    test('nothing was done: nothing is said', async () => {
      expect(named(await verifyFolder(house, copy, []))).toEqual([]);
    });

    test.each<[string, string, (bytes: Buffer) => number, Named[]]>([
      ['an entry', 'tile/entries/000', (bytes) => nth(bytes, '"commitment":"', 7) + 20, [['entry-altered', 7]]],
      ['an entry’s hash in a full tile', 'tile/0/000', () => 5 * 32, [['tile-altered', 5, 5]]],
      ['an entry’s hash in the last tile', 'tile/0/002.p/88', () => 3 * 32, [['tile-altered', 515, 515]]],
      ['a tile’s hash one level up', 'tile/1/000.p/2', () => 32, [['tile-altered', 256, 511]]],
      ['the checkpoint’s root', 'checkpoint', (bytes) => nth(bytes, '\n', 1) + 5, [['checkpoint-forged']]],
      ['the checkpoint’s signature', 'checkpoint', (bytes) => bytes.length - 10, [['checkpoint-forged']]],
    ])('a bit of %s is flipped', async (_, path, at, expected) => {
      const bytes = readFileSync(join(copy, path));
      const place = at(bytes);
      bytes[place] = (bytes[place] ?? 0) ^ 1;
      writeFileSync(join(copy, path), bytes);
      expect(named(await verifyFolder(house, copy, []))).toEqual(expected);
    });

    test('the command names the entry and exits with 1', async () => {
      const path = join(copy, 'tile/entries/000');
      const bytes = readFileSync(path);
      const place = nth(bytes, '"commitment":"', 7) + 20;
      bytes[place] = (bytes[place] ?? 0) ^ 1;
      writeFileSync(path, bytes);
      const [key = ''] = await house.verifierKey(AGENCY);
      const { status, stdout } = command(house, 'ledger', 'verify', '--log', copy, '--key', key);
      expect(status).toBe(1);
      expect(stdout).toContain('✗ entry-altered: entry 7 is not what it was when it was recorded\n');
    });

    test.each<[string, Named[]]>([
      ['tile/0/001', [['tile-altered', 256, 511]]],
      [
        'tile/entries/001',
        [
          ['tile-altered', 256, 511],
          ['entry-missing', 256, 511],
        ],
      ],
    ])('%s is gone', async (path, expected) => {
      rmSync(join(copy, path));
      expect(named(await verifyFolder(house, copy, []))).toEqual(expected);
    });
  });
});

describe.each(databases())('a log on $name that is written while it is verified', (server) => {
  test('nothing was done: nothing is said', async () => {
    const house = await testHouse(server);
    await fill(house, 50);
    const other = await house.beside();
    const writing = (async () => {
      for (let count = 0; count < 60; count += 1) recorded(await other.ledger.append(AGENCY, bookingOpened()));
    })();
    const reports = [await verify(house), await verify(house), await verify(house)];
    await writing;
    reports.push(await verify(house));
    expect(reports.map(named)).toEqual([[], [], [], []]);
    await house.remove();
  });
});

describe.each(databases())('a log on $name that the house itself wrote wrongly, and signed', (server) => {
  /** Past the writer, who would refuse it: an append that says of itself what it likes. */
  const written = async (house: TestHouse, later: number, own = primitives): Promise<void> => {
    const now = (Temporal.Now.instant().epochMilliseconds + later) as Instant;
    const head = await house.ports.store.head(AGENCY);
    const draft = bookingOpened();
    const setting = { agency: AGENCY, head, now, known: new Map(), looksForAll: true };
    const { batch } = await planBatch({ ...setting, ports: { ...house.ports, primitives: own } }, [{ draft }]);
    if (batch === undefined) throw new Error('there is nothing to write');
    await beginSigning(house.ports, AGENCY, batch.after.origin);
    expect(await house.ports.store.commit(batch)).toBe('committed');
  };

  test('an entry was recorded before the one before it, on the same day: the times under the commitments tell', async () => {
    const house = await testHouse(server);
    await house.vault.ensure(AGENCY);
    await written(house, 60_000);
    await written(house, 0);
    expect(named(await verify(house))).toEqual([['clock-went-back', 1]]);
    await house.remove();
  });

  test('an entry tells another day in the open than under its commitment', async () => {
    const house = await testHouse(server);
    await house.vault.ensure(AGENCY);
    const told = (text: Uint8Array): Uint8Array =>
      Buffer.from(
        Buffer.from(text)
          .toString('latin1')
          .replace(/"recordedAt":"[^T]*/, '"recordedAt":"2020-01-01'),
        'latin1',
      );
    await written(house, 0, {
      ...primitives,
      hmac: (key, text) => primitives.hmac(key, told(text)),
      encrypt: (key, nonce, text, bound) => primitives.encrypt(key, nonce, told(text), bound),
    });
    expect(named(await verify(house))).toEqual([['day-differs', 0]]);
    await house.remove();
  });
});

const OTHER = { corrects: 3 };

async function fill(house: TestHouse, size: number): Promise<void> {
  const at = async (): Promise<number> => (await house.ports.store.head(AGENCY))?.size ?? 0;
  for (let next = await at(); next < Math.min(size, SINGLY); next += 1) {
    const { envelope } = recorded(await house.ledger.append(AGENCY, bookingOpened()));
    if (envelope.sequence !== EXPUNGED) continue;
    const order = { order: 'Monroe County Court, 26-CF-1, 2026-11-20', actor: 'clerk.one', second: 'clerk.two' };
    const erased = { agency: AGENCY, subject: envelope.subject, request: crypto.randomUUID(), ...order };
    recorded(await expungeSubject(house.ledger, house.ports, erased));
    next += 1;
  }
  const rest = Array.from({ length: size - (await at()) }, () => house.ledger.append(AGENCY, bookingOpened()));
  for (const appended of await Promise.all(rest)) recorded(appended);
}

interface Asking {
  /** Without the list of signed sizes, which lies on another disk. */
  readonly isAlone?: true;
  readonly seen?: readonly Attested[];
}

function verify(house: TestHouse, { isAlone, seen = [] }: Asking = {}): Promise<VerifyReport> {
  const { ports, readCheckpoint } = house;
  const signedSizes = isAlone === true ? undefined : ports.signedSizes;
  return verifyAgency({ ...ports, signedSizes, readCheckpoint, attested: () => Promise.resolve(seen) }, AGENCY);
}

function named({ faults }: { readonly faults: readonly Fault[] }): Named[] {
  return faults.map(({ code, entry, to }) => [code, entry, to].filter((each) => each !== undefined));
}

function command({ folder, url }: TestHouse, ...args: readonly string[]) {
  const env = { ...process.env, DATABASE_URL: url, WRITKEEPER_DATA: folder };
  return spawnSync(process.execPath, [CLI, ...args], { env, encoding: 'utf8' });
}

function flip(table: 'entry' | 'content', column: string, sequence: number): string {
  return `update ${table} set ${column} = set_byte(${column}, 20, get_byte(${column}, 20) # 1) where sequence = ${sequence}`;
}

function swapped(table: string, column: string, one: number, two: number): string {
  if (column === 'sequence') {
    return `update ${table} set sequence = 1000000 where sequence = ${one};
      update ${table} set sequence = ${one} where sequence = ${two};
      update ${table} set sequence = ${two} where sequence = 1000000`;
  }
  return `update ${table} here set ${column} = there.${column} from (select * from ${table}) there
    where (here.sequence, there.sequence) in ((${one}, ${two}), (${two}, ${one}))`;
}

async function envelopeAt({ url }: TestHouse, sequence: number): Promise<Envelope> {
  const rows = await rowsOf(url, 'select envelope from entry where sequence = $1', [sequence]);
  return envelopeFrom((rows[0] as { envelope: Buffer }).envelope) as Envelope;
}

/** An entry that says something else, with the leaf hash that fits. */
async function edited(house: TestHouse, sequence: number, change: Partial<Envelope>): Promise<string> {
  const bytes = Buffer.from(canonicalJson({ ...(await envelopeAt(house, sequence)), ...change }));
  return `update entry set envelope = '\\x${bytes.toHex()}', leaf_hash = '\\x${leafHash(bytes, hash).toHex()}'
    where sequence = ${sequence}`;
}

/** Every tile and the head as they would be, had the entries always been what they are now. */
async function madeConsistent(house: TestHouse): Promise<string> {
  const tiles: string[] = [];
  const frontier = await frontierOf(house, SIZE, (level, index, node) => {
    if (level !== 8) return;
    tiles.push(`update tile_root set hash = '\\x${node.toHex()}' where level = 1 and index = ${index};`);
  });
  const peaks = Buffer.concat(frontier.peaks).toHex();
  const root = rootOfFrontier(frontier, hash).toHex();
  return `${tiles.join('\n')} update log set root = '\\x${root}', peaks = '\\x${peaks}'`;
}

async function frontierOf(
  { url }: TestHouse,
  size: number,
  completed?: Parameters<typeof withLeaf>[3],
): Promise<Frontier> {
  const rows = await rowsOf(url, 'select leaf_hash from entry where sequence < $1 order by sequence', [size]);
  let frontier = NO_ENTRIES;
  for (const row of rows) frontier = withLeaf(frontier, (row as { leaf_hash: Buffer }).leaf_hash, hash, completed);
  return frontier;
}

/** The whole log as it was at a size: whoever has the database can do it, and every signature in it is right. */
async function setBack(house: TestHouse, size: number): Promise<string> {
  const frontier = await frontierOf(house, size);
  const { recordedOn } = await envelopeAt(house, size - 1);
  return `
    delete from subject_state using entry where entry.subject = subject_state.subject and entry.sequence >= ${size};
    delete from entry where sequence >= ${size};
    delete from content where sequence >= ${size};
    delete from tile_root where (index + 1) * 256 > ${size};
    update log set size = ${size}, root = '\\x${rootOfFrontier(frontier, hash).toHex()}',
      peaks = '\\x${Buffer.concat(frontier.peaks).toHex()}', recorded_on = '${recordedOn}',
      checkpoint = (select note from checkpoint where size = ${size});
    delete from checkpoint where size > ${size};`;
}

async function signedByAnother(house: TestHouse, size: number): Promise<string> {
  const origin = house.ports.originOf(AGENCY);
  const root = rootOfFrontier(await frontierOf(house, size), hash);
  return formatNote(await signCheckpoint({ origin, size, root, extensions: [] }, [testSigner(origin)]));
}

async function seenBy(by: string, { ports }: TestHouse): Promise<Attested> {
  const head = await ports.store.head(AGENCY);
  if (head === undefined) throw new Error('there is no log to see');
  return { by, size: head.size, root: head.root };
}

/** A second log under the same keys, as large as the first: what a dishonest agency would show to somebody else. */
async function forkOf(house: TestHouse, server: ReturnType<typeof databases>[number]) {
  const database = await server.fresh();
  const folder = mkdtempSync(join(tmpdir(), 'writkeeper-fork-'));
  cpSync(join(house.folder, 'keys'), join(folder, 'keys'), { recursive: true });
  const opened = await openHouse(settingsFrom({ DATABASE_URL: database.url }, folder), MIGRATIONS, () => undefined);
  const fork = { ...house, ...opened, folder };
  // An honest house refuses here, for its vault knows of the first log. A dishonest one writes a list to its taste.
  opened.ports.signedSizes.keep(opened.ports.originOf(AGENCY), 0, rootOfFrontier(NO_ENTRIES, hash).toHex());
  await fill(fork, SIZE);
  return {
    house: fork,
    remove: async () => {
      await opened.close();
      await database.drop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function exported({ ports }: TestHouse): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'writkeeper-log-'));
  const head = await ports.store.head(AGENCY);
  await exportLog(publicLog(ports.store, hash), AGENCY, SIZE, head?.checkpoint ?? '', (path, bytes) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  });
  return folder;
}

async function verifyFolder(house: TestHouse, folder: string, seen: readonly Attested[]): Promise<PublicReport> {
  const read = async (note: Uint8Array) => {
    const opened = await house.readCheckpoint(AGENCY, new TextDecoder().decode(note));
    if (!('why' in opened)) return { ok: true as const, value: opened };
    return { ok: false as const, failures: [{ code: 'malformed' as const, where: 'checkpoint', message: opened.why }] };
  };
  const verified = await verifyPublicLog(logSource(folder), read, seen, hash);
  if (!verified.ok) throw new Error(JSON.stringify(verified.failures));
  return verified.value;
}

/** Where the nth of some words begins, counted from 0. */
function nth(bytes: Buffer, words: string, count: number): number {
  let at = bytes.indexOf(words);
  for (let left = count; left > 0; left -= 1) at = bytes.indexOf(words, at + 1);
  return at;
}
