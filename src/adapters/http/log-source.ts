import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogSource } from '../../app/ledger/verify-public.ts';
import { bodyWithin } from './body-within.ts';

/** A log could not be read; the message says where and what to do. */
export class LogUnreachable extends Error {}

/** Bytes of one file of a log: a bundle of 256 entries of 64 KiB, and no more. */
const LARGEST = 17 * 1024 * 1024;
const PATIENCE_MS = 30_000;

/** A log at an address or in a folder. */
export function logSource(where: string): LogSource {
  return isAddress(where) ? atAddress(where.replace(/\/+$/, '')) : inFolder(where);
}

/** Whether a place that somebody names is an address, and not a file or folder. */
export function isAddress(where: string): boolean {
  return /^https?:\/\//.test(where);
}

function inFolder(folder: string): LogSource {
  return {
    name: folder,
    read: (path) => {
      try {
        return Promise.resolve(readFileSync(join(folder, path)));
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') return Promise.resolve(undefined);
        return Promise.reject(new LogUnreachable(`${join(folder, path)}: cannot be read (${message})`));
      }
    },
  };
}

function atAddress(address: string): LogSource {
  return {
    name: address,
    read: async (path) => {
      const url = `${address}/${path}`;
      let response: Response;
      try {
        response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
      } catch (error) {
        throw new LogUnreachable(`${url}: cannot be reached (${(error as Error).message})`);
      }
      if (response.status === 404) return undefined;
      if (!response.ok) throw new LogUnreachable(`${url}: answers ${response.status}`);
      const bytes = await bodyOf(response, url);
      if (bytes === undefined) throw new LogUnreachable(`${url}: is larger than any file of a log`);
      return bytes;
    },
  };
}

async function bodyOf(response: Response, url: string): Promise<Uint8Array | undefined> {
  try {
    return await bodyWithin(response, LARGEST);
  } catch (error) {
    throw new LogUnreachable(`${url}: broke off (${(error as Error).message})`);
  }
}
