import { hash } from 'node:crypto';
import { closeSync, fdatasyncSync, mkdirSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createDurably } from '../system/durable.ts';
import { StoreUnavailable, type SignedSizes } from '../../app/ledger/ports.ts';

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
  const paths = new Map<string, string>();
  const pathOf = (origin: string): string => {
    const path = paths.get(origin) ?? join(folder, `${hash('sha256', origin, 'hex').slice(0, 32)}.signed`);
    paths.set(origin, path);
    return path;
  };
  const buffer = Buffer.alloc(LINE);
  // Asked at every append: where the file is open already, one call to the system is enough.
  const textOf = (path: string): string | undefined => {
    const file = files.get(path);
    return file === undefined ? readIfThere(path) : buffer.toString('latin1', 0, readSync(file, buffer, 0, LINE, 0));
  };
  const last: SignedSizes['last'] = (origin) => {
    const line = textOf(pathOf(origin));
    if (line === undefined) return undefined;
    const found = /^(\d{1,16}) ([0-9a-f]{64}) *\n$/.exec(line);
    // Unknown is never yes: what cannot be read may have been any size.
    if (found?.[2] === undefined) return 'damaged';
    return { size: Number(found[1]), root: found[2] };
  };
  const write = (path: string, line: string): void => {
    const file = files.get(path) ?? openSync(path, 'r+');
    files.set(path, file);
    for (let done = 0; done < line.length;) done += writeSync(file, line.slice(done), done);
    unsynced.add(file);
  };
  return {
    last,
    keep: (origin, size, root) => {
      const path = pathOf(origin);
      const line = `${`${size} ${root}`.padEnd(LINE - 1)}\n`;
      try {
        // The first line comes with its file: an empty one, left by a kill, could have been any size.
        const found = last(origin);
        if (found === undefined && createDurably(path, line)) return;
        const kept = found ?? last(origin);
        // Two houses may come here in either order, and the list never goes back. Nor is a damaged line written over: it may
        // have been of a larger size.
        if (kept === 'damaged' || (kept !== undefined && kept.size >= size)) return;
        write(path, line);
      } catch (error) {
        throw unwritable(folder, error);
      }
    },
    close: () => {
      clearInterval(timer);
      sync();
      for (const file of files.values()) closeSync(file);
      files.clear();
    },
  };
}

function unwritable(folder: string, error: unknown): StoreUnavailable {
  const { code, message } = error as NodeJS.ErrnoException;
  const trouble = code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'read-only';
  return new StoreUnavailable(
    trouble,
    `${folder}: the list of signed sizes cannot be written (${message}). Set it right and ask again with the same request`,
    error,
  );
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
