import type { PrintedRow, RegistryList } from './list.ts';

/**
 * Makes equal rows one object. ICE prints the same row in a hundred lists; kept once, the history of a year fits into a
 * few megabytes and each row is read once. The copy also lets go of the workbook that its texts were cut from.
 */
export function rowSharer(): (list: RegistryList) => RegistryList {
  const rows = new Map<string, PrintedRow>();
  function shared(row: PrintedRow): PrintedRow {
    const text = JSON.stringify(row);
    const known = rows.get(text);
    if (known) return known;
    const copy = JSON.parse(text) as PrintedRow;
    rows.set(text, copy);
    return copy;
  }
  return (list) => ({ ...list, entries: list.entries.map(({ row, printed }) => ({ row, printed: shared(printed) })) });
}
