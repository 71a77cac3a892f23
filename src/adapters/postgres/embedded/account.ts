import { chown, lchown, readdir, stat } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { EmbeddedPostgresError } from './failure.ts';
import type { Place } from './place.ts';
import { run } from './run.ts';

/** A system user under whom the server runs. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL's own user first; `nobody` is on every system. */
const CANDIDATES = ['postgres', '_postgres', 'writkeeper', 'nobody'];

/**
 * Under whom the server must run: PostgreSQL refuses to run as root, so root lends it to an unprivileged user; anybody
 * else runs it themselves (`undefined`). Data that are there already stay with the user who has them.
 */
export async function serverAccount(place: Place): Promise<Account | undefined> {
  const ours = process.geteuid?.();
  const owner = await ownerOf(place.cluster);
  if (ours !== 0) {
    if (ours !== undefined && owner !== undefined && owner.uid !== ours) throw notOurs(place, owner.uid, ours);
    return undefined;
  }
  if (owner !== undefined && owner.uid !== 0) return { name: `user ${owner.uid}`, ...owner };
  for (const name of CANDIDATES) {
    const account = await find(name);
    if (account !== undefined) return account;
  }
  throw new EmbeddedPostgresError(
    'no-system-user',
    `PostgreSQL refuses to run as root, and none of the users ${CANDIDATES.join(', ')} exists here. ` +
      'Make one ("useradd --system writkeeper"), run Writkeeper as an ordinary user, or set DATABASE_URL.',
  );
}

/** @throws EmbeddedPostgresError where the account cannot enter a folder on the way, the outermost one named. */
export async function demandWayTo(folder: string, account: Account | undefined): Promise<void> {
  if (account === undefined) return;
  const closed = await closedOnTheWay(folder, account);
  if (closed === undefined) return;
  throw new EmbeddedPostgresError(
    'closed-folder',
    `The database's files lie at ${folder}, but the server runs as ${account.name}, who cannot enter ${closed}. ` +
      `Choose a data folder elsewhere (for example /var/lib/writkeeper), or run "chmod o+x ${closed}", or run Writkeeper ` +
      'as an ordinary user.',
  );
}

/** The outermost folder that the account cannot enter. The system is asked, since modes alone do not tell (ACLs, mounts). */
export async function closedOnTheWay(folder: string, account: Account): Promise<string | undefined> {
  const way = [folder];
  for (let at = folder; at !== parse(at).root; at = dirname(at)) way.unshift(dirname(at));
  const script = 'for d in "$@"; do test -x "$d" || { printf %s "$d"; exit 9; }; done';
  const { code, said } = await run('/bin/sh', ['-c', script, 'sh', ...way], account);
  if (code === 0) return undefined;
  if (code === 9) return said;
  throw new EmbeddedPostgresError('no-system-user', `Nothing can be run as ${account.name} here: ${said}`);
}

export async function give(path: string, account: Account | undefined): Promise<void> {
  if (account !== undefined) await chown(path, account.uid, account.gid);
}

/** Gives a whole tree, such as one that root copied back from a backup. Only for a cluster on which no server runs. */
export async function giveTree(path: string, account: Account | undefined): Promise<void> {
  if (account === undefined || (await stat(path)).uid === account.uid) return;
  for (const entry of await readdir(path, { recursive: true })) {
    await lchown(join(path, entry), account.uid, account.gid);
  }
  await give(path, account);
}

async function ownerOf(path: string): Promise<{ uid: number; gid: number } | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? undefined : { uid: found.uid, gid: found.gid };
}

async function find(name: string): Promise<Account | undefined> {
  const [uid, gid] = [
    await run('/usr/bin/id', ['-u', name], undefined),
    await run('/usr/bin/id', ['-g', name], undefined),
  ];
  if (uid.code !== 0 || gid.code !== 0) return undefined;
  return { name, uid: Number(uid.said), gid: Number(gid.said) };
}

function notOurs(place: Place, owner: number, ours: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'not-permitted',
    `The database at ${place.cluster} belongs to user ${owner}, and Writkeeper runs as user ${ours}. Run it as the same ` +
      `user as before, or give the folder to this one ("chown -R ${ours} ${place.folder}" as root, while nothing runs on it).`,
  );
}
