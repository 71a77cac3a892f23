import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rebuild } from '../../src/app/ledger/rebuild.ts';
import { verifyAgency } from '../../src/app/ledger/verify.ts';
import type { Draft } from '../../src/domain/record/event.ts';
import { openHouse, type House } from '../../src/main/house.ts';
import { settingsFrom } from '../../src/main/settings.ts';
import { AGENCY, MIGRATIONS } from './house.ts';
import { randomFrom, type Random } from './random.ts';

/** What a run of kills came to. Everything but the counts must be empty. */
export interface KillRun {
  readonly kills: { readonly app: number; readonly database: number; readonly both: number };
  readonly acknowledged: number;
  /** Acknowledged requests whose entry is not there, or not at the sequence that was told. */
  readonly lost: readonly string[];
  /** Entries that nobody has asked for, or a second one of the same request. */
  readonly unasked: readonly string[];
  /** Sequences after which one is missing. */
  readonly gaps: readonly number[];
  readonly faults: readonly string[];
  readonly projections: readonly string[];
  readonly refused: readonly string[];
}

type Line =
  | { readonly asks: Draft }
  | { readonly has: string; readonly sequence: number }
  | { readonly alarm: string }
  | { readonly wrong: object };

/** Acknowledged events after a start or a kill within this time, or the run has failed. */
const PATIENCE_MS = 120_000;

/**
 * Kills a Writkeeper under load, or its PostgreSQL, or both, at moments that a seed chooses, and starts it again where it
 * is gone; then holds what is on record against what was acknowledged.
 */
