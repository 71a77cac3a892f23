import { createReadStream, statSync, type Stats } from 'node:fs';
import { pipeline, Transform } from 'node:stream';
import { CsvError, parse, type Info } from 'csv-parse';
import type { ReadRow, RowSource } from '../../app/replay/ports.ts';
import { failed, ok, type Failure, type Result } from '../../domain/failure.ts';

/** A million bookings stay below this; what is larger is refused before a byte of it is read. */
const LARGEST = 256 * 1024 * 1024;
const LONGEST_ROW = 64 * 1024;

/** The rows of a CSV file with a header, streamed. */
export function csvRows(path: string): RowSource {
  return {
    name: path,
    rows: (columns) =>
      whole(
        path,
        rowsOf(path, (header) => checkedHeader(header, columns)),
      ),
  };
}

export interface ExportFormat {
  readonly delimiter: string;
  readonly encoding: 'utf-8' | 'windows-1252';
}

/** Here one row with too many or too few cells is a fault of the file. */
async function* whole(path: string, rows: AsyncIterable<Result<ReadRow>>): AsyncGenerator<Result<ReadRow>> {
  for await (const row of rows) {
    if (!row.ok || row.value.torn === undefined) yield row;
    else {
      const message = 'has not as many cells as the header has columns';
      yield failed({ code: 'malformed', where: `${path}:${row.value.line}`, message });
      return;
    }
  }
}

/** The same of an export of which only the columns asked for are taken; of the others no more than their names. */
export function exportRows(path: string, format: ExportFormat): RowSource & { passedOver: () => readonly string[] } {
  let passedOver: readonly string[] = [];
  const onlyAsked =
    (columns: readonly string[]) =>
    (header: readonly string[]): (string | false)[] => {
      const names = checkedHeader(header, columns);
      passedOver = names.filter((name) => !columns.includes(name));
      return names.map((name) => (columns.includes(name) ? name : false));
    };
  return { name: path, rows: (columns) => rowsOf(path, onlyAsked(columns), format), passedOver: () => passedOver };
}

async function* rowsOf(
  path: string,
  named: (header: string[]) => (string | false)[],
  format?: ExportFormat,
): AsyncGenerator<Result<ReadRow>> {
  const size = sizeOf(path);
  if (!size.ok) {
    yield size;
    return;
  }
  const parser = parse({
    bom: true,
    info: true,
    max_record_size: LONGEST_ROW,
    skip_empty_lines: true,
    // The cells of a row are counted here, so that one row which is torn does not end the file.
    relax_column_count: true,
    ...(format === undefined ? {} : { delimiter: format.delimiter }),
  });
  // `pipeline` and not `pipe`: a file that cannot be opened, or a reader that has heard enough, ends both streams.
  const told = () => undefined;
  if (format === undefined) pipeline(createReadStream(path), parser, told);
  else pipeline(createReadStream(path), decoding(format.encoding), parser, told);
  let names: (string | false)[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      if (names === undefined) {
        names = named(record);
        continue;
      }
      const row = { line: info.lines, cells: cellsOf(record, names), share: Math.min(1, info.bytes / size.value) };
      yield ok(record.length === names.length ? row : { ...row, torn: record });
    }
  } catch (error) {
    yield failed(failureOf(path, error));
  }
}

function cellsOf(record: readonly string[], names: readonly (string | false)[]): Record<string, string> {
  const cells: Record<string, string> = {};
  names.forEach((name, at) => {
    if (name !== false) cells[name] = record[at] ?? '';
  });
  return cells;
}

/** Bytes to text, strictly: a byte that the encoding does not have is no question mark. */
function decoding(encoding: ExportFormat['encoding']): Transform {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decoded = (bytes?: Buffer): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch (error) {
      throw new WrongText(
        `is no ${encoding} text; name its encoding in the mapping (utf-8 or windows-1252), or save it as UTF-8`,
        { cause: error },
      );
    }
  };
  const passing = (work: () => string, done: (error: Error | null, text?: string) => void): void => {
    let text: string;
    try {
      text = work();
    } catch (error) {
      done(error as Error);
      return;
    }
    done(null, text);
  };
  return new Transform({
    transform: (chunk: Buffer, _, done) => passing(() => decoded(chunk), done),
    flush: (done) => passing(() => decoded(), done),
  });
}

class WrongText extends Error {}
class WrongHeader extends Error {}

function checkedHeader(header: readonly string[], columns: readonly string[]): string[] {
  const names = header.map((name) => name.trim());
  const absent = columns.filter((column) => !names.includes(column));
  const twice = columns.filter((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (absent.length > 0) {
    const needed =
      absent.length === columns.length ? 'all that the layout needs' : `the layout needs ${columns.join(', ')}`;
    throw new WrongHeader(`lacks the column ${absent.join(', ')}; ${needed}`);
  }
  if (twice.length > 0) throw new WrongHeader(`has the column ${twice.join(', ')} twice; keep one`);
  return names;
}

function failureOf(path: string, error: unknown): Failure {
  if (error instanceof WrongHeader) return { code: 'malformed', where: `${path}:1`, message: error.message };
  if (error instanceof WrongText) return { code: 'unreadable', where: path, message: error.message };
  if (error instanceof CsvError) {
    const line = typeof error['lines'] === 'number' ? `:${error['lines']}` : '';
    return { code: 'malformed', where: `${path}${line}`, message: wordsFor(error) };
  }
  return unreadable(path, error);
}

function wordsFor(error: CsvError): string {
  switch (error.code) {
    case 'CSV_MAX_RECORD_SIZE':
      return 'is longer than 64 KiB, which no row is; look for a quotation mark that is never closed';
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quotation mark is opened and never closed';
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return 'a quotation mark stands in the middle of a cell; write it twice, and the cell in quotation marks';
    default:
      return `is no CSV row (${error.code})`;
  }
}

function sizeOf(path: string): Result<number> {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    return failed(unreadable(path, error));
  }
  const problem = problemOf(stats);
  return problem === undefined ? ok(stats.size) : failed({ code: 'unreadable', where: path, message: problem });
}

function problemOf(stats: Stats): string | undefined {
  if (stats.isDirectory()) return 'is a folder; give a file';
  // It is read twice, which a pipe cannot be.
  if (!stats.isFile()) return 'is no file on a disk; save the export in one';
  if (stats.size === 0) return 'is empty; give an export with a header and rows';
  if (stats.size > LARGEST) return 'is larger than 256 MiB, which no export of bookings is; give one year at a time';
  return undefined;
}

function unreadable(where: string, error: unknown): Failure {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'may not be read by this account',
  };
  return { code: 'unreadable', where, message: words[String(error.code)] ?? error.message };
}
