import type { Pool } from 'pg';
import { troubleOf } from './trouble.ts';

/** Lets go of what was taken. */
export type Release = () => Promise<void>;

/**
 * One import of an agency at a time, in whichever process: two would both find a booking missing and open it twice. The
 * lock is the connection's, so it goes with a process that is killed.
 * @returns undefined where another import runs. @throws StoreUnavailable
 */
export function importLock(pool: Pool): (agency: string) => Promise<Release | undefined> {
  return async (agency) => {
    try {
      const connection = await pool.connect();
      const key = `writkeeper import ${agency}`;
      const { rows } = await connection.query<{ taken: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
        [key],
      );
      if (rows[0]?.taken === true) {
        // Ended and not given back to the pool: with the connection goes the lock.
        return () => {
          connection.release(true);
          return Promise.resolve();
        };
      }
      connection.release();
      return undefined;
    } catch (error) {
      throw troubleOf(error);
    }
  };
}
