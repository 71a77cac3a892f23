import type { Day, Instant } from '../time/instant.ts';
import type { CellKind } from './sheet.ts';

/** What a list is, decided by its header alone: only agreements in force are signed and linked. */
export type ListKind = 'participating' | 'pending';

export const FIELDS = ['state', 'agency', 'type', 'county', 'model', 'signed', 'moa', 'addendum'] as const;
export type Field = (typeof FIELDS)[number];

/** A cell as ICE printed it. The history keeps this, so that a better reading needs no second import. */
export interface PrintedCell {
  readonly text: string;
  readonly kind: CellKind;
  readonly link?: string | undefined;
}

export type PrintedRow = Readonly<Partial<Record<Field, PrintedCell>>>;

export interface PrintedEntry {
  /** The row's number as Excel shows it. */
  readonly row: number;
  readonly printed: PrintedRow;
}

/** One list of agencies, from one sheet of one workbook. */
export interface RegistryList {
  readonly file: string;
  /** Hash of the workbook's bytes: the same bytes are the same list, whatever their name. */
  readonly sha256: string;
  /** Other names under which the same bytes came. */
  readonly copies: readonly string[];
  readonly kind: ListKind;
  readonly sheet: string;
  readonly modified: Instant | undefined;
  readonly datesFrom1904: boolean;
  /** Which column holds which field: columns change from year to year. */
  readonly columns: Readonly<Partial<Record<Field, string>>>;
  readonly entries: readonly PrintedEntry[];
}

/** A list with its date, as docs/registry.md settles it. */
export interface DatedList extends RegistryList {
  readonly dated: Day;
  readonly datedBy: DatedBy;
  /** Orders lists of one day: the last save, or the capture where the save came after it. */
  readonly instant: Instant;
}

/** `name`: the name's date stands; `modified`: the name's date is wrong or missing; `capture`: saved anew after the capture. */
export type DatedBy = 'name' | 'modified' | 'capture';

/** A cell that was read otherwise than printed. */
export interface Change {
  readonly file: string;
  readonly sheet: string;
  readonly cell: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** What could not be understood; `cell` is empty where the sheet or the file as a whole is meant. */
export interface NotUnderstood {
  readonly file: string;
  readonly sheet: string;
  readonly cell: string;
  readonly text: string;
  readonly reason: string;
}

/** `D17`: where a field of an entry stands in its list. A field without a column is placed at its row. */
export function cellOf(list: RegistryList, entry: PrintedEntry, field: Field): string {
  return `${list.columns[field] ?? ''}${entry.row}`;
}
