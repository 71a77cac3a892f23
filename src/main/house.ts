import { join } from 'node:path';
import { checkpointReader, checkpointSigner, verifierKeys } from '../adapters/keys/checkpoint-keys.ts';
import { signedSizesIn } from '../adapters/keys/signed-sizes.ts';
import { openVault, type Vault } from '../adapters/keys/vault.ts';
import { openDatabase, type Database } from '../adapters/postgres/database.ts';
import { openEmbedded, type EmbeddedServer } from '../adapters/postgres/embedded/embedded.ts';
import { importLock, type Release } from '../adapters/postgres/import-lock.ts';
import { postgresLedger } from '../adapters/postgres/ledger-store.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { primitives } from '../adapters/system/primitives.ts';
import { openLedger, type Ledger, type LedgerPorts } from '../app/ledger/ledger.ts';
import type { RaiseAlarm } from '../app/ledger/ports.ts';
import type { ReadCheckpoint } from '../app/ledger/verify.ts';
import { formatVerifierKey } from '../domain/ledger/verifier-key.ts';
import type { Instant } from '../domain/time/instant.ts';
import type { Settings } from './settings.ts';

/** A running house: its database, its keys, and the ledger over both. */
export interface House {
  readonly ports: LedgerPorts;
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly database: Database;
  readonly readCheckpoint: ReadCheckpoint;
  /** Taken while an agency's export is imported. */
  readonly importLock: (agency: string) => Promise<Release | undefined>;
  /** The public key by which others verify an agency's log. */
  readonly verifierKey: (agency: string) => string[];
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Opens the house: starts the database where it is ours, brings its schema up to date, opens the vault, and destroys what
 * a tombstone names and a vault still holds.
 * @throws StoreUnavailable, VaultError, EmbeddedPostgresError
 */
export async function openHouse(settings: Settings, migrations: string, alarm: RaiseAlarm): Promise<House> {
  const server =
    settings.databaseUrl === undefined ? await openEmbedded({ folder: join(settings.data, 'postgres') }) : undefined;
  const url = settings.databaseUrl ?? server?.url() ?? '';
  const closers: (() => unknown)[] = [() => server?.stop()];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    await migrate(url, migrations);
    const database = openDatabase(url);
    closers.push(() => database.close());
    const vault = await openVault(settings.vault, settings.master, primitives);
    const signedSizes = signedSizesIn(settings.signedSizes);
    closers.push(() => signedSizes.close());
    const originOf = (agency: string): string => `${settings.logHost}/${agency}`;
    const ports: LedgerPorts = {
      store: postgresLedger(database),
      keyring: vault,
      primitives,
      sign: checkpointSigner(vault.signingSeeds),
      signedSizes,
      now: () => Temporal.Now.instant().epochMilliseconds as Instant,
      alarm: server === undefined ? alarm : reviving(server, alarm),
      originOf,
    };
    const ledger = openLedger(ports);
    await ledger.replayTombstones();
    const keysOf = async (agency: string): Promise<ReturnType<typeof verifierKeys>> => {
      const head = await ports.store.head(agency);
      return verifierKeys(head?.origin ?? originOf(agency), vault.everySigningSeed(agency));
    };
    return {
      ports,
      ledger,
      vault,
      database,
      url,
      importLock: importLock(database.pool),
      readCheckpoint: checkpointReader(keysOf),
      verifierKey: (agency) => verifierKeys(originOf(agency), vault.signingSeeds(agency)).map(formatVerifierKey),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A database of ours that died is started again, by whoever first finds it gone; appends are refused until it answers. */
function reviving(server: EmbeddedServer, alarm: RaiseAlarm): RaiseAlarm {
  let isTrying = false;
  return (raised) => {
    alarm(raised);
    if (raised.code !== 'unreachable' || isTrying) return;
    isTrying = true;
    server
      .ensureRunning()
      .catch((error: unknown) => alarm({ code: 'database-down', message: (error as Error).message }))
      .finally(() => (isTrying = false));
  };
}
