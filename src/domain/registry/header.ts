import { FIELDS, type Field, type ListKind } from './list.ts';
import type { Sheet, SheetRow } from './sheet.ts';
import { squeezed } from './text.ts';

const TITLES: Readonly<Record<string, Field>> = {
  STATE: 'state',
  'LAW ENFORCEMENT AGENCY': 'agency',
  AGENCY: 'agency',
  TYPE: 'type',
  'AGENCY TYPE': 'type',
  COUNTY: 'county',
  'SUPPORT TYPE': 'model',
  MODEL: 'model',
  SIGNED: 'signed',
  'DATE SIGNED': 'signed',
  MOA: 'moa',
  ADDENDUM: 'addendum',
};
/** Without these three no row says which agreement it is. */
const NEEDED: readonly Field[] = ['state', 'agency', 'model'];
/** A title or a note may stand above the header, but not a whole table. */
const ROWS_SEARCHED = 20;

export interface Header {
  readonly row: number;
  readonly kind: ListKind;
  readonly columns: Readonly<Partial<Record<Field, string>>>;
  /** Titled columns that nobody has a meaning for yet. */
  readonly unknown: readonly { readonly column: string; readonly title: string }[];
}

/** Finds the header; the name of the file says nothing about the kind of list, for ICE has swapped the two. */
export function findHeader(sheet: Sheet): Header | undefined {
  for (const row of sheet.rows.slice(0, ROWS_SEARCHED)) {
    const header = headerIn(row);
    if (NEEDED.every((field) => header.columns[field] !== undefined)) return header;
  }
  return undefined;
}

function headerIn(row: SheetRow): Header {
  const columns: Partial<Record<Field, string>> = {};
  const unknown: { column: string; title: string }[] = [];
  for (const { column, text } of row.cells) {
    const title = squeezed(text);
    const field = TITLES[title.toUpperCase()];
    if (field !== undefined && columns[field] === undefined) columns[field] = column;
    else if (title !== '') unknown.push({ column, title });
  }
  const signs = FIELDS.some((field) => (field === 'signed' || field === 'moa') && columns[field] !== undefined);
  return { row: row.number, kind: signs ? 'participating' : 'pending', columns, unknown };
}