export async function killRun(count: number, seed: number): Promise<KillRun> {
  const random = randomFrom(seed);
  const home = mkdtempSync('/tmp/wk-kill-');
  // As root the server is another user, who must come through.
  chmodSync(home, 0o711);
  const kills = { app: 0, database: 0, both: 0 };
  let child: Child | undefined;
  try {
    while (kills.app + kills.database + kills.both < count) {
      child = child?.isRunning() === true ? child : start(home, random);
      await chosenMoment(child, random, kills.app + kills.both === 0);
      const victim = random.pick(['app', 'database', 'both'] as const);
      if (victim !== 'app' && !killDatabase(home)) continue;
      if (victim === 'database') child.hasLostDatabase();
      else await child.kill();
      kills[victim] += 1;
    }
    do child = child?.isRunning() === true ? child : start(home, random);
    while (!(await child.ends()));
    return { kills, ...(await heldAgainst(home)) };
  } finally {
    await child?.kill();
    killDatabase(home);
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

/** Mostly in the middle of appends; now and then while it starts, recovers or brings its schema up to date. */
async function chosenMoment(child: Child, random: Random, isFirst: boolean): Promise<void> {
  if (!isFirst && random.chance(0.2)) return sleep(random.between(0, 800));
  await child.acknowledgesMore();
  await sleep(random.between(0, 250));
}

interface Child {
  /** @throws where it ended and had no reason to. */
  readonly isRunning: () => boolean;
  /** Waits until it has. It may end where its database was killed while it started: whoever keeps it starts it again. */
  readonly acknowledgesMore: () => Promise<void>;
  readonly hasLostDatabase: () => void;
  readonly kill: () => Promise<void>;
  /** Lets it finish what it has asked for, and end. False: it gave up at its start, and is to be started again. */
  readonly ends: () => Promise<boolean>;
}

function start(home: string, random: Random): Child {
  const heard = linesIn(home);
  writeFileSync(join(home, 'unheard.json'), JSON.stringify(unheardIn(heard)));
  const out = openSync(join(home, 'said.ndjson'), 'a');
  const args = [join(home, 'data'), String(random.between(2, 8)), join(home, 'unheard.json')];
  const child = spawn(process.execPath, [join(import.meta.dirname, 'house-child.ts'), ...args], {
    stdio: ['pipe', out, 'inherit'],
  });
  closeSync(out);
  const atStart = acknowledgedIn(home);
  let mayGiveUp = false;
  let wasKilled = false;
  const gaveUp = (): boolean => {
    if (isAlive(child) || child.exitCode === 0) return false;
    if (mayGiveUp && acknowledgedIn(home) === atStart) return true;
    throw new Error(`the process ended by itself (${child.exitCode ?? child.signalCode})`);
  };
  return {
    isRunning: () => {
      if (!isAlive(child) && !wasKilled) gaveUp();
      return isAlive(child);
    },
    acknowledgesMore: async () => {
      const before = acknowledgedIn(home);
      const until = performance.now() + PATIENCE_MS;
      while (acknowledgedIn(home) === before && !gaveUp()) {
        if (performance.now() > until) throw new Error('nothing was acknowledged for two minutes');
        await sleep(10);
      }
    },
    hasLostDatabase: () => (mayGiveUp = true),
    kill: async () => {
      if (!isAlive(child)) return;
      wasKilled = true;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    ends: async () => {
      child.stdin?.end();
      if (isAlive(child)) await once(child, 'exit');
      return !gaveUp();
    },
  };
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** False: there is none at this moment. */
function killDatabase(home: string): boolean {
  try {
    const [pid = ''] = readFileSync(join(home, 'data', 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n');
    return process.kill(Number(pid), 'SIGKILL');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** A killed process may have been ended in the middle of its last line, which then says nothing. */
function linesIn(home: string): Line[] {
  const text = readIfThere(join(home, 'said.ndjson'));
  return text.split('\n').flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as Line] : []));
}

function acknowledgedIn(home: string): number {
  return readIfThere(join(home, 'said.ndjson')).split('\n{"has":').length;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function unheardIn(lines: readonly Line[]): Draft[] {
  const acknowledged = new Set(lines.flatMap((line) => ('has' in line ? [line.has] : [])));
  return lines.flatMap((line) => ('asks' in line && !acknowledged.has(line.asks.request) ? [line.asks] : []));
}

async function heldAgainst(home: string): Promise<Omit<KillRun, 'kills'>> {
  const lines = linesIn(home);
  const asked = new Set(lines.flatMap((line) => ('asks' in line ? [line.asks.request] : [])));
  const house = await openHouse(settingsFrom({}, join(home, 'data')), MIGRATIONS, () => undefined);
  try {
    const { sequences, requests } = await entriesOf(house);
    const attested = (): Promise<[]> => Promise.resolve([]);
    const { faults } = await verifyAgency({ ...house.ports, ...house, attested }, AGENCY);
    const { different, unreadable } = await rebuild(house.ports, AGENCY, false);
    const has = lines.flatMap((line) => ('has' in line ? [line] : []));
    return {
      acknowledged: new Set(has.map((line) => line.has)).size,
      lost: has.filter((line) => requests.get(line.has) !== line.sequence).map((line) => line.has),
      unasked: [...requests.keys()].filter((request) => !asked.has(request)),
      gaps: sequences.filter((sequence, index) => sequence !== index),
      faults: faults.map(({ message }) => message),
      projections: [...different, ...unreadable],
      refused: [
        ...lines.flatMap((line) => ('wrong' in line ? [JSON.stringify(line)] : [])),
        ...unheardIn(lines).map(({ request }) => `${request} was never heard of again`),
        ...(requests.size === sequences.length ? [] : ['a request made two entries']),
      ],
    };
  } finally {
    await house.close();
  }
}

async function entriesOf({ ports }: House): Promise<{ sequences: number[]; requests: Map<string, number> }> {
  const sequences: number[] = [];
  const requests = new Map<string, number>();
  for await (const rows of ports.store.entries(AGENCY, 0, Number.MAX_SAFE_INTEGER)) {
    for (const { sequence, request } of rows) {
      sequences.push(sequence);
      requests.set(request, sequence);
    }
  }
  return { sequences, requests };
}

/** The seed of a run: `WRITKEEPER_KILL_SEED` chooses the same moments again, as far as a machine keeps time. */
export function killSeed(): number {
  const seed = Number(process.env['WRITKEEPER_KILL_SEED'] ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  console.log(`kills: WRITKEEPER_KILL_SEED=${seed}`);
  return seed;
}

/** What a run must come to, whatever was killed. */
export const UNHARMED = { lost: [], unasked: [], gaps: [], faults: [], projections: [], refused: [] } as const;
