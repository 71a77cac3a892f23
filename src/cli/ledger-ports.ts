import type { WriteFile } from '../app/ledger/export-log.ts';
import type { SealTo } from '../app/ledger/erase.ts';
import type { Ledger, LedgerPorts } from '../app/ledger/ledger.ts';
import type { ReadCosignature } from '../app/ledger/verify-beside.ts';
import type { HouseKeys } from '../app/ledger/rotate.ts';
import type { LogSource } from '../app/ledger/verify-public.ts';
import type { ReadCheckpoint } from '../app/ledger/ports.ts';
import type { Hash } from '../domain/ledger/hashes.ts';
import type { AskWitness } from '../app/ledger/push-checkpoint.ts';
import type { Verify } from '../domain/ledger/signing.ts';
import type { VerifierKey } from '../domain/ledger/verifier-key.ts';
import type { PublicLog } from '../app/ledger/public-log.ts';
import type { CaseSource, Page } from '../app/ports.ts';
import type { Attested } from '../domain/ledger/audit.ts';
import type { Result } from '../domain/failure.ts';

/** An open house, as commands see it. */
export interface OpenLedger {
  readonly ledger: Ledger;
  readonly ports: LedgerPorts;
  readonly readCheckpoint: ReadCheckpoint;
  /** One import of an agency at a time. Undefined: another one runs. */
  readonly importLock: (agency: string) => Promise<(() => Promise<void>) | undefined>;
  readonly keys: HouseKeys;
  readonly verifierKeys: (agency: string) => Promise<string[]>;
  readonly close: () => Promise<void>;
}

/** A log as outsiders see it, and the key that must have signed it. */
export interface OutsideLog {
  readonly source: LogSource;
  readonly origin: string;
  readonly read: (note: Uint8Array) => Promise<Result<{ size: number; root: Uint8Array }>>;
  readonly hash: Hash;
}

/** What commands that work on the record need. */
export interface LedgerCliPorts {
  /** @param data the folder given on the command line. Failures to open are in the reader's words. */
  readonly open: (data: string | undefined) => Promise<Result<OpenLedger>>;
  readonly lines: CaseSource['lines'];
  readonly courtKey: (path: string) => Result<SealTo>;
  readonly publicLogAt: (where: string, key: string | undefined) => Result<OutsideLog>;
  /**
   * Cosigned checkpoints in files or at addresses: what witnesses have seen.
   * @param origins the names of the logs that are asked about, where a witness is named by its address alone.
   */
  readonly attestations: (
    sources: readonly string[],
    keys: readonly string[],
    origins: readonly string[],
  ) => Promise<Result<readonly (Attested & { readonly origin: string })[]>>;
  /** Tells of a kept cosignature by the keys of witnesses. */
  readonly cosignatureReader: (keys: readonly string[]) => Result<ReadCosignature>;
  /** A witness at an address, by the key that it must answer with. */
  readonly witnessAt: (
    address: string,
    key: string,
  ) => Result<{ readonly ask: AskWitness; readonly key: VerifierKey; readonly verify: Verify }>;
  /** The page of the catalogue; elsewhere where a file is given. */
  readonly eventsPageAt: (path?: string) => Page;
  readonly publicRoutes: (log: PublicLog) => (request: Request) => Response | Promise<Response>;
  /** Writes into a new folder. */
  readonly folderWriter: (folder: string) => Result<WriteFile>;
  /** Serves until the process is told to end. */
  readonly serve: (
    fetch: (request: Request) => Response | Promise<Response>,
    listen: string,
  ) => Promise<Result<Served>>;
}

export interface Served {
  readonly address: string;
  /** Resolves when somebody ends the process; the server is then closed. */
  readonly ended: Promise<void>;
}
