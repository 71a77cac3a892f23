import { chmod, lstat, mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { give, type Account } from './account.ts';
import type { Place } from './place.ts';

/** How the server is reached. */
export type Listening =
  | { readonly kind: 'socket'; readonly folder: string; readonly port: number }
  | { readonly kind: 'loopback'; readonly port: number };

/** Names the socket's file; no port is opened. */
const SOCKET_PORT = 5432;

/** Socket paths end at 104 bytes on macOS and 108 on Linux (sys/un.h), a zero among them. */
const LONGEST = 103;
const SHORT = 'writkeeper-';

/**
 * A Unix socket in a folder that only the server's user may enter, so that no other user of the machine can so much as
 * try a password, and no port can be taken. Windows has 127.0.0.1 on a free port, which the password alone guards.
 */
export async function chooseListening(
  place: Place,
  kind: Listening['kind'],
  account: Account | undefined,
): Promise<Listening> {
  if (kind === 'loopback') return { kind, port: await freePort() };
  const isShort = Buffer.byteLength(socketIn(place.sockets)) <= LONGEST;
  const folder = isShort ? place.sockets : await shortFolder();
  if (isShort) await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await give(folder, account);
  return { kind, folder, port: SOCKET_PORT };
}

/**
 * Removes what a server that is gone left where it listened. A lock beside the socket names its process, whose id may be
 * another program's by now, and would keep the next server away. Folders that are not ours are left alone.
 */
export async function clearListening(place: Place, folder: string): Promise<void> {
  const isPassing = basename(folder).startsWith(SHORT);
  if (folder !== place.sockets && !isPassing) return;
  if ((await lstat(folder).catch(() => undefined))?.isDirectory() !== true) return;
  await rm(socketIn(folder), { force: true });
  await rm(`${socketIn(folder)}.lock`, { force: true });
  // With something else in it, it is not as we left it, and stays.
  if (isPassing) await rmdir(folder).catch(() => undefined);
}

/** A new name each time: one that can be foretold, another user of the machine could have made before us. */
async function shortFolder(): Promise<string> {
  const base = [tmpdir(), '/tmp'].find((each) => Buffer.byteLength(socketIn(join(each, `${SHORT}XXXXXX`))) <= LONGEST);
  return mkdtemp(join(base ?? '/tmp', SHORT));
}

function socketIn(folder: string): string {
  return join(folder, `.s.PGSQL.${SOCKET_PORT}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
