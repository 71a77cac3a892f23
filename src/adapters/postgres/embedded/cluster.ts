import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, constants, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { give, giveTree, type Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError, systemCode } from './failure.ts';
import { SETTINGS, STAGING, SUPERUSER, type Place } from './place.ts';
import { run } from './run.ts';

/**
 * Makes the data directory, unless it is there. `initdb` works in a folder beside it, which is renamed when it is done:
 * a power cut or a kill in between leaves rubbish that the next start sweeps away, never a directory that does not start.
 *
 * Only whoever holds the claim on the folder may call this.
 */
export async function ensureCluster(place: Place, binaries: Binaries, account: Account | undefined): Promise<void> {
  await sweep(place);
  const version = await readFile(join(place.cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) {
    await demandEmpty(place);
    return initialise(place, binaries, account);
  }
  if (version.trim() !== binaries.major) throw otherVersion(place, version.trim(), binaries.major);
  // Asked now: a server that started without it would serve nobody.
  await passwordOf(place);
  await giveTree(place.cluster, account);
  // A copy from a backup may have lost it, and the server refuses a folder that others can read.
  await chmod(place.cluster, 0o700);
}

/** The superuser's password. It is made before the cluster, so that there is none without it. */
export async function passwordOf(place: Place): Promise<string> {
  try {
    return (await readFile(place.password, 'utf8')).trim();
  } catch (error) {
    throw new EmbeddedPostgresError(
      'not-permitted',
      `The database's password at ${place.password} cannot be read (${systemCode(error)}). If Writkeeper runs there as ` +
        'another user, run it as that one; if the file is gone, copy it back from the backup of this folder.',
      error,
    );
  }
}

async function sweep(place: Place): Promise<void> {
  for (const name of await readdir(place.folder)) {
    // An `initdb` that outlived its parent may still write there: then it stays until the next start.
    if (name.startsWith(STAGING))
      await rm(join(place.folder, name), { recursive: true, force: true }).catch(() => null);
    // Drafts: a claim that was never linked, a copy of the binaries that was never finished.
    else if (name.startsWith('.owner-') || name.startsWith('.binaries-')) {
      await rm(join(place.folder, name), { recursive: true, force: true });
    }
  }
}

async function initialise(place: Place, binaries: Binaries, account: Account | undefined): Promise<void> {
  const password = await ensurePassword(place);
  const staging = join(place.folder, `${STAGING}${randomUUID()}`);
  await mkdir(staging, { mode: 0o700 });
  const [cluster, passwordFile] = [join(staging, 'cluster'), join(staging, 'password')];
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await give(passwordFile, account);
  await give(staging, account);
  const { code, said } = await run(binaries.initdb, initdbArguments(cluster, passwordFile), account);
  if (code !== 0) {
    await rm(staging, { recursive: true, force: true });
    throw new EmbeddedPostgresError('init-failed', `The database at ${place.cluster} could not be made: ${said}`);
  }
  await includeSettings(join(cluster, 'postgresql.conf'));
  await rename(cluster, place.cluster);
  await flush(place.folder);
  await rm(staging, { recursive: true, force: true });
}

/** The account can write there: a link in the file's place is not followed. (Windows has no such flag, and no root.) */
async function includeSettings(path: string): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW);
  try {
    await file.writeFile(`\ninclude '${SETTINGS}'\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Bytes sort and compare alike on every system: the provider is PostgreSQL's own, which no upgrade of the system changes. */
function initdbArguments(cluster: string, passwordFile: string): string[] {
  return [
    `--pgdata=${cluster}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
  ];
}

async function ensurePassword(place: Place): Promise<string> {
  if ((await stat(place.password).catch(() => undefined)) === undefined) {
    const draft = `${place.password}.${randomUUID()}`;
    await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    await flush(draft);
    await rename(draft, place.password);
  }
  return passwordOf(place);
}

/** An empty folder may be there, such as a mounted volume; it is replaced. */
async function demandEmpty(place: Place): Promise<void> {
  const entries = await readdir(place.cluster).catch(() => []);
  if (entries.length === 0) return;
  throw new EmbeddedPostgresError(
    'no-cluster',
    `${place.cluster} holds files and is no PostgreSQL data directory (PG_VERSION is missing). Nothing was changed. ` +
      'Restore it from a backup, or move it away to begin anew.',
  );
}

/** Readable for nobody else; as root others may pass through, since the server's account must reach its own folder. */
export async function ensureFolder(folder: string): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  await mkdir(folder, { recursive: true, mode: isRoot ? 0o711 : 0o700 });
  if (isRoot) await chmod(folder, 0o711);
}

async function flush(path: string): Promise<void> {
  // Windows cannot open a folder; its file system logs the rename itself.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function otherVersion(place: Place, theirs: string, ours: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'other-version',
    `The database at ${place.cluster} was written by PostgreSQL ${theirs}, and this Writkeeper brings ${ours}. Nothing was ` +
      `changed. Dump it with the earlier Writkeeper and load the dump into a new folder.`,
  );
}
