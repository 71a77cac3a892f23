import { instantFrom } from '../time/instant.ts';
import { findHeader, type Header } from './header.ts';
import { FIELDS, type NotUnderstood, type PrintedEntry, type PrintedRow, type RegistryList } from './list.ts';
import type { Sheet, SheetCell, SheetRow, Workbook } from './sheet.ts';
import { squeezed } from './text.ts';

export interface ListReading {
  readonly list: RegistryList | undefined;
  readonly notUnderstood: readonly NotUnderstood[];
}

/** Takes the list out of a workbook as printed. Sheets without a list, and columns without a meaning, are reported. */
export function readList(file: string, sha256: string, workbook: Workbook): ListReading {
  const notUnderstood: NotUnderstood[] = [];
  let list: RegistryList | undefined;
  for (const sheet of workbook.sheets) {
    if (sheet.rows.every(isBlank)) continue;
    const header = findHeader(sheet);
    const whole = { file, sheet: sheet.name, cell: '', text: '' };
    if (!header) {
      notUnderstood.push({ ...whole, reason: 'no header with STATE, LAW ENFORCEMENT AGENCY and SUPPORT TYPE' });
    } else if (list) {
      notUnderstood.push({ ...whole, reason: 'a second list in one workbook: only the first is read' });
    } else {
      list = listFrom(file, sha256, workbook, sheet, header);
      notUnderstood.push(...strayCells(file, sheet, header));
    }
  }
  if (!list && notUnderstood.length === 0) {
    notUnderstood.push({ file, sheet: '', cell: '', text: '', reason: 'the workbook holds no cell' });
  }
  return { list, notUnderstood };
}

function listFrom(file: string, sha256: string, workbook: Workbook, sheet: Sheet, header: Header): RegistryList {
  return {
    file,
    sha256,
    copies: [],
    kind: header.kind,
    sheet: sheet.name,
    modified: workbook.modified === undefined ? undefined : instantFrom(workbook.modified),
    datesFrom1904: workbook.datesFrom1904,
    columns: header.columns,
    entries: below(sheet, header)
      .map((row) => entryFrom(row, header))
      .filter(isPrinted),
  };
}

/** The rows below the header; a blank row between two agencies, or a thousand after the last, is no entry. */
function below(sheet: Sheet, header: Header): readonly SheetRow[] {
  return sheet.rows.filter((row) => row.number > header.row && !isBlank(row));
}

function isBlank(row: SheetRow): boolean {
  return row.cells.every((cell) => squeezed(cell.text) === '');
}

function isPrinted(entry: PrintedEntry): boolean {
  return Object.keys(entry.printed).length > 0;
}

function entryFrom(row: SheetRow, header: Header): PrintedEntry {
  const printed: Record<string, SheetCell> = {};
  for (const field of FIELDS) {
    const cell = row.cells.find(({ column }) => column === header.columns[field]);
    if (cell && (squeezed(cell.text) !== '' || cell.link !== undefined)) printed[field] = cell;
  }
  return { row: row.number, printed: withoutColumns(printed) };
}

function withoutColumns(cells: Readonly<Record<string, SheetCell>>): PrintedRow {
  return Object.fromEntries(
    Object.entries(cells).map(([field, { text, kind, link }]) => [
      field,
      link === undefined ? { text, kind } : { text, kind, link },
    ]),
  );
}

/** Text outside every column that has a meaning: an unknown column's title, a note beside the table. */
function strayCells(file: string, sheet: Sheet, header: Header): NotUnderstood[] {
  const known = new Set(Object.values(header.columns));
  const titles = header.unknown.map(({ column, title }) => ({
    file,
    sheet: sheet.name,
    cell: `${column}${header.row}`,
    text: title,
    reason: 'a column of this title is not known',
  }));
  const notes = sheet.rows
    .filter((row) => row.number !== header.row)
    .flatMap((row) => row.cells.map((cell) => ({ row, cell })))
    .filter(({ row, cell }) => squeezed(cell.text) !== '' && (row.number < header.row || !known.has(cell.column)));
  return [
    ...titles,
    ...notes.map(({ row, cell }) => ({
      file,
      sheet: sheet.name,
      cell: `${cell.column}${row.number}`,
      text: cell.text,
      reason: 'a cell outside the columns of the list',
    })),
  ];
}
