import { chmod, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unreachable } from '../../../domain/unreachable.ts';
import { demandWayTo, give, serverAccount, type Account } from './account.ts';
import { findBinaries } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import { EmbeddedPostgresError } from './failure.ts';
import { chooseListening, clearListening, type Listening } from './listening.ts';
import type { Place } from './place.ts';
import { readPostmaster } from './postmaster.ts';
import { launch } from './launch.ts';
import { run } from './run.ts';
import { writeSettings } from './settings.ts';
import { look, type Sight } from './sight.ts';

export type Running = Extract<Sight, { kind: 'running' }>;

/** Between two looks. */
export const PAUSE_MS = 100;

const LARGEST_LOG = 4 * 1024 * 1024;
const LINES_SHOWN = 8;

/**
 * Finds the server running, waits for one that starts or stops, or starts it; a first time it makes the cluster too.
 * Only whoever holds the claim on the folder may call this.
 */
export async function bringUp(place: Place, kind: Listening['kind'], until: number): Promise<Running> {
  const account = await serverAccount(place);
  await demandWayTo(place.folder, account);
  for (;;) {
    const sight = await look(place);
    switch (sight.kind) {
      case 'running':
        return sight;
      case 'busy':
        if (performance.now() > until) throw notAnswering(place);
        await sleep(PAUSE_MS);
        break;
      case 'none':
        await clearAway(place, sight);
        await start(place, kind, account, until);
        break;
      default:
        return unreachable(sight);
    }
  }
}

/** Ends the server in order: sessions are broken off, everything is written, and the files say so. */
export async function shutDown(place: Place): Promise<void> {
  const postmaster = await readPostmaster(place);
  if (postmaster === undefined || !postmaster.isAlive) return;
  const account = await serverAccount(place);
  const { pgCtl } = await findBinaries(place, account);
  const { said } = await run(pgCtl, ['stop', '-D', place.cluster, '-m', 'fast', '-w', '-t', '60', '-s'], account);
  if ((await readPostmaster(place))?.isAlive === true) {
    throw new EmbeddedPostgresError(
      'stop-failed',
      `The database at ${place.cluster} did not stop within a minute (${said}). It still runs, as process ${postmaster.pid}; ` +
        `a later stop may succeed.${await lastWords(place, 0)}`,
    );
  }
  await clearListening(place, postmaster.socketFolder);
}

/**
 * Where a process died and left its id, the system may have given the id to another program of the same user; then the
 * server takes that program for itself and will not start. We have looked: no server is on this cluster. Should we err,
 * its shared memory still tells a second server to stay away.
 */
async function clearAway(place: Place, { left }: Extract<Sight, { kind: 'none' }>): Promise<void> {
  if (left === undefined) return;
  await rm(join(place.cluster, 'postmaster.pid'), { force: true });
  await clearListening(place, left.socketFolder);
}

async function start(
  place: Place,
  kind: Listening['kind'],
  account: Account | undefined,
  until: number,
): Promise<void> {
  const binaries = await findBinaries(place, account);
  await ensureCluster(place, binaries, account);
  const before = await prepareLog(place, account);
  const listening = await chooseListening(place, kind, account);
  await writeSettings(place, listening, account);
  const { isLaunched, wasKilled, said } = await launch(place, binaries, account, until);
  if (isLaunched) return;
  if (listening.kind === 'socket') await clearListening(place, listening.folder);
  const words = await lastWords(place, before);
  if (performance.now() < until && (wasKilled === true || willPass(words))) return sleep(PAUSE_MS);
  throw new EmbeddedPostgresError('start-failed', `The database at ${place.cluster} did not start.${said}${words}`);
}

/**
 * What another try mends: children of a killed server that have not yet noticed, a port that somebody took between our
 * asking and its use, or a server that the start of a killed Writkeeper put there at the same moment.
 */
function willPass(words: string): boolean {
  return /pre-existing shared memory block|could not bind IPv4|lock file ".*" already exists/.test(words);
}

/** Makes the log, sets a large one aside, and says where the next words will stand in it. */
async function prepareLog(place: Place, account: Account | undefined): Promise<number> {
  if (((await stat(place.log).catch(() => undefined))?.size ?? 0) > LARGEST_LOG)
    await rename(place.log, `${place.log}.1`);
  const file = await open(place.log, 'a', 0o600);
  const { size } = await file.stat();
  await file.close();
  await chmod(place.log, 0o600);
  await give(place.log, account);
  return size;
}

async function lastWords(place: Place, from: number): Promise<string> {
  const log = (await readFile(place.log).catch(() => Buffer.alloc(0))).subarray(from).toString().trim();
  return log === '' ? '' : ` Its log (${place.log}) ends:\n${log.split('\n').slice(-LINES_SHOWN).join('\n')}`;
}

export function notAnswering(place: Place): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'not-answering',
    `The database at ${place.cluster} is being started or stopped, and was not ready in time. Try again; its log is ${place.log}.`,
  );
}
