import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Address } from './probe.ts';
import { isServerOn } from './processes.ts';
import type { Place } from './place.ts';

/** What a server wrote of itself into its cluster: it may be gone since, and its id another program's. */
export interface Postmaster {
  readonly pid: number;
  readonly address: Address;
  readonly socketFolder: string;
  /** Whether a server with this id runs on this cluster, as far as this process can see. */
  readonly isAlive: boolean;
}

/** The lines of postmaster.pid (PostgreSQL's miscadmin.h, LOCK_FILE_LINE_*). A file without all of them is being written. */
export async function readPostmaster(place: Place): Promise<Postmaster | undefined> {
  const text = await readFile(join(place.cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid = '', , , port = '', socketFolder = '', host = ''] = text.split('\n').map((line) => line.trim());
  if (!/^\d+$/.test(pid)) return undefined;
  return {
    pid: Number(pid),
    address: { host: socketFolder === '' ? host : socketFolder, port: Number(port) },
    socketFolder,
    isAlive: await isServerOn(place.cluster, Number(pid)),
  };
}
