import { failed, ok, type Failure, type Result } from '../../domain/failure.ts';
import { numberOf, withBooking, type Rejection, type Row } from '../../domain/import/booking.ts';
import { columnsOf, type Mapping } from '../../domain/import/mapping.ts';
import type { ExportRows } from './ports.ts';

/** What a first reading of an export tells: that all of it is CSV, and which bookings cannot be told whole. */
export interface Survey {
  readonly rows: number;
  readonly bookings: number;
  readonly scattered: ReadonlySet<string>;
  /** Bookings that may lack a row, since its cells have moved: by their number the line of that row. */
  readonly torn: ReadonlyMap<string, number>;
}

/** A row whose cells have moved, between the bookings of the rows around it. */
interface Torn {
  readonly line: number;
  readonly texts: readonly string[];
  /** What stands where the number should. */
  readonly number: string | undefined;
  readonly before: string | undefined;
  after?: string | undefined;
}

/** More rows than these have no slip in them: the file is another one than the mapping says. */
const MOST_TORN = 10_000;

/** Reads the whole export once before anything is written, so that a file that breaks off changes nothing. */
export async function survey(
  source: ExportRows,
  mapping: Mapping,
  progress: (share: number) => void,
): Promise<Result<Survey>> {
  const seen = new Set<string>();
  const scattered = new Set<string>();
  const torn: Torn[] = [];
  let open: Torn[] = [];
  let last: string | undefined;
  let rows = 0;
  for await (const read of source.rows(columnsOf(mapping))) {
    if (!read.ok) return read;
    const number = numberOf(read.value, mapping);
    if (read.value.torn !== undefined) {
      const { line, torn: texts } = read.value;
      open.push({ line, texts: texts.map((text) => text.trim()), number, before: last });
      rows += 1;
      if (torn.length + open.length > MOST_TORN) return failed(tooTorn(source.name));
      continue;
    }
    for (const each of open) torn.push({ ...each, after: number });
    open = [];
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
  return ok({ rows, bookings: seen.size, scattered, torn: bookingsOf([...torn, ...open], seen) });
}

/**
 * Whose rows the torn ones may be. A booking that lacked one of its charges would seem to end earlier than it did, so
 * whichever may lack one is left out: those whose number is among the cells; where there is none, the booking whose rows
 * stand on both sides; and where not even a number is in its place, both neighbours.
 */
function bookingsOf(rows: readonly Torn[], seen: ReadonlySet<string>): Map<string, number> {
  const torn = new Map<string, number>();
  for (const { line, texts, number, before, after } of rows) {
    const named = texts.filter((text) => seen.has(text));
    const isWithin = before !== undefined && before === after;
    const around = isWithin || (named.length === 0 && number === undefined) ? [before, after] : [];
    for (const each of [...named, ...around]) if (each !== undefined) torn.set(each, torn.get(each) ?? line);
  }
  return torn;
}

function tooTorn(where: string): Failure {
  const message = `has more than ${MOST_TORN} rows with another number of cells than the header; look at its delimiter`;
  return { code: 'malformed', where, message };
}

/** The rows of one booking, or rows that belong to none that can be read. */
export type Group =
  | { readonly kind: 'booking'; readonly number: string; readonly rows: readonly Row[]; readonly share: number }
  | { readonly kind: 'rejected'; readonly number: string | undefined; readonly rejection: Rejection };

/** A booking has a row for each charge; a thousand times the most that was ever seen is no booking. */
const MOST_ROWS = 10_000;

const TORN = 'has not as many cells as the header has columns; look for a cell that needs quotation marks';

/** The bookings of an export, one after the other. */
export async function* groupsOf(
  source: ExportRows,
  mapping: Mapping,
  { scattered, torn }: Survey,
): AsyncGenerator<Result<Group>> {
  let rows: Row[] = [];
  let number: string | undefined;
  const { column } = mapping.booking.number;
  const rejected = (row: Row, which: string | undefined, reason: string): Result<Group> =>
    ok({ kind: 'rejected', number: which, rejection: { line: row.line, column, reason, cell: row.cells[column] } });
  const taken = function* (share: number): Generator<Result<Group>> {
    if (number === undefined || rows.length === 0) return;
    const worst = torn.get(number);
    if (worst !== undefined) {
      const which = number;
      for (const { line } of rows) yield ok({ kind: 'rejected', number: which, rejection: withBooking(line, worst) });
      return;
    }
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
    if (read.value.torn !== undefined) {
      yield ok({ kind: 'rejected', number: undefined, rejection: { line, reason: TORN } });
      continue;
    }
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
