import { hash } from 'node:crypto';
import { closeSync, fdatasyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { SignedSizes } from '../../app/ledger/ports.ts';

/** A line of this many bytes, so that each write covers the one before. */
const LINE = 128;

/**
 * The last size and root that were signed of each log, in a folder apart from the database: a restored backup must not
 * sign them again. A killed process loses nothing; a power cut loses at most the last second, and the witnesses remember.
 */
export function signedSizesIn(folder: string): SignedSizes & { readonly close: () => void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = new Map<string, number>();
  const unsynced = new Set<number>();
  const sync = (): void => {
    for (const file of unsynced) fdatasyncSync(file);
    unsynced.clear();
  };
  const timer = setInterval(sync, 1000).unref();
  const pathOf = (origin: string): string => join(folder, `${hash('sha256', origin, 'hex').slice(0, 32)}.signed`);
  const last: SignedSizes['last'] = (origin) => {
    const line = readIfThere(pathOf(origin));
    if (line === undefined) return undefined;
    const found = /^(\d{1,16}) ([0-9a-f]{64}) *\n$/.exec(line);
    // Unknown is never yes: what cannot be read may have been any size.
    if (found?.[2] === undefined) return { size: Number.MAX_SAFE_INTEGER, root: '' };
    return { size: Number(found[1]), root: found[2] };
  };
  return {
    last,
    keep: (origin, size, root) => {
      const file = files.get(origin) ?? openSync(pathOf(origin), 'a+', 0o600);
      if (!files.has(origin)) {
        closeSync(file);
        files.set(origin, openSync(pathOf(origin), 'r+'));
      }
      const open = files.get(origin) as number;
      writeSync(open, `${`${size} ${root}`.padEnd(LINE - 1)}\n`, 0);
      unsynced.add(open);
    },
    close: () => {
      clearInterval(timer);
      sync();
      for (const file of files.values()) closeSync(file);
      files.clear();
    },
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
