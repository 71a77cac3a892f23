import { spawnSync } from 'node:child_process';
import { constants, generateKeyPairSync, privateDecrypt, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { courtKey } from '../../src/adapters/keys/court-key.ts';
import { readVault, type AgencyKeys } from '../../src/adapters/keys/vault-file.ts';
import { primitives } from '../../src/adapters/system/primitives.ts';
import { expungeSubject, sealSubject, unsealSubject, type Order, type SealTo } from '../../src/app/ledger/erase.ts';
import { openLedger } from '../../src/app/ledger/ledger.ts';
import type { EventKept } from '../../src/app/ledger/history.ts';
import { publicLog } from '../../src/app/ledger/public-log.ts';
import { rebuild } from '../../src/app/ledger/rebuild.ts';
import { verifyAgency } from '../../src/app/ledger/verify.ts';
import { leafHash } from '../../src/domain/ledger/hashes.ts';
import { verifyConsistency, verifyInclusion } from '../../src/domain/ledger/verify.ts';
import type { Draft } from '../../src/domain/record/event.ts';
import { subjectKey, type Handle } from '../../src/domain/record/key-tree.ts';
import { NONCE_BYTES } from '../../src/domain/record/primitives.ts';
import type { House } from '../../src/main/house.ts';
import { settingsFrom } from '../../src/main/settings.ts';
import { databases } from '../support/databases.ts';
import { rowsOf } from '../support/embedded.ts';
import { AGENCY, bookingOpened, draftOf, recorded, testHouse, type TestHouse } from '../support/house.ts';

const { hash, hmac } = primitives;
/** Of this run only: an earlier one's control lies in a server's write-ahead log for a while. */
const RUN = crypto.randomUUID().slice(0, 8);
const NAME = `Xiomara Quetzalcoatl-${RUN}`;
const BOOKING = `BK-7731-${RUN}`;
const CONTROL = `Control-${RUN}`;

describe.each(databases())('a person whose record is on $name', (server) => {
  let house: TestHouse;
  let subject: Handle;
  let other: Handle;
  beforeAll(async () => {
    house = await testHouse(server);
    other = await otherBooking(house);
    subject = await everythingSaidOf(house);
  });
  afterAll(() => house.remove());

  test('stands in the clear in no file: not in the tables, the write-ahead log, the server’s log, the vault', async () => {
    await rowsOf(house.url, 'checkpoint');
    const places = await placesOf(house);
    expect(filesWith(places, [NAME, BOOKING])).toEqual([]);
    expect(await rowsWith(house.url, [NAME, BOOKING])).toEqual([]);
    // The search would find it: here is a row that says something in the clear.
    await rowsOf(house.url, `create table told as select '${CONTROL}' as name; checkpoint`);
    expect(filesWith(places, [CONTROL]).length).toBeGreaterThan(0);
    expect(await rowsWith(house.url, [CONTROL])).toEqual(['told']);
    await rowsOf(house.url, 'drop table told');
  });

  test('is in no alarm and in no message that says why something was refused', async () => {
    const said: unknown[] = [...house.alarms];
    const opening = bookingOpened(BOOKING, subject);
    said.push(await house.ledger.append(AGENCY, opening));
    const wrong = { ...opening, request: NAME, actor: NAME, content: { name: NAME } } as unknown as Draft;
    said.push(await house.ledger.append(AGENCY, wrong));
    const hold = draftOf('hold.ended', subject, { hold: 1, endedAt: '2026-12-02T12:00:00Z', how: 'other' });
    said.push(await house.ledger.append(AGENCY, { ...hold, actor: NAME }));
    expect(said.map((each) => (each as { kind: string }).kind)).toEqual(['conflict', 'invalid', 'conflict']);
    expect(JSON.stringify(said)).not.toMatch(/Quetzalcoatl|BK-7731/);
  });

  test('may not be erased by one person alone', async () => {
    const alone = { ...orderOn(subject), second: 'Clerk.One ' };
    const { sealTo } = court(house);
    for (const refused of [
      await expungeSubject(house.ledger, house.ports, alone),
      await sealSubject(house.ledger, house.ports, alone, sealTo),
      await unsealSubject(house.ledger, house.ports, alone, new Uint8Array(32)),
    ]) {
      expect(refused).toMatchObject({ kind: 'invalid', failures: [{ where: 'second' }] });
    }
    expect(readable(await house.ledger.history(AGENCY, subject))).toBe(true);
  });

  test('is sealed: unreadable here, readable to the court by its own means, and readable again once it gives the key back', async () => {
    const before = await house.ledger.state(AGENCY, subject);
    const { sealTo, opened } = court(house);
    recorded(await sealSubject(house.ledger, house.ports, orderOn(subject), sealTo));
    expect(reasons(await house.ledger.history(AGENCY, subject))).toEqual(new Set(['key-destroyed']));
    expect(
      await house.ledger.append(AGENCY, draftOf('identity.checked', subject, { identity: 'matched' })),
    ).toMatchObject({ kind: 'conflict', refusal: { code: 'erased' } });
    const sealed = (await house.ports.store.sealedKey(AGENCY, subject)) ?? new Uint8Array();
    const keys = opened(sealed);
    expect(new Set(keys.map((key) => key.toHex())).size).toBe(1);

    house = await house.reopened();
    const wrongKey = await unsealSubject(house.ledger, house.ports, orderOn(subject), new Uint8Array(32));
    expect(wrongKey).toMatchObject({ kind: 'conflict', refusal: { code: 'no-authority' } });
    recorded(await unsealSubject(house.ledger, house.ports, orderOn(subject), keys[0] ?? new Uint8Array()));
    house = await house.reopened();
    expect(readable(await house.ledger.history(AGENCY, subject))).toBe(true);
    expect(await house.ledger.state(AGENCY, subject)).toEqual(before);
    expect(await rebuild(house.ports, AGENCY, false)).toMatchObject({ different: [], unreadable: [] });
    expect(await faultsOf(house)).toEqual([]);
  });

  test('is unsealed by asking again, where the key the court gave did not reach the vault', async () => {
    const sealed = await otherBooking(house);
    const { sealTo, opened } = court(house);
    recorded(await sealSubject(house.ledger, house.ports, orderOn(sealed), sealTo));
    const [key = new Uint8Array()] = opened((await house.ports.store.sealedKey(AGENCY, sealed)) ?? new Uint8Array());
    const held = {
      ...house.ports.keyring,
      restore: () => Promise.reject(new Error('another process holds the vault')),
    };
    const ports = { ...house.ports, keyring: held };
    const asked = orderOn(sealed);
    await expect(unsealSubject(openLedger(ports), ports, asked, key)).rejects.toThrow('holds the vault');
    expect(reasons(await house.ledger.history(AGENCY, sealed))).toEqual(new Set(['key-destroyed']));
    const size = (await house.ports.store.head(AGENCY))?.size;
    const again = recorded(await unsealSubject(house.ledger, house.ports, orderOn(sealed), key));
    expect([again.repeated, again.envelope.type, again.envelope.erases]).toEqual([true, 'subject.unsealed', sealed]);
    expect((await house.ports.store.head(AGENCY))?.size).toBe(size);
    expect(reasons(await house.ledger.history(AGENCY, sealed))).toEqual(new Set(['readable']));
  });

  test('is expunged after it was sealed: content and both keys are gone, and the court’s key opens nothing here', async () => {
    const sealed = await otherBooking(house);
    const { sealTo } = court(house);
    recorded(await sealSubject(house.ledger, house.ports, orderOn(sealed), sealTo));
    recorded(await expungeSubject(house.ledger, house.ports, orderOn(sealed)));
    expect(await house.ports.store.sealedKey(AGENCY, sealed)).toBeUndefined();
    expect(reasons(await house.ledger.history(AGENCY, sealed))).toEqual(new Set(['content-missing']));
    expect(await house.ledger.state(AGENCY, sealed)).toMatchObject({ erased: { how: 'expunged' } });
    expect(await faultsOf(house)).toEqual([]);
    expect(await rebuild(house.ports, AGENCY, false)).toMatchObject({ different: [], unreadable: [] });
  });

  describe('is expunged', () => {
    let before: Evidence;
    let proofs: Proofs;
    beforeAll(async () => {
      before = await evidenceOn(house, subject);
      proofs = await proofsOf(house);
      recorded(await expungeSubject(house.ledger, house.ports, orderOn(subject)));
    });

    test('the content is gone, the key is gone, also after a restart, and once is enough', async () => {
      expect(
        await rowsOf(house.url, 'select 1 from content where subject = $1', [Buffer.from(subject, 'hex')]),
      ).toEqual([]);
      house = await house.reopened();
      expect(house.ports.keyring.subjectKey(AGENCY, subject)).toBeUndefined();
      expect(reasons(await house.ledger.history(AGENCY, subject))).toEqual(new Set(['content-missing']));
      expect(await expungeSubject(house.ledger, house.ports, orderOn(subject))).toMatchObject({
        kind: 'conflict',
        refusal: { code: 'already-done' },
      });
      expect(readdirSync(join(house.folder, 'keys')).sort()).toEqual(['master.key', 'vault', 'vault.lock']);
      expect(statSync(join(house.folder, 'keys', 'vault.lock')).size).toBe(0);
    });

    test('all earlier proofs still verify, and the whole log does', async () => {
      const { size, root, leaves, inclusion } = proofs;
      leaves.forEach((leaf, index) => {
        expect(verifyInclusion({ index, size, leaf, root }, inclusion[index] ?? [], hash)).toBe('valid');
      });
      const head = await house.ports.store.head(AGENCY);
      const log = publicLog(house.ports.store, hash);
      const proof = await log.consistency(AGENCY, size, head?.size ?? 0);
      const trees = { oldSize: size, oldRoot: root, size: head?.size ?? 0, root: head?.root ?? new Uint8Array() };
      expect(verifyConsistency(trees, proof, hash)).toBe('valid');
      expect(await faultsOf(house)).toEqual([]);
      expect(await rebuild(house.ports, AGENCY, false)).toMatchObject({ different: [], unreadable: [] });
    });

    test('every other record is still read', async () => {
      expect(readable(await house.ledger.history(AGENCY, other))).toBe(true);
    });

    test('whoever has the master key, the vault as it is now and every byte from before cannot confirm a guess', () => {
      // The same attack on the vault of before succeeds, so it is a real one.
      expect(confirms(before.keys, before)).toBe(true);
      expect(confirms(keysIn(house), before)).toBe(false);
    });
  });
});

/** A draft of every kind about a booking that takes words, with the name in each place where words may stand. */
async function everythingSaidOf(house: House): Promise<Handle> {
  const at = '2026-11-20T12:00:00Z';
  const opening = bookingOpened(BOOKING);
  const { subject } = opening;
  const said = async (draft: Draft): Promise<number> =>
    recorded(await house.ledger.append(AGENCY, { ...draft, actor: NAME })).envelope.sequence;
  await said({ ...opening, content: { ...opening.content, jurisdiction: NAME } });
  const basis = await said(draftOf('custody.basis-began', subject, { kind: 'charge', since: at }));
  await said(draftOf('conviction.recorded', subject, { class: NAME, convictedOn: '2020-01-01' }));
  const warrant = await said(
    draftOf('warrant.received', subject, { warrant: { id: BOOKING, form: 'I-200', issuerTitle: NAME, basis: [NAME] } }),
  );
  const detainer = { id: BOOKING, form: NAME, edition: NAME, receivedAt: at, addressedTo: NAME, relayedTo: [NAME] };
  const detained = await said(draftOf('detainer.received', subject, { detainer, warrants: [warrant] }));
  await said(
    draftOf('detainer.served', subject, { detainer: detained, servedOnPersonAt: at, language: NAME, copyGiven: true }),
  );
  const last = await said(draftOf('notice.given', subject, { of: NAME, to: NAME, at, language: NAME }));
  const duty = await said(draftOf('duty.arisen', subject, { duty: NAME, dueAt: at }));
  await said(draftOf('duty.done', subject, { duty, doneAt: at, proof: NAME }));
  await said(draftOf('record.read', subject, { what: NAME, purpose: BOOKING }));
  const question = { act: 'hold', at, warrant: NAME } as const;
  const answer = { outcome: 'undetermined', findings: [{ message: NAME }] } as const;
  await said(draftOf('decision.made', subject, { question, answer }, { basedOn: last }));
  const content = { content: { kind: 'sentence', since: at }, reason: NAME };
  await said(draftOf('correction', subject, content, { corrects: basis }));
  await said(draftOf('custody.handed-over', subject, { handedOverAt: at, officer: NAME }));
  return subject;
}

async function otherBooking({ ledger }: House): Promise<Handle> {
  const opening = bookingOpened();
  recorded(await ledger.append(AGENCY, opening));
  recorded(await ledger.append(AGENCY, draftOf('identity.checked', opening.subject, { identity: 'matched' })));
  return opening.subject;
}

function orderOn(subject: Handle): Order {
  const order = 'Monroe County Court, 26-CF-1, 2026-11-20';
  return { agency: AGENCY, subject, order, actor: 'clerk.one', second: 'clerk.two', request: crypto.randomUUID() };
}

/** A court with a key of its own; it opens what it was given with Node's cryptography and with OpenSSL's command. */
function court({ folder }: TestHouse): { sealTo: SealTo; opened: (sealed: Uint8Array) => Uint8Array[] } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const file = join(folder, 'court.pem');
  writeFileSync(file, publicKey.export({ type: 'spki', format: 'pem' }));
  const sealTo = courtKey(file);
  if (!sealTo.ok) throw new Error(JSON.stringify(sealTo.failures));
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  return {
    sealTo: sealTo.value,
    opened: (sealed) => [
      privateDecrypt({ key: privateKey, ...padding }, sealed),
      ...byOpenssl(folder, privateKey, sealed),
    ],
  };
}

