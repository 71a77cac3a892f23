import { randomUUID } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import type { Account } from './account.ts';
import type { Listening } from './listening.ts';
import type { Place } from './place.ts';

/**
 * Writes the settings, over whatever stood there: a server of ours runs by these, whoever made its cluster. The account
 * can write there too, so the file is made and given by its handle: root follows no link that somebody puts in its place.
 */
export async function writeSettings(place: Place, listening: Listening, account: Account | undefined): Promise<void> {
  const draft = `${place.settings}.${randomUUID()}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(settingsText(listening));
    if (account !== undefined) await file.chown(account.uid, account.gid);
  } finally {
    await file.close();
  }
  await rename(draft, place.settings);
}

/** The text of the settings file (PostgreSQL 18, chapter 19). */
export function settingsText(listening: Listening, platform: string = process.platform): string {
  const settings = { ...whereToListen(listening), ...DURABLE, ...SMALL, ...SILENT, ...ofSystem(platform) };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  return `# Written by Writkeeper at each start; changes here are lost.\n${lines.join('\n')}\n`;
}

function whereToListen(listening: Listening): Record<string, string> {
  return {
    port: String(listening.port),
    listen_addresses: listening.kind === 'loopback' ? '127.0.0.1' : '',
    // A list: a comma in a path would part it, so the path stands in quotes of its own.
    unix_socket_directories: listening.kind === 'socket' ? `"${listening.folder.replaceAll('"', '""')}"` : '',
    unix_socket_permissions: '0700',
  };
}

/** What is acknowledged is on the disk. These are the defaults, and stand here so that nobody's file turns them off. */
const DURABLE = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  allow_alter_system: 'off',
};

/** For one small machine that does other things too. Workers that one jail's load does not need stay away. */
const SMALL = {
  shared_buffers: '48MB',
  max_connections: '40',
  max_wal_size: '256MB',
  huge_pages: 'off',
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  max_logical_replication_workers: '0',
  jit: 'off',
  timezone: 'UTC',
};

/**
 * Rows hold personal data, and the log must not. Terse drops DETAIL ("Key (name)=(…) already exists") and the statement
 * that a crashed process ran. That is not enough: the first line of an error may quote a value too ('invalid input syntax
 * for type date: "…"'), so errors of statements are not logged at all; whoever caused one is told. In the log's own order
 * `log` stands above `error`: what the server says of itself, FATAL and PANIC are kept.
 */
const SILENT = {
  log_destination: 'stderr',
  logging_collector: 'off',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_duration: 'off',
  log_min_duration_statement: '-1',
  log_min_duration_sample: '-1',
  log_transaction_sample_rate: '0',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_lock_waits: 'off',
  log_checkpoints: 'off',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
};

function ofSystem(platform: string): Record<string, string> {
  switch (platform) {
    case 'win32':
      return {};
    // Elsewhere on macOS a flush ends in the drive's cache, which a power cut empties (PostgreSQL 18 §28.1).
    case 'darwin':
      return { wal_sync_method: 'fsync_writethrough', dynamic_shared_memory_type: 'mmap' };
    // Not in /dev/shm: containers make it tiny, and systemd empties it of a user's segments when that user logs out.
    default:
      return { dynamic_shared_memory_type: 'mmap' };
  }
}
