import { failed, ok, type Result } from '../../domain/failure.ts';
import { numberOf, type Rejection, type Row } from '../../domain/import/booking.ts';
import { columnsOf, type Mapping } from '../../domain/import/mapping.ts';
import type { ExportRows } from './ports.ts';

/** What a first reading of an export tells: that all of it is CSV, and which bookings are torn apart. */
export interface Survey {
  readonly rows: number;
  readonly bookings: number;
  readonly scattered: ReadonlySet<string>;
}

/** Reads the whole export once before anything is written, so that a file that breaks off changes nothing. */
export async function survey(
  source: ExportRows,
  mapping: Mapping,
  progress: (share: number) => void,
): Promise<Result<Survey>> {
  const seen = new Set<string>();
  const scattered = new Set<string>();
  let last: string | undefined;
  let rows = 0;
  for await (const read of source.rows(columnsOf(mapping))) {
    if (!read.ok) return read;
    const number = numberOf(read.value, mapping);
    if (number !== undefined && number !== last && seen.has(number)) scattered.add(number);
    if (number !== undefined) seen.add(number);
    last = number;
    rows += 1;
    progress(read.value.share);
  }
  if (rows === 0)
    return failed({
      code: 'malformed',
      where: source.name,
      message: 'holds a header and no row; give an export with at least one booking',
    });
  return ok({ rows, bookings: seen.size, scattered });
}

/** The rows of one booking, or rows that belong to none that can be read. */
export type Group =
  | { readonly kind: 'booking'; readonly number: string; readonly rows: readonly Row[]; readonly share: number }
  | { readonly kind: 'rejected'; readonly number: string | undefined; readonly rejection: Rejection };

/** A booking has a row for each charge; a thousand times the most that was ever seen is no booking. */
const MOST_ROWS = 10_000;

/** The bookings of an export, one after the other. */
export async function* groupsOf(
  source: ExportRows,
  mapping: Mapping,
  { scattered }: Survey,
): AsyncGenerator<Result<Group>> {
  let rows: Row[] = [];
  let number: string | undefined;
  const { column } = mapping.booking.number;
  const rejected = (row: Row, which: string | undefined, reason: string): Result<Group> =>
    ok({ kind: 'rejected', number: which, rejection: { line: row.line, column, reason, cell: row.cells[column] } });
  const taken = function* (share: number): Generator<Result<Group>> {
    if (number === undefined || rows.length === 0) return;
    if (rows.length <= MOST_ROWS) yield ok({ kind: 'booking', number, rows, share });
    else
      for (const row of rows)
        yield rejected(
          row,
          number,
          `its booking has more than ${MOST_ROWS} rows; look whether ${column} is the number of a booking`,
        );
  };
  for await (const read of source.rows(columnsOf(mapping))) {
    if (!read.ok) {
      yield read;
      return;
    }
    const { line, cells, share } = read.value;
    const row = { line, cells };
    const next = numberOf(row, mapping);
    if (next === undefined || next !== number) {
      yield* taken(share);
      [rows, number] = [[], undefined];
    }
    if (next === undefined) yield rejected(row, undefined, 'is empty; every row names its booking');
    else if (scattered.has(next))
      yield rejected(row, next, 'rows of its booking do not stand together; sort the file by this column');
    else {
      number = next;
      rows.push(row);
    }
  }
  yield* taken(1);
}
