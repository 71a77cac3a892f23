import type { Mapping } from '../../domain/import/mapping.ts';
import type { Difference } from '../../domain/import/on-record.ts';
import type { Rejection } from '../../domain/import/booking.ts';
import type { Ledger, LedgerPorts } from '../ledger/ledger.ts';
import type { RowSource } from '../replay/ports.ts';

/** A jail's export, of which only the mapping's columns are read. */
export interface ExportRows extends RowSource {
  /** Columns of the header that nobody asked for: known by their name only, once the header was read. */
  readonly passedOver: () => readonly string[];
}

export interface ImportPorts extends Pick<LedgerPorts, 'store' | 'keyring' | 'primitives' | 'now'> {
  readonly ledger: Ledger;
  readonly rows: ExportRows;
}

export interface ImportRequest {
  readonly mapping: Mapping;
  readonly agency: string;
  /** The account that imports. */
  readonly by: string;
  /** The second person who says that the export holds nobody whose record was sealed or expunged. */
  readonly vouchedBy?: string | undefined;
  /** Writes nothing; says what would be. */
  readonly isTrial: boolean;
}

export interface ImportWatcher {
  readonly progress: (what: 'checking' | 'importing', share: number) => void;
  readonly rejected: (rejection: Rejection) => void;
  /** A row that a sealing or expunging holds back. Not to be said where it may be kept (docs/adr/0012). */
  readonly heldBack: (rejection: Rejection) => void;
  readonly differs: (difference: Difference) => void;
}

export interface ImportReport {
  readonly rows: number;
  /** Bookings of the export, each in one of the next five. */
  readonly bookings: number;
  readonly opened: number;
  readonly continued: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly heldBack: number;
  /** Bookings that tell something otherwise than the record; each is also among the others. */
  readonly differing: number;
  readonly rejectedRows: number;
  /** Events that were appended, or would be. */
  readonly events: number;
  readonly passedOver: readonly string[];
  /** Why the import ended before its end; running it again goes on. */
  readonly stopped?: string | undefined;
}
