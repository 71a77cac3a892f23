/** A workbook as read, before anybody says what it means: cells with their place, their kind and the link behind them. */

export interface Workbook {
  /** `dcterms:modified` of docProps/core.xml as written there: when the workbook was last saved. */
  readonly modified: string | undefined;
  /** Days count from 1904 instead of 1900, as Excel for the Mac once wrote them. */
  readonly datesFrom1904: boolean;
  readonly sheets: readonly Sheet[];
}

export interface Sheet {
  readonly name: string;
  readonly rows: readonly SheetRow[];
}

/** One row with its number as Excel shows it; cells without a value are left out. */
export interface SheetRow {
  readonly number: number;
  readonly cells: readonly SheetCell[];
}

export interface SheetCell {
  /** `A`, `B`, … `AA`. */
  readonly column: string;
  readonly kind: CellKind;
  /** The value as the file holds it: a date is a serial number, an error its name (`#N/A`). */
  readonly text: string;
  /** Where the cell links to. ICE prints `link`; the document's address is only here. */
  readonly link?: string;
}

export type CellKind = 'text' | 'number' | 'error' | 'boolean';