function byOpenssl(folder: string, key: KeyObject, sealed: Uint8Array): Uint8Array[] {
  const file = join(folder, 'court.key');
  writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const options = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'];
  const args = ['pkeyutl', '-decrypt', '-inkey', file, ...options.flatMap((option) => ['-pkeyopt', option])];
  const { status, stdout, error } = spawnSync('openssl', args, { input: sealed });
  if (error !== undefined) {
    console.warn('There is no openssl here: that a court can open its key with it was not tried.');
    return [];
  }
  expect(status).toBe(0);
  return [stdout];
}

function readable(history: readonly EventKept[]): boolean {
  return history.length > 0 && history.every((each) => 'event' in each);
}

function reasons(history: readonly EventKept[]): Set<string> {
  return new Set(history.map((each) => ('event' in each ? 'readable' : each.unreadable)));
}

async function faultsOf({ ports, readCheckpoint }: House): Promise<string[]> {
  const attested = (): Promise<[]> => Promise.resolve([]);
  return (await verifyAgency({ ...ports, readCheckpoint, attested }, AGENCY)).faults.map(({ message }) => message);
}

/** The house's folder, and the database's with its log where it is ours. */
async function placesOf({ folder, url }: TestHouse): Promise<string[]> {
  const [row] = await rowsOf(url, `select current_setting('data_directory') as path`);
  const { path } = row as { path: string };
  return [folder, path, join(dirname(path), 'server.log')].filter((each) => existsSync(each));
}

