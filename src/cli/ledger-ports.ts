import type { SealTo } from '../app/ledger/erase.ts';
import type { Ledger, LedgerPorts } from '../app/ledger/ledger.ts';
import type { ReadCheckpoint } from '../app/ledger/verify.ts';
import type { CaseSource } from '../app/ports.ts';
import type { Attested } from '../domain/ledger/audit.ts';
import type { Result } from '../domain/failure.ts';

/** An open house, as commands see it. */
export interface OpenLedger {
  readonly ledger: Ledger;
  readonly ports: LedgerPorts;
  readonly readCheckpoint: ReadCheckpoint;
  readonly verifierKeys: (agency: string) => string[];
  readonly close: () => Promise<void>;
}

/** What commands that work on the record need. */
export interface LedgerCliPorts {
  /** @param data the folder given on the command line. Failures to open are in the reader's words. */
  readonly open: (data: string | undefined) => Promise<Result<OpenLedger>>;
  readonly lines: CaseSource['lines'];
  readonly courtKey: (path: string) => Result<SealTo>;
  /** Cosigned checkpoints in files or at addresses: what witnesses have seen. */
  readonly attestations: (
    sources: readonly string[],
    keys: readonly string[],
  ) => Promise<Result<readonly (Attested & { origin: string })[]>>;
}
