import { join } from 'node:path';
import { checkpointReader, checkpointSigner, verifierKeys } from '../adapters/keys/checkpoint-keys.ts';
import { signedSizesIn } from '../adapters/keys/signed-sizes.ts';
import { openVault, type Vault } from '../adapters/keys/vault.ts';
import { stampOf, VaultError } from '../adapters/keys/vault-file.ts';
import { openDatabase, type Database } from '../adapters/postgres/database.ts';
import { openEmbedded } from '../adapters/postgres/embedded/embedded.ts';
import { importLock, type Release } from '../adapters/postgres/import-lock.ts';
import { postgresLedger } from '../adapters/postgres/ledger-store.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { primitives } from '../adapters/system/primitives.ts';
import { logName } from '../app/ledger/log-name.ts';
import { keepShown } from '../app/ledger/may-sign.ts';
import { openLedger, type Ledger, type LedgerPorts } from '../app/ledger/ledger.ts';
import type { LedgerStore, RaiseAlarm, ReadCheckpoint, StoreTrouble } from '../app/ledger/ports.ts';
import type { HouseKeys } from '../app/ledger/rotate.ts';
import { failed, ok } from '../domain/failure.ts';
import { formatVerifierKey, type VerifierKey } from '../domain/ledger/verifier-key.ts';
import { originsUpTo } from '../domain/ledger/origin.ts';
import type { Instant } from '../domain/time/instant.ts';
import { masterKeyIn, type Settings } from './settings.ts';

/** A running house: its database, its keys, and the ledger over both. */
export interface House {
  readonly ports: LedgerPorts;
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly database: Database;
  readonly readCheckpoint: ReadCheckpoint;
  /** Taken while an agency's export is imported. */
  readonly importLock: (agency: string) => Promise<Release | undefined>;
  /** The public keys by which others verify an agency's log as it is named now. */
  readonly verifierKey: (agency: string) => Promise<string[]>;
  readonly keys: HouseKeys;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Opens the house: starts the database where it is ours, brings its schema up to date, opens the vault, and destroys what
 * a tombstone names and a vault still holds.
 * @throws StoreUnavailable, VaultError, EmbeddedPostgresError
 */
export async function openHouse(settings: Settings, migrations: string, alarm: RaiseAlarm): Promise<House> {
  const { url, stop, revive } = await serverOf(settings);
  const closers: (() => unknown)[] = [stop];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    await migrate(url, migrations);
    const database = openDatabase(url);
    closers.push(() => database.close());
    const store = postgresLedger(database, revive === undefined ? undefined : reviving(revive, alarm));
    await refuseLostVault(settings.vault, store);
    const vault = await openVault(settings.vault, settings.master, primitives);
    const signedSizes = signedSizesIn(settings.signedSizes);
    closers.push(() => signedSizes.close());
    const originOf = (agency: string): string => `${settings.logHost}/${agency}`;
    const ports: LedgerPorts = {
      store,
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
    const nameOf = (agency: string): Promise<string> => logName(ports, agency);
    const keysOf = async (agency: string): Promise<VerifierKey[]> => everyKey(agency, await nameOf(agency), vault);
    const readCheckpoint = checkpointReader(keysOf);
    for (const agency of await store.agencies()) {
      const head = vault.knows(agency) ? await store.head(agency) : undefined;
      if (head !== undefined) await keepShown({ signedSizes, readCheckpoint }, head);
    }
    return {
      ports,
      ledger,
      vault,
      database,
      url,
      importLock: importLock(database.pool),
      readCheckpoint,
      keys: houseKeys(vault, nameOf),
      verifierKey: async (agency) =>
        verifierKeys(await nameOf(agency), vault.signingSeeds(agency)).map(formatVerifierKey),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A database of ours that died is started again, by whoever first finds it gone; until it answers nothing is read or written. */
function reviving(revive: () => Promise<void>, alarm: RaiseAlarm): (trouble: StoreTrouble) => void {
  let isTrying = false;
  return (trouble) => {
    if (trouble !== 'unreachable' || isTrying) return;
    isTrying = true;
    revive()
      .catch((error: unknown) => alarm({ code: 'database-down', message: (error as Error).message }))
      .finally(() => (isTrying = false));
  };
}

/** A record without its keys must not quietly get new ones: its content would be lost, and two keys would sign one name. */
async function refuseLostVault(path: string, { agencies }: LedgerStore): Promise<void> {
  if (stampOf(path) !== undefined || (await agencies()).length === 0) return;
  throw new VaultError(
    'no-vault',
    `${path}: the vault is not there, and the database holds a record that it belongs to; bring its copy back. See docs/runbooks/lost-key.md`,
  );
}

/** Whichever database the settings name; ours is started, stopped again, and started anew where it died. */
export async function serverOf({ databaseUrl, data }: Settings): Promise<Server> {
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: () => Promise.resolve() };
  const server = await openEmbedded({ folder: join(data, 'postgres') });
  return { url: server.url(), stop: () => server.stop(), revive: () => server.ensureRunning() };
}

interface Server {
  readonly url: string;
  readonly stop: () => Promise<void>;
  readonly revive?: () => Promise<void>;
}

function houseKeys(vault: Vault, nameOf: (agency: string) => Promise<string>): HouseKeys {
  const named = async (agency: string, seeds: readonly Uint8Array[]): Promise<string[]> =>
    verifierKeys(await nameOf(agency), seeds).map(formatVerifierKey);
  const inUse = (agency: string): Promise<string[]> => named(agency, vault.signingSeeds(agency));
  return {
    list: async (agency) => {
      const using = new Set(await inUse(agency));
      return (await named(agency, vault.everySigningSeed(agency))).map((key) => ({ key, isInUse: using.has(key) }));
    },
    rotateSigning: async (agency, retire) => {
      const before = await inUse(agency);
      // Where both sign already, everybody knows the newer one: it stays, and no third comes.
      if (retire && before.length > 1) await vault.retireSigning(agency);
      else await vault.rotateSigning(agency, retire);
      const after = await inUse(agency);
      return { key: after.at(-1) ?? '', retired: before.filter((key) => !after.includes(key)) };
    },
    rotateMaster: async (file, only) => {
      try {
        const master = masterKeyIn(file);
        await vault.rotateMaster(master, only);
        return ok(master.id);
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
        return failed({ code: 'unreadable', where: '', message: error.message });
      }
    },
  };
}

/** Keys that may have signed a log: also retired ones, and under the names that it had before. */
export function everyKey(agency: string, origin: string, { knows, everySigningSeed }: Vault): VerifierKey[] {
  // A log that somebody else put there has none, and its checkpoints are then forged.
  const seeds = knows(agency) ? everySigningSeed(agency) : [];
  return originsUpTo(agency, origin).flatMap((name) => verifierKeys(name, seeds));
}
