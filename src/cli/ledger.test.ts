import { generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { databases, type FreshDatabase } from '../../test/support/databases.ts';
import { rowsOf } from '../../test/support/embedded.ts';
import { AGENCY, MIGRATIONS } from '../../test/support/house.ts';
import { listen } from '../adapters/http/server.ts';
import { ledgerPorts } from '../main/ledger-ports.ts';
import { witnessPorts } from '../main/witness-ports.ts';
import type { CliContext } from './context.ts';
import { keysCommand } from './keys.ts';
import { ledgerCommand } from './ledger.ts';
import { subjectCommand } from './subject.ts';
import { witnessCommand } from './witness.ts';

/** Commands run as from a shell, with a recorder in the terminal's place: everything behind them is real. */
interface Run {
  readonly out: string;
  readonly err: string;
  readonly exit: number;
}

async function run(make: (context: CliContext) => Command, ...args: string[]): Promise<Run> {
  let [out, err, exit] = ['', '', 0];
  const context: CliContext = {
    out: (text) => (out += text),
    err: (text) => (err += text),
    room: () => Promise.resolve(),
    showsProgress: false,
    exitWith: (code) => (exit = code),
  };
  const command = make(context);
  await command.exitOverride().parseAsync(args, { from: 'user' });
  return { out, err, exit };
}

const HOME = dirname(MIGRATIONS);

const ledger = (...args: string[]): Promise<Run> =>
  run((context) => ledgerCommand(context, ledgerPorts(context, HOME)), ...args);
const subject = (...args: string[]): Promise<Run> =>
  run((context) => subjectCommand(context, ledgerPorts(context, HOME)), ...args);
const keys = (...args: string[]): Promise<Run> =>
  run((context) => keysCommand(context, ledgerPorts(context, HOME)), ...args);
const witness = (...args: string[]): Promise<Run> => run((context) => witnessCommand(context, witnessPorts()), ...args);

describe.each(databases())('the record from the command line, $name', (server) => {
  let database: FreshDatabase;
  let folder: string;
  const path = (name: string): string => join(folder, name);
  const file = (name: string, text: string): string => {
    writeFileSync(path(name), text);
    return path(name);
  };
  const opened = JSON.stringify({
    agency: AGENCY,
    type: 'booking.opened',
    actor: 'clerk.one',
    content: {
      booking: '2026-000123',
      jurisdiction: 'us/fl/monroe-county',
      facility: { id: 'main-jail', agency: AGENCY, kind: 'jail', timeZone: 'America/New_York' },
    },
  });

  beforeAll(async () => {
    database = await server.fresh();
    folder = mkdtempSync(join(tmpdir(), 'writkeeper-cli-'));
    chmodSync(folder, 0o711);
    vi.stubEnv('DATABASE_URL', database.url);
    vi.stubEnv('WRITKEEPER_DATA', path('data'));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says that there is no ledger before there is one', async () => {
    expect(await ledger('verify')).toMatchObject({ exit: 0, out: 'There is no ledger yet.\n' });
  });

  it('records events, each under a signed checkpoint, and finds nothing wrong', async () => {
    const { out, exit } = await ledger('append', file('events', `${opened}\n\n${opened}\n`));
    expect(exit).toBe(0);
    const [first, second] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect([first?.['sequence'], second?.['sequence']]).toEqual([0, 1]);
    expect(second?.['checkpoint']).toContain(`localhost/${AGENCY}\n2\n`);
    const verified = await ledger('verify');
    expect(verified).toMatchObject({ exit: 0, err: '' });
    expect(verified.out).toContain(`✓ ${AGENCY}: 2 entries`);
    expect(await ledger('rebuild', '--check')).toMatchObject({
      exit: 0,
      out: `${AGENCY}: 2 subjects, 0 differ, 0 unreadable\n`,
    });
  });

  it('names the line of an event that is none, keeps those before it, and takes none after it', async () => {
    const { exit, err, out } = await ledger('append', file('events', `${opened}\n{"agency":"x"}\n${opened}\n`));
    expect(exit).toBe(2);
    expect(err).toContain('events:2: agency: is no agency');
    expect(out.trim().split('\n')).toHaveLength(1);
    expect((await ledger('append', file('events', 'no json'))).err).toContain('events:1: is no JSON');
    expect((await ledger('append', path('missing'))).exit).toBe(2);
  });

  it('shows what is recorded of one subject', async () => {
    const handle = await recordedHandle();
    const { out } = await ledger('show', AGENCY, handle);
    expect(out).toContain('2026-000123');
    expect((await ledger('show', AGENCY, '0'.repeat(32))).exit).toBe(2);
    expect((await ledger('show', AGENCY, 'Maria')).err).toContain('is no handle');
  });

  it('puts nothing on record that another command has to do first', async () => {
    const rotated = { agency: AGENCY, type: 'key.rotated', actor: 'a.one', content: { second: 'b.two' } };
    const { exit, err } = await ledger('append', file('rotated', JSON.stringify(rotated)));
    expect(exit).toBe(2);
    expect(err).toContain('type: key.rotated is what "writkeeper keys rotate-signing" puts on record');
  });

  it('knows no log of an agency that is misspelt, and makes no keys for it', async () => {
    const { exit, err, out } = await ledger('verify', '--agency', 'us/fl/monroe-conty/sheriff');
    expect([exit, out]).toEqual([2, '']);
    expect(err).toContain(`us/fl/monroe-conty/sheriff: has no log here; there is one of ${AGENCY}`);
  });

  it('is exported, verified by its key alone, and found out where a byte of the copy is changed', async () => {
    const key = (await ledger('key', AGENCY)).out.trim();
    expect(await ledger('export', AGENCY, path('copy'))).toMatchObject({ exit: 0 });
    expect((await ledger('export', AGENCY, path('copy'))).err).toContain('is not empty');
    expect(await ledger('verify', '--log', path('copy'), '--key', key)).toMatchObject({ exit: 0 });
    expect((await ledger('verify', '--log', path('copy'))).err).toContain('--key: is missing');
    const bundle = join(path('copy'), 'tile', 'entries', readdirSync(join(path('copy'), 'tile', 'entries'))[0] ?? '');
    const partial = join(bundle, readdirSync(bundle)[0] ?? '');
    const bytes = readFileSync(partial);
    const digit = bytes.indexOf('"commitment":"') + 20;
    bytes.write(bytes[digit] === 'f'.charCodeAt(0) ? 'e' : 'f', digit);
    writeFileSync(partial, bytes);
    const found = await ledger('verify', '--log', path('copy'), '--key', key);
    expect(found.exit).toBe(1);
    expect(found.out).toContain('entry-altered: entry 0 ');
  });

  it('is watched by a witness, which the verifier then holds it against', async () => {
    const key = (await ledger('key', AGENCY)).out.trim();
    await ledger('export', AGENCY, path('served'));
    const watch = (log: string): Promise<Run> =>
      witness('--log', path(log), '--log-key', key, '--folder', path('witness'), '--name', 'board.example', '--once');
    const cosigned = await watch('served');
    expect(cosigned.exit).toBe(0);
    expect(cosigned.out).toMatch(/cosigned at \d+ entries/);
    const [, witnessKey = ''] = /^witness key: (.+)$/m.exec(cosigned.out) ?? [];
    const memory = readdirSync(path('witness')).find((name) => name.endsWith('.checkpoint')) ?? '';
    const verified = await ledger('verify', '--witness', join(path('witness'), memory), '--witness-key', witnessKey);
    expect(verified).toMatchObject({ exit: 0 });
    expect(verified.out).toContain('the witness board.example');
    // Yesterday's copy: the witness has seen more.
    await ledger('append', file('events', opened));
    await ledger('export', AGENCY, path('later'));
    expect((await watch('later')).out).toContain('cosigned at');
    const older = await watch('served');
    expect(older.exit).toBe(1);
    expect(older.err).toContain('its tail was cut, or an old copy was restored');
  });

  it('looks at a witness by its address alone, and lets no second witness have its folder', async () => {
    const key = (await ledger('key', AGENCY)).out.trim();
    await ledger('export', AGENCY, path('shown'));
    const watch = (...more: string[]): Promise<Run> =>
      witness('--log', path('shown'), '--log-key', key, '--folder', path('board'), '--name', 'board.example', ...more);
    const cosigned = await watch('--once');
    const [, witnessKey = ''] = /^witness key: (.+)$/m.exec(cosigned.out) ?? [];
    const open = witnessPorts().open({
      ...{ log: [path('shown')], logKey: [key], name: 'board.example', folder: path('board'), every: 60 },
    });
    if (!open.ok) throw new Error(JSON.stringify(open.failures));
    const server = await listen(open.value.routes, '127.0.0.1', 0);
    const address = `http://127.0.0.1:${server.port}/`;
    const verified = await ledger('verify', '--witness', address, '--witness-key', witnessKey);
    expect([verified.exit, verified.out]).toEqual([0, expect.stringContaining('the witness board.example')]);
    const outside = await ledger(
      ...['verify', '--log', path('shown'), '--key', key, '--witness', address, '--witness-key', witnessKey],
    );
    expect(outside.exit).toBe(0);
    expect((await ledger('push', AGENCY, '--witness', address, '--witness-key', witnessKey)).exit).toBe(0);
    expect((await ledger('verify')).out).toContain('1 cosignatures not read: give their witnesses');
    expect((await ledger('verify', '--witness-key', witnessKey)).exit).toBe(0);
    await rowsOf(
      database.url,
      'alter table cosignature disable trigger all; update cosignature set line = overlay(line placing chr(65) from 60); alter table cosignature enable trigger all',
    );
    const forged = await ledger('verify', '--witness-key', witnessKey);
    expect([forged.exit, forged.out]).toEqual([
      1,
      expect.stringContaining('cosignature-forged: the cosignature of board'),
    ]);
    await rowsOf(
      database.url,
      'alter table cosignature disable trigger all; delete from cosignature; alter table cosignature enable trigger all',
    );
    const second = await watch('--once');
    expect([second.exit, second.err]).toEqual([2, expect.stringContaining('another witness runs on this folder')]);
    await server.close();
    open.value.close();
    expect((await watch('--once')).exit).toBe(0);
  });

  it('has a witness that lost its memory of a log, or whose memory was damaged, cosign nothing more of it', async () => {
    const key = (await ledger('key', AGENCY)).out.trim();
    await ledger('export', AGENCY, path('seen'));
    const watch = (): Promise<Run> =>
      witness(
        ...['--log', path('seen'), '--log-key', key, '--folder', path('court'), '--name', 'court.example', '--once'],
      );
    expect((await watch()).exit).toBe(0);
    const memory = path(join('court', readdirSync(path('court')).find((name) => name.endsWith('.checkpoint')) ?? ''));
    const kept = readFileSync(memory, 'utf8');
    writeFileSync(memory, kept.slice(0, 20));
    const damaged = await watch();
    expect([damaged.exit, damaged.err]).toEqual([2, expect.stringContaining('this is no checkpoint')]);
    rmSync(memory);
    const lost = await watch();
    expect([lost.exit, lost.err]).toEqual([
      2,
      expect.stringContaining(`what was cosigned of localhost/${AGENCY} is not`),
    ]);
    writeFileSync(memory, kept);
    expect((await watch()).exit).toBe(0);
  });

  it('makes no keys where it only looks, and records nothing that has not happened yet', async () => {
    const misspelt = 'us/fl/monroe-conty/sheriff';
    for (const looked of [await ledger('key', misspelt), await ledger('show', misspelt, '0'.repeat(32))]) {
      expect([looked.exit, looked.err]).toEqual([2, expect.stringContaining(`there are some of ${AGENCY}`)]);
    }
    expect((await ledger('key', misspelt)).exit).toBe(2);
    const early = { ...(JSON.parse(opened) as object), occurredAt: '2099-01-01T00:00:00Z' };
    const future = file('future', JSON.stringify(early));
    const refused = await ledger('append', future);
    expect([refused.exit, refused.err]).toEqual([2, expect.stringContaining('occurredAt: says 2099-01-01')]);
  });

  it('says where a line is no JSON, and nothing of what it says', async () => {
    const broken = file('broken', '{"agency":"us/fl/x","content":{"name":Jane Roe born 1980}}');
    const refused = await ledger('append', broken);
    expect([refused.exit, refused.err]).toEqual([2, expect.stringContaining('broken:1: is no JSON; look for')]);
    expect(refused.err).not.toMatch(/Jane|Roe/);
  });

  it('gives a misspelt agency no keys by what fails, or by what needs a record', async () => {
    const misspelt = 'us/fl/monroe-conty/sheriff';
    const people = ['--by', 'records.one', '--second', 'counsel'];
    const order = ['--order', 'Circuit Court, 2026-CF-12', ...people];
    const failing = file(
      'failing',
      JSON.stringify({ ...(JSON.parse(opened) as object), agency: misspelt, content: {} }),
    );
    for (const refused of [
      await ledger('append', failing),
      await subject('expunge', misspelt, '0'.repeat(32), ...order),
      await keys('rotate-signing', misspelt, ...people),
    ])
      expect(refused.exit).toBe(2);
    expect((await ledger('append', failing)).err).toContain('content.booking: is missing; this kind of event');
    expect((await ledger('key', misspelt)).err).toContain(`there are some of ${AGENCY}`);
  });

  it('expunges by two people, so that nothing can be read and everything verifies', async () => {
    const handle = await recordedHandle();
    const order = ['--order', 'Circuit Court, 2026-CF-12, 2026-11-20', '--by', 'records.one'];
    expect((await subject('expunge', AGENCY, handle, ...order, '--second', 'Records.One')).err).toContain(
      'is the same person',
    );
    expect((await subject('expunge', AGENCY, handle, ...order, '--second', 'counsel')).exit).toBe(0);
    expect((await ledger('show', AGENCY, handle)).out).not.toContain('2026-000123');
    expect((await subject('expunge', AGENCY, handle, ...order, '--second', 'counsel')).err).toContain(
      'was expunged already',
    );
    expect(await ledger('verify')).toMatchObject({ exit: 0 });
    expect(await ledger('rebuild', '--check')).toMatchObject({ exit: 0 });
  });

  it('seals to a court, which can give the record back and nobody else can', async () => {
    const handle = await recordedHandle();
    const court = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const pem = file('court.pem', court.publicKey.export({ type: 'spki', format: 'pem' }));
    const order = ['--order', 'Juvenile Court, 2026-J-7', '--by', 'records.one', '--second', 'counsel'];
    expect((await subject('seal', AGENCY, handle, ...order, '--court-key', file('no.pem', 'none'))).err).toContain(
      'RSA public key',
    );
    expect((await subject('seal', AGENCY, handle, ...order, '--court-key', pem)).exit).toBe(0);
    expect((await ledger('show', AGENCY, handle)).out).toContain('"unreadable":"key-destroyed"');
    const sealed = Buffer.from((await subject('sealed-key', AGENCY, handle)).out, 'base64');
    const key = privateDecrypt({ key: court.privateKey, oaepHash: 'sha256' }, sealed).toString('hex');
    const unseal = (given: string): Promise<Run> =>
      subject('unseal', AGENCY, handle, ...order, '--key-file', file('court.key', `${given}\n`));
    expect((await unseal('0'.repeat(64))).err).toContain('not the key of that record');
    expect((await unseal(key)).exit).toBe(0);
    expect((await ledger('show', AGENCY, handle)).out).toContain('2026-000123');
    expect(await ledger('rebuild', '--check')).toMatchObject({ exit: 0 });
    expect(await ledger('verify')).toMatchObject({ exit: 0 });
  });

  async function recordedHandle(): Promise<string> {
    const { out } = await ledger('append', file('events', opened));
    return (JSON.parse(out) as { subject: string }).subject;
  }
});
