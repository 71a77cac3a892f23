import { realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { claim, type Claim } from './claim.ts';
import { ensureFolder, passwordOf } from './cluster.ts';
import { EmbeddedPostgresError, fromSystem } from './failure.ts';
import type { Listening } from './listening.ts';
import { DATABASE, placeAt, SUPERUSER, type Place } from './place.ts';
import { query, type Address, type Login } from './probe.ts';
import { bringUp, notAnswering, PAUSE_MS, shutDown } from './server.ts';
import { look } from './sight.ts';

export interface EmbeddedOptions {
  /** Where the data lie, or shall lie. */
  readonly folder: string;
  /** A Unix socket in a private folder; on Windows, 127.0.0.1 with a free port. */
  readonly listen?: Listening['kind'];
  /** How long to wait for a server that another process starts or stops, or that recovers from a crash. */
  readonly patienceMs?: number;
}

/** A running PostgreSQL of our own. Nothing is hooked to this process's end: whoever opened it stops it. */
export interface EmbeddedServer {
  /** A connection URL; by default the superuser's, to the database `writkeeper`. It holds a password: never print it. */
  url(login?: Partial<Login>): string;
  /** Whether this process is the one that will stop the server. */
  readonly owner: boolean;
  /**
   * Starts the server again if it has died, and waits for it. A guest waits for the owner to do so, and becomes the owner
   * where that process is gone. The URL may be another afterwards.
   */
  ensureRunning(): Promise<void>;
  /**
   * Stops the server in order, if this process owns it and no other Writkeeper is at work on it: then it is left running,
   * and the last one stops it. Sessions of other programs end. A guest leaves.
   */
  stop(): Promise<void>;
}

const PATIENCE_MS = 120_000;

interface Standing {
  readonly claim: Claim | undefined;
  readonly address: Address;
}

/**
 * Opens the database in a folder: makes it, starts it, takes over one that a killed Writkeeper left running, or joins
 * the one that another process owns. @throws EmbeddedPostgresError
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  try {
    await ensureFolder(options.folder);
    const place = placeAt(await realpath(options.folder));
    const first = await settle(place, options, undefined);
    return serverOf(place, options, first, await passwordOf(place));
  } catch (error) {
    throw fromSystem(error, options.folder);
  }
}

function serverOf(place: Place, options: EmbeddedOptions, first: Standing, password: string): EmbeddedServer {
  let standing = first;
  let isStopped = false;
  // One thing at a time: a restart in the middle of a stop would leave a server that nobody stops.
  let last: Promise<void> = Promise.resolve();
  const next = (work: () => Promise<void>): Promise<void> => {
    last = last
      .catch(() => undefined)
      .then(work)
      .catch((error: unknown) => Promise.reject(fromSystem(error, place.folder) as Error));
    return last;
  };
  return {
    get owner() {
      return standing.claim !== undefined && !isStopped;
    },
    url: (login = {}) => urlOf(standing.address, { user: SUPERUSER, password, database: DATABASE, ...login }),
    ensureRunning: () =>
      next(async () => {
        if (isStopped) throw alreadyStopped(place);
        standing = await settle(place, options, standing.claim);
      }),
    stop: () =>
      next(async () => {
        if (isStopped) return;
        // Where the owner has left before, the last guest stops it.
        const mine = standing.claim ?? (await claimIfFree(place));
        if (mine !== undefined && !(await isUsedByOthers(standing.address, password))) await shutDown(place);
        await mine?.release();
        isStopped = true;
      }),
  };
}

async function claimIfFree(place: Place): Promise<Claim | undefined> {
  const claiming = await claim(place.folder, async () => (await look(place)).kind !== 'none');
  return claiming.kind === 'ours' ? claiming.claim : undefined;
}

/** How long our own sessions, which have been closed, may still be listed. */
const CLOSING_MS = 500;

/** Whether another Writkeeper has a session. A server that does not answer is nobody's. */
async function isUsedByOthers(address: Address, password: string): Promise<boolean> {
  const login = { user: SUPERUSER, password, database: DATABASE };
  const until = performance.now() + CLOSING_MS;
  for (;;) {
    try {
      const { rows } = await query<{ others: number }>(
        address,
        login,
        `select count(*)::int as others from pg_stat_activity where application_name = 'writkeeper'`,
        { query_timeout: 2000 },
      );
      if (rows[0]?.others === 0) return false;
    } catch {
      return false;
    }
    if (performance.now() > until) return true;
    await sleep(PAUSE_MS);
  }
}

/** Waits until the server answers, as its owner if nobody else is. */
async function settle(place: Place, options: EmbeddedOptions, held: Claim | undefined): Promise<Standing> {
  const until = performance.now() + (options.patienceMs ?? PATIENCE_MS);
  if (held !== undefined) return own(place, options, held, until);
  for (;;) {
    const mine = await claimIfFree(place);
    if (mine !== undefined) return ownOrRelease(place, options, mine, until);
    const sight = await look(place);
    if (sight.kind === 'running' && !sight.isEmpty) {
      return { claim: undefined, address: sight.address };
    }
    if (performance.now() > until) throw notAnswering(place);
    await sleep(PAUSE_MS);
  }
}

async function ownOrRelease(place: Place, options: EmbeddedOptions, mine: Claim, until: number): Promise<Standing> {
  try {
    return await own(place, options, mine, until);
  } catch (error) {
    await mine.release();
    throw error;
  }
}

async function own(place: Place, options: EmbeddedOptions, mine: Claim, until: number): Promise<Standing> {
  const kind = options.listen ?? (process.platform === 'win32' ? 'loopback' : 'socket');
  const { address, isWithin, isEmpty } = await bringUp(place, kind, until);
  if (isEmpty) await createDatabase(place, address);
  if (isWithin) return { claim: mine, address };
  // It runs in another container, whose Writkeeper stops it.
  await mine.release();
  return { claim: undefined, address };
}

async function createDatabase(place: Place, address: Address): Promise<void> {
  const login = { user: SUPERUSER, password: await passwordOf(place), database: 'postgres' };
  await query(address, login, `create database ${DATABASE}`).catch((error: unknown) => {
    throw new EmbeddedPostgresError(
      'init-failed',
      `The server at ${place.cluster} runs, but its database could not be made: ${(error as Error).message}. Try again.`,
      error,
    );
  });
}

/** A socket's folder stands where the host does, escaped, which libpq and node-postgres both read. */
function urlOf({ host, port }: Address, { user, password, database }: Login): string {
  const [who, secret, where] = [user, password, host].map(encodeURIComponent);
  return `postgresql://${who}:${secret}@${where}:${port}/${encodeURIComponent(database)}`;
}

function alreadyStopped(place: Place): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'stopped',
    `The database at ${place.folder} was stopped by this process; open it anew.`,
  );
}
