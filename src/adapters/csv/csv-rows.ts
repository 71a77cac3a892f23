import { createReadStream, statSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse';
import type { RowSource } from '../../app/replay/replay.ts';
import { failed, ok } from '../../domain/failure.ts';

/** An export of bookings is megabytes; what is larger is refused before a byte of it is read. */
const LARGEST = 512 * 1024 * 1024;
const LONGEST_ROW = 1024 * 1024;

/** The rows of a CSV file with a header, streamed. */
export function csvRows(path: string): RowSource {
  return {
    name: path,
    rows: async function* (columns) {
      const size = sizeOf(path);
      if (typeof size !== 'number') {
        yield size;
        return;
      }
      const parser = createReadStream(path).pipe(
        parse({
          columns: true,
          bom: true,
          info: true,
          max_record_size: LONGEST_ROW,
          skip_empty_lines: true,
          relax_column_count: false,
        }),
      );
      let checked = false;
      try {
        for await (const { record, info } of parser as AsyncIterable<{
          record: Record<string, string>;
          info: { lines: number; bytes: number };
        }>) {
          const absent = checked ? [] : columns.filter((column) => !(column in record));
          if (absent.length > 0) {
            yield failed({
              code: 'malformed',
              where: `${path}:1`,
              message: `lacks the column ${absent.join(', ')}; the layout needs ${columns.join(', ')}`,
            });
            return;
          }
          checked = true;
          yield ok({ line: info.lines, cells: record, share: info.bytes / size });
        }
      } catch (error) {
        if (!(error instanceof CsvError)) throw error;
        yield failed({
          code: 'malformed',
          where: `${path}:${error['lines'] as number}`,
          message: `is no row of this file (${error.message.split('\n')[0] ?? ''})`,
        });
      }
    },
  };
}

function sizeOf(path: string): number | ReturnType<typeof failed> {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return failed({ code: 'unreadable', where: path, message: 'is no file; give a CSV export' });
    if (stats.size === 0) return failed({ code: 'unreadable', where: path, message: 'is empty' });
    if (stats.size > LARGEST)
      return failed({
        code: 'unreadable',
        where: path,
        message: 'is larger than 512 MiB, which no export of bookings is',
      });
    return stats.size;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return failed({ code: 'unreadable', where: path, message: code === 'ENOENT' ? 'there is no such file' : message });
  }
}
