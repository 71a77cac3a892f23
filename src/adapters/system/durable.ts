import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Puts a file, readable to its owner alone, in the place of another in one step: beside it, to the disk, renamed over it,
 * and the folder flushed. After a crash, a power cut or on a full disk there is the old file or the new one, whole.
 */
export function replaceDurably(path: string, content: string): void {
  const beside = `${path}.new`;
  writeDurably(beside, content);
  renameSync(beside, path);
  flushFolderOf(path);
}

/** The same where there is no such file yet. False: somebody else was first, and theirs stays. */
export function createDurably(path: string, content: string): boolean {
  const beside = `${path}.${randomUUID()}`;
  writeDurably(beside, content);
  try {
    linkSync(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(beside, { force: true });
  }
  flushFolderOf(path);
  return true;
}

function flushFolderOf(path: string): void {
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function writeDurably(path: string, content: string): void {
  rmSync(path, { force: true });
  const file = openSync(path, 'wx', 0o600);
  let isWhole = false;
  try {
    // All of it or an error: one call to the system writes what there is room for and says nothing.
    writeFileSync(file, content);
    fsyncSync(file);
    isWhole = true;
  } finally {
    closeSync(file);
    if (!isWhole) rmSync(path, { force: true });
  }
}
