import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Cell, TableFile, TableFiles } from '../../app/replay/ports.ts';
import { failed, ok, type Failure, type Result } from '../../domain/failure.ts';

const FLUSH_AT = 64 * 1024;

/** CSV files that are written beside their place and renamed into it when they are whole; for this account's eyes. */
export function csvFiles(): TableFiles {
  return { begin };
}

function begin(path: string, reading: string): Result<TableFile> {
  const place = statOf(path);
  if (place?.isDirectory() === true) return failed(refused(path, 'is a folder; give the name of a file'));
  if (place !== undefined && isSame(place, statOf(reading))) {
    return failed(refused(path, 'is the file that is read; give another name'));
  }
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    return ok(tableFile(openSync(temporary, 'w', 0o600), temporary, path));
  } catch (error) {
    return failed(unwritten(path, error));
  }
}

function tableFile(file: number, temporary: string, path: string): TableFile {
  let pending = '';
  let written: Result<undefined> = ok(undefined);
  const attempt = (act: () => void): void => {
    if (!written.ok) return;
    try {
      act();
    } catch (error) {
      written = failed(unwritten(path, error));
    }
  };
  const flush = (): void => {
    writeAll(file, pending);
    pending = '';
  };
  return {
    row: (cells) => {
      if (!written.ok) return;
      pending += `${cells.map(csvCell).join(',')}\n`;
      if (pending.length >= FLUSH_AT) attempt(flush);
    },
    keep: () => {
      attempt(flush);
      attempt(() => fsyncSync(file));
      closeSync(file);
      attempt(() => renameSync(temporary, path));
      if (!written.ok) rmSync(temporary, { force: true });
      return written;
    },
    discard: () => {
      closeSync(file);
      rmSync(temporary, { force: true });
    },
  };
}

/** A disk may take less than it is given. */
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}

function csvCell(cell: Cell): string {
  const text = cell === null || cell === undefined ? '' : String(cell);
  // A text that begins like a formula would be run as one by a spreadsheet; numbers are numbers.
  const safe = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isSame(one: Stats, other: Stats | undefined): boolean {
  return one.dev === other?.dev && one.ino === other.ino;
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function unwritten(path: string, error: unknown): Failure {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such folder',
    ENOSPC: 'the disk is full',
    EACCES: 'this account may not write there',
  };
  return refused(path, `cannot be written: ${words[String(error.code)] ?? error.message}`);
}

function refused(where: string, message: string): Failure {
  return { code: 'unreadable', where, message };
}
