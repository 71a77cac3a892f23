import { DatabaseError } from 'pg';
import { StoreUnavailable, type StoreTrouble } from '../../app/ledger/ports.ts';

/** What PostgreSQL's codes mean to whoever keeps the system (appendix A of its manual). */
const BY_CODE: Readonly<Record<string, readonly [StoreTrouble, string]>> = {
  '53100': ['disk-full', 'the disk of the database is full; free space, then write again. Reading goes on'],
  '25006': ['read-only', 'the database takes no writes (read-only disk, or a standby); reading goes on'],
  '42501': ['refused', 'the database refuses this to the login; grant it the role writkeeper_app'],
  '55000': ['unreachable', 'the database takes no connections now'],
  '3D000': ['refused', 'this database is not there; see DATABASE_URL'],
  '28000': ['refused', 'the database does not let this login in; see DATABASE_URL'],
  '28P01': ['refused', 'the database does not take this password; see DATABASE_URL'],
  WK001: ['refused', 'the ledger only grows, and this would have changed it'],
};

/** PostgreSQL says these where it could not write its files. */
const WRITE_FAILED = /No space left on device|Read-only file system|could not (extend|write|fsync|open) /i;

/** An error of the database in the words of the reader; every other error as it is. */
export function troubleOf(error: unknown): Error {
  if (error instanceof DatabaseError) return ofDatabase(error);
  if (error instanceof Error && isConnection(error)) {
    return new StoreUnavailable(
      'unreachable',
      `the database cannot be reached (${error.message}); nothing was half-written`,
      error,
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}

function ofDatabase(error: DatabaseError): Error {
  const known = BY_CODE[error.code ?? ''];
  if (known !== undefined) return new StoreUnavailable(known[0], `${known[1]} (${error.message})`, error);
  // Class 08 is connections, 57P the server that shuts down or starts, 53 its resources, 58 its disk.
  if (WRITE_FAILED.test(error.message) || error.code?.startsWith('58') === true) {
    const trouble = /space/i.test(error.message) ? 'disk-full' : 'read-only';
    return new StoreUnavailable(trouble, `the database could not write to its disk (${error.message})`, error);
  }
  if (/^(08|57P|53)/.test(error.code ?? '')) {
    return new StoreUnavailable('unreachable', `the database does not answer (${error.message})`, error);
  }
  return error;
}

function isConnection(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && /^(ECONN|ENOENT|EPIPE|ETIMEDOUT|EHOST|ENOTFOUND|EAI_)/.test(code)) return true;
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after/.test(
    error.message,
  );
}
