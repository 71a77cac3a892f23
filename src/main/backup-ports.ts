import { createHash } from 'node:crypto';
import { checkpointReader } from '../adapters/keys/checkpoint-keys.ts';
import { backupFolder, BackupFolderError, newBackupFolder } from '../adapters/backup/backup-folder.ts';
import { signedSizesIn } from '../adapters/keys/signed-sizes.ts';
import { openVault } from '../adapters/keys/vault.ts';
import { stampOf, VaultError } from '../adapters/keys/vault-file.ts';
import { openDatabase, type Database } from '../adapters/postgres/database.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { prepareFor, wholeView, wholeWrite } from '../adapters/postgres/whole.ts';
import { primitives } from '../adapters/system/primitives.ts';
import { backUp, type RunningHash } from '../app/ledger/backup.ts';
import type { Manifest } from '../app/ledger/manifest.ts';
import { restore, type RestoreReport } from '../app/ledger/restore.ts';
import type { BackupCliPorts } from '../cli/backup.ts';
import { failed, type Result } from '../domain/failure.ts';
import type { Instant } from '../domain/time/instant.ts';
import { everyKey, serverOf } from './house.ts';
import { isExpected } from './expected.ts';
import { settingsFrom, type Settings } from './settings.ts';

/** What `backup` and `restore` work with, for real. */
export function backupPorts(environment: NodeJS.ProcessEnv, migrations: string): BackupCliPorts {
  return {
    backup: (folder, data) => inWords(() => backupHouse(settingsFrom(environment, data), folder)),
    restore: (folder, data) => inWords(() => restoreHouse(settingsFrom(environment, data), folder, migrations)),
  };
}

/** Needs no key and opens no vault: whoever makes backups need not be able to read them. */
export async function backupHouse(settings: Settings, folder: string): Promise<Result<Manifest>> {
  return withDatabase(settings, async (database) => {
    const writer = await newBackupFolder(folder);
    if (!writer.ok) return writer;
    return backUp({ view: wholeView(database), writer: writer.value, newHash, now });
  });
}

/** Needs the house's own vault: what a court had expunged since is known there and nowhere else. */
export async function restoreHouse(
  settings: Settings,
  folder: string,
  migrations: string,
): Promise<Result<RestoreReport>> {
  if (stampOf(settings.vault) === undefined)
    throw new VaultError(
      'no-vault',
      `${settings.vault}: there is no vault; bring it first, for it says what must not come back. See docs/runbooks/restore.md`,
    );
  const vault = await openVault(settings.vault, settings.master, primitives);
  const signedSizes = signedSizesIn(settings.signedSizes);
  try {
    return await withDatabase(settings, (database, url) =>
      restore({
        reader: backupFolder(folder),
        newHash,
        hash: primitives.hash,
        prepare: (migration) => prepareFor(migration, { database, url, folder: migrations }),
        write: wholeWrite(database),
        bringForward: async () => {
          await migrate(url, migrations);
        },
        keyring: vault,
        readCheckpoint: ({ agency, origin, checkpoint }) =>
          checkpointReader(() => Promise.resolve(everyKey(agency, origin, vault)))(agency, checkpoint),
        signedSizes,
      }),
    );
  } finally {
    signedSizes.close();
  }
}

/** By the login's own rights: the role that the system works under may not make tables. */
async function withDatabase<T>(settings: Settings, work: (database: Database, url: string) => Promise<T>): Promise<T> {
  const { url, stop } = await serverOf(settings);
  try {
    const database = openDatabase(url, null);
    try {
      return await work(database, url);
    } finally {
      await database.close();
    }
  } finally {
    await stop();
  }
}

async function inWords<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    if (!isExpected(error) && !(error instanceof BackupFolderError)) throw error;
    return failed({ code: 'unreadable', where: '', message: error.message });
  }
}

function newHash(): RunningHash {
  const running = createHash('sha256');
  return { update: (bytes) => void running.update(bytes), hex: () => running.digest('hex') };
}

function now(): Instant {
  return Temporal.Now.instant().epochMilliseconds as Instant;
}
