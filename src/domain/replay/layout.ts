import type { Result } from '../failure.ts';
import type { LocalReading } from '../time/local.ts';
import { pierceHolds } from './pierce-holds.ts';

/** One charge or hold of one booking, as a jail's system exports it. */
export interface HoldRow {
  readonly caseId: string;
  readonly booked: WrittenTime;
  readonly released: WrittenTime;
  /** Whether this row is ICE's hold; every other row is custody that is not ICE's. */
  readonly isIceHold: boolean;
  /** When this charge or hold ended; undefined where the file leaves it empty. */
  readonly ended: WrittenTime | undefined;
  /** How it ended, in the jail's own words: "Dismissed", "WSI Chain". */
  readonly disposition: string;
}

/** A wall-clock time and what it can mean. */
export interface WrittenTime {
  /** `2018-04-19 14:00:00`, so that two are compared as texts are. */
  readonly text: string;
  readonly reading: LocalReading;
}

/** How an export is to be read. Layouts are named and closed: a file is never guessed at. */
export interface Layout {
  readonly name: string;
  /** Columns that the header must hold; others are passed over. */
  readonly columns: readonly string[];
  /** Where the jail's clock hangs. */
  readonly zone: string;
  readonly row: (cells: Cells, where: string) => Result<HoldRow>;
}

export type Cells = Readonly<Record<string, string>>;

export const LAYOUTS: ReadonlyMap<string, Layout> = new Map([pierceHolds].map((layout) => [layout.name, layout]));