/** What somebody would look for: the words as they are, and in hexadecimal. */
function marksOf(words: readonly string[]): string[] {
  return words.flatMap((word) => [word, Buffer.from(word).toHex()]);
}

function filesWith(places: readonly string[], sought: readonly string[]): string[] {
  const words = marksOf(sought).flatMap((mark) => ['-e', mark]);
  const { status, stdout, stderr } = spawnSync('grep', ['-rlaiF', ...words, ...places], { encoding: 'utf8' });
  // The server renames and removes files of its own while it runs.
  const unread = stderr.split('\n').filter((line) => line !== '' && !line.includes('No such file'));
  if (status === null || unread.length > 0) throw new Error(`the files could not be searched: ${unread.join('\n')}`);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Tables of which a row says it, as the server shows it: what is compressed on the disk would hide from a search there. */
async function rowsWith(url: string, sought: readonly string[]): Promise<string[]> {
  const tables = await rowsOf(url, `select tablename as name from pg_tables where schemaname = 'public' order by 1`);
  const found: string[] = [];
  for (const { name } of tables as { name: string }[]) {
    const likes = marksOf(sought)
      .map((mark) => `row::text ilike '%${mark}%'`)
      .join(' or ');
    if ((await rowsOf(url, `select 1 from ${name} row where ${likes} limit 1`)).length > 0) found.push(name);
  }
  return found;
}

interface Proofs {
  readonly size: number;
  readonly root: Uint8Array;
  readonly leaves: readonly Uint8Array[];
  readonly inclusion: readonly (readonly Uint8Array[])[];
}

/** What an outsider has asked for and kept: each entry's place under the checkpoint of that day. */
async function proofsOf({ ports: { store } }: House): Promise<Proofs> {
  const head = await store.head(AGENCY);
  if (head === undefined) throw new Error('there is no log');
  const log = publicLog(store, hash);
  const leaves: Uint8Array[] = [];
  for await (const rows of store.entries(AGENCY, 0, head.size)) {
    leaves.push(...rows.map(({ envelope }) => leafHash(envelope, hash)));
  }
  const inclusion = await Promise.all(leaves.map((_, index) => log.inclusion(AGENCY, index, head.size)));
  return { size: head.size, root: head.root, leaves, inclusion };
}

/** All that an adversary may have kept from before: a copy of the database, and even the exact text, salt and all. */
interface Evidence {
  readonly subject: Handle;
  readonly commitment: string;
  readonly ciphertext: Uint8Array;
  readonly guess: Uint8Array;
  readonly keys: Keys;
}

/** Everything in a vault that is opened with the master key. */
interface Keys {
  readonly agency: AgencyKeys;
  readonly others: readonly Uint8Array[];
}

function keysIn({ folder }: TestHouse): Keys {
  const settings = settingsFrom({}, folder);
  const master = settings.master();
  const { body, dataKey } = readVault(settings.vault, () => master, primitives);
  const agency = body.agencies[AGENCY];
  if (agency === undefined) throw new Error('the vault has no keys of the agency');
  return { agency, others: [dataKey, master.key, ...agency.signing.map(({ seed }) => Uint8Array.fromHex(seed))] };
}

async function evidenceOn(house: TestHouse, subject: Handle): Promise<Evidence> {
  const [row] = await house.ports.store.entriesOn(AGENCY, [subject]);
  const key = house.ports.keyring.subjectKey(AGENCY, subject);
  if (row?.ciphertext === undefined || key === undefined) throw new Error('the record is not readable');
  const { agency, sequence, type, commitment } = JSON.parse(Buffer.from(row.envelope).toString()) as Record<
    string,
    string
  >;
  const bound = Buffer.from(JSON.stringify({ agency, sequence, subject, type }));
  const { ciphertext } = row;
  const [nonce, sealed] = [ciphertext.subarray(1, 1 + NONCE_BYTES), ciphertext.subarray(1 + NONCE_BYTES)];
  const guess = primitives.decrypt(hmac(key, Buffer.from('writkeeper/v1/content')), nonce, sealed, bound);
  if (guess === undefined) throw new Error('the record does not open');
  expect(Buffer.from(guess).toString()).toContain(BOOKING);
  return { subject, commitment: commitment ?? '', ciphertext, guess, keys: keysIn(house) };
}

/** Whether any key that follows from these makes the commitment of the guess. */
function confirms({ agency, others }: Keys, { subject, commitment, guess }: Evidence): boolean {
  const tree = Object.entries(agency.tree).map(([path, secret]) => [path, Uint8Array.fromHex(secret)] as const);
  const given = Object.values(agency.given).map((key) => Uint8Array.fromHex(key));
  const derived = tree.flatMap(([path, secret]) => [
    // From each secret as if it stood on the way to this subject, at its own depth and at the top.
    subjectKey(new Map([[subject.slice(0, path.length), secret]]), subject, primitives),
    subjectKey(new Map([['', secret]]), subject, primitives),
    secret,
  ]);
  return [...derived, ...given, ...others].some((key) => {
    if (key === undefined) return false;
    const fromIt = hmac(key, Buffer.from('writkeeper/v1/commitment'));
    return [key, fromIt].some((each) => Buffer.from(hmac(each, guess)).toHex() === commitment);
  });
}
