import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupWriter } from '../../app/ledger/backup.ts';
import { MANIFEST_FILE } from '../../app/ledger/manifest.ts';
import type { BackupReader } from '../../app/ledger/restore.ts';
import { failed, ok, type Result } from '../../domain/failure.ts';
import { writeWhole } from '../history-file/write-whole.ts';

/** The folder of a backup cannot be written or read; said in the reader's words. */
export class BackupFolderError extends Error {}

/** A new folder for a backup, which nobody else may enter. */
export async function newBackupFolder(folder: string): Promise<Result<BackupWriter>> {
  try {
    // Only the last one is made: a mistyped path makes no folders, and /proc keeps nobody busy for ever.
    await mkdir(folder, { mode: 0o700 }).catch(unlessThere);
    if ((await readdir(folder)).length > 0)
      return failed({ code: 'impossible', where: folder, message: 'is not empty; name a new folder' });
  } catch (error) {
    return failed({ code: 'unreadable', where: folder, message: `cannot be made (${(error as Error).message})` });
  }
  return ok({
    write: (file, chunks) => inWords(join(folder, file), 'written', () => writeFlushed(join(folder, file), chunks)),
    finish: async (manifest) => {
      const written = await writeWhole(join(folder, MANIFEST_FILE), manifest, PRIVATE);
      if (!written.ok) throw new BackupFolderError(written.failures.map(({ message }) => message).join());
    },
  });
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

export function backupFolder(folder: string): BackupReader {
  return {
    text: async (file) => {
      try {
        return await readFile(join(folder, file), 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw unusable(join(folder, file), 'read', error);
      }
    },
    files: () => inWords(folder, 'read', () => readdir(folder)),
    chunks: async function* (file) {
      try {
        yield* createReadStream(join(folder, file), { highWaterMark: CHUNK }) as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw unusable(join(folder, file), 'read', error);
      }
    },
  };
}

const CHUNK = 256 * 1024;
/** A backup tells kinds, days and handles: its own account's and nobody else's. */
const PRIVATE = 0o600;

async function writeFlushed(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', PRIVATE);
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function inWords<T>(path: string, what: 'read' | 'written', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unusable(path, what, error);
  }
}

/** Only what the system says of a file; the database's failures and our own bugs pass on. */
function unusable(path: string, what: 'read' | 'written', error: unknown): unknown {
  const { syscall, message } = error as NodeJS.ErrnoException;
  const isOfFile = syscall !== undefined && /^(open|read|write|fsync|close|mkdir|scandir|stat|ftruncate)/.test(syscall);
  return isOfFile && !(error instanceof BackupFolderError)
    ? new BackupFolderError(`${path} cannot be ${what} (${message})`, { cause: error })
    : error;
}
