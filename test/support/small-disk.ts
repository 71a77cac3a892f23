import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  rmdirSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TestServer } from './databases.ts';
import { rowsOf } from './embedded.ts';

/** A file system of a few megabytes in memory (tmpfs), which a test fills to its last byte. */
export interface SmallDisk {
  readonly folder: string;
  readonly fill: () => void;
  readonly free: () => void;
  readonly remove: () => void;
}

/** Only root may mount one. CI runs as root; elsewhere what needs it is left out, and says so. */
export function canMount(): boolean {
  if (process.geteuid?.() === 0 && process.platform === 'linux') return true;
  if (process.env['CI'] !== undefined) throw new Error('CI must run as root on Linux: a small disk has to be mounted');
  console.warn('Only root may mount a small disk: tests of a full disk are left out.');
  return false;
}

export function smallDisk(size: string): SmallDisk {
  const folder = mkdtempSync('/tmp/wk-disk-');
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0711`, 'tmpfs', folder]);
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: () => fill(ballast),
    free: () => rmSync(ballast, { force: true }),
    remove: () => {
      // A server that has just dropped what lay there may not have closed its files yet: the mount goes with the last.
      execFileSync('umount', ['--lazy', folder]);
      rmdirSync(folder);
    },
  };
}

function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (const bytes of [Buffer.alloc(65_536, 1), Buffer.alloc(4096, 1)]) writeUntilFull(file, bytes);
  } finally {
    closeSync(file);
  }
}

function writeUntilFull(file: number, bytes: Uint8Array): void {
  try {
    for (;;) writeSync(file, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

/** A server whose next database lies on a disk of its own. Its write-ahead log stays on the machine's. */
export function onDisk(server: TestServer, { folder }: SmallDisk): TestServer {
  return {
    name: server.name,
    fresh: async () => {
      const database = await server.fresh();
      const admin = new URL(database.url);
      const name = admin.pathname.slice(1);
      admin.pathname = '/postgres';
      const [row] = await rowsOf(admin.href, `select current_setting('data_directory') as path`);
      const { uid, gid } = statSync((row as { path: string }).path);
      const place = mkdtempSync(join(folder, 'space-'));
      chownSync(place, uid, gid);
      chmodSync(place, 0o700);
      await rowsOf(admin.href, `create tablespace ${name} location '${place}'`);
      await rowsOf(admin.href, `alter database ${name} set tablespace ${name}`);
      return {
        url: database.url,
        drop: async () => {
          await database.drop();
          await rowsOf(admin.href, `drop tablespace ${name}`);
        },
      };
    },
  };
}
