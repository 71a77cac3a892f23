import { open, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failed, ok, type Result } from '../../domain/failure.ts';

/**
 * Writes a file in one step: beside it, to the disk, then renamed over it. A crash at any point leaves the old file whole,
 * at worst with a stray temporary file beside it; the folder is flushed too, so that the rename itself is not lost.
 * @param mode who may read it, from its first byte on; where left out, whom the account's own settings let.
 */
export async function writeWhole(path: string, bytes: Uint8Array | string, mode = 0o666): Promise<Result<undefined>> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    try {
      await writeFlushed(temporary, bytes, mode);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await flushFolder(folder);
    return ok(undefined);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return failed({ code: 'unreadable', where: path, message: `it cannot be written: ${error.message}` });
  }
}

async function writeFlushed(path: string, bytes: Uint8Array | string, mode: number): Promise<void> {
  const file = await open(path, 'w', mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function flushFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; there the rename is on the disk with the file system's own log.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
