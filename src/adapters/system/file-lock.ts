import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Takes a file for this process alone, by a lock of the kernel's: it goes with the process however that ends, holds
 * between containers that share a folder, and has no abandoned state to guess about. Node cannot lock a file by itself;
 * the SQLite that it brings does, and nothing is ever kept in the file.
 * @returns undefined where somebody else has it. @throws Error where the file cannot be made or read.
 */
export function tryLock(path: string): (() => void) | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = new DatabaseSync(path, { timeout: 0 });
  try {
    chmodSync(path, 0o600);
    file.exec('begin exclusive');
  } catch (error) {
    file.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  held.add(file);
  return () => {
    held.delete(file);
    file.close();
  };
}

/** What nobody refers to is collected, and its lock with it. */
const held = new Set<DatabaseSync>();

/** https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;
