import { join } from 'node:path';

/**
 * What lies in the folder of the embedded server. All of it is in one folder, so that one path is backed up, moved or
 * deleted; the cluster itself is a level below, so that it can come into being by one rename.
 */
export interface Place {
  readonly folder: string;
  /** PostgreSQL's data directory. It is there whole or not at all. */
  readonly cluster: string;
  /** The superuser's password, readable by whoever runs Writkeeper. */
  readonly password: string;
  readonly log: string;
  /** Where the socket stands, if the path is short enough. */
  readonly sockets: string;
  /** Settings that are written anew at each start. */
  readonly settings: string;
}

export const SUPERUSER = 'writkeeper_owner';
export const DATABASE = 'writkeeper';

/** Begins the name of a folder in which `initdb` is at work. One that is left was interrupted. */
export const STAGING = 'new-';

/** Begins the name of our own copy of the binaries. */
export const COPY = 'binaries-';

export function placeAt(folder: string): Place {
  const cluster = join(folder, 'cluster');
  return {
    folder,
    cluster,
    password: join(folder, 'password'),
    log: join(folder, 'server.log'),
    sockets: join(folder, 'socket'),
    settings: join(cluster, SETTINGS),
  };
}

export const SETTINGS = 'writkeeper.conf';
