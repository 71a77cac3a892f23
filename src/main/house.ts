import { join } from 'node:path';
import { checkpointReader, checkpointSigner, verifierKeys } from '../adapters/keys/checkpoint-keys.ts';
import { signedSizesIn } from '../adapters/keys/signed-sizes.ts';
import { openVault, type Vault } from '../adapters/keys/vault.ts';
import { openDatabase, type Database } from '../adapters/postgres/database.ts';
import { openEmbedded } from '../adapters/postgres/embedded/embedded.ts';
import { postgresLedger } from '../adapters/postgres/ledger-store.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { primitives } from '../adapters/system/primitives.ts';
import { openLedger, type Ledger, type LedgerPorts } from '../app/ledger/ledger.ts';
import type { RaiseAlarm } from '../app/ledger/ports.ts';
import type { ReadCheckpoint } from '../app/ledger/verify.ts';
import { formatVerifierKey, type VerifierKey } from '../domain/ledger/verifier-key.ts';
import { originsUpTo } from '../domain/ledger/origin.ts';
import type { Instant } from '../domain/time/instant.ts';
import type { Settings } from './settings.ts';

/** A running house: its database, its keys, and the ledger over both. */
export interface House {
  readonly ports: LedgerPorts;
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly database: Database;
  readonly readCheckpoint: ReadCheckpoint;
  /** The public keys by which others verify an agency's log as it is named now. */
  readonly verifierKey: (agency: string) => Promise<string[]>;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Opens the house: starts the database where it is ours, brings its schema up to date, opens the vault, and destroys what
 * a tombstone names and a vault still holds.
 * @throws StoreUnavailable, VaultError, EmbeddedPostgresError
 */
export async function openHouse(settings: Settings, migrations: string, alarm: RaiseAlarm): Promise<House> {
  const { url, stop } = await serverOf(settings);
  const closers: (() => unknown)[] = [stop];
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
      alarm,
      originOf,
    };
    const ledger = openLedger(ports);
    await ledger.replayTombstones();
    const nameOf = async (agency: string): Promise<string> =>
      (await ports.store.head(agency))?.origin ?? originOf(agency);
    const keysOf = async (agency: string): Promise<VerifierKey[]> => everyKey(agency, await nameOf(agency), vault);
    return {
      ports,
      ledger,
      vault,
      database,
      url,
      readCheckpoint: checkpointReader(keysOf),
      verifierKey: async (agency) =>
        verifierKeys(await nameOf(agency), vault.signingSeeds(agency)).map(formatVerifierKey),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whichever database the settings name; ours is started, and stopped again. */
export async function serverOf({ databaseUrl, data }: Settings): Promise<{ url: string; stop: () => Promise<void> }> {
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: () => Promise.resolve() };
  const server = await openEmbedded({ folder: join(data, 'postgres') });
  return { url: server.url(), stop: () => server.stop() };
}

/** Keys that may have signed a log: also retired ones, and under the names that it had before. */
export function everyKey(agency: string, origin: string, { everySigningSeed }: Vault): VerifierKey[] {
  const seeds = everySigningSeed(agency);
  return originsUpTo(agency, origin).flatMap((name) => verifierKeys(name, seeds));
}
