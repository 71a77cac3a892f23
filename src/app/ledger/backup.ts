import { isoOf, type Instant } from '../../domain/time/instant.ts';
import { failed, ok, type Result } from '../../domain/failure.ts';
import { fileOf, FORMAT, formatManifest, type Manifest, type Measured, type TableShape } from './manifest.ts';
import type { Head } from './ports.ts';

/** Everything in the database at one moment, whoever writes meanwhile. */
export interface View {
  readonly postgres: string;
  /** The last migration; undefined: nothing was ever kept here. */
  readonly migration: string | undefined;
  /** In the order in which they can be restored: what others refer to comes first. */
  readonly tables: readonly TableShape[];
  readonly heads: readonly Head[];
  /** PostgreSQL's COPY in its text format, one line a row: the same bytes from every version. */
  readonly rows: (table: TableShape) => AsyncIterable<Uint8Array>;
}

/** A new folder. What is written is on the disk when it resolves. */
export interface BackupWriter {
  readonly write: (file: string, chunks: AsyncIterable<Uint8Array>) => Promise<void>;
  /** Makes the folder a backup. */
  readonly finish: (manifest: string) => Promise<void>;
}

/** SHA-256 of bytes that come one after another, so that a large file never lies in memory. */
export interface RunningHash {
  readonly update: (bytes: Uint8Array) => void;
  readonly hex: () => string;
}

export interface BackupPorts {
  readonly view: <T>(work: (view: View) => Promise<T>) => Promise<T>;
  readonly writer: BackupWriter;
  readonly newHash: () => RunningHash;
  readonly now: () => Instant;
}

/** Writes the whole record into a folder. It holds no key: without the vault nobody reads a name in it. */
export function backUp({ view, writer, newHash, now }: BackupPorts): Promise<Result<Manifest>> {
  return view(async ({ postgres, migration, tables, heads, rows }) => {
    if (migration === undefined)
      return failed({ code: 'not-found', where: '', message: 'there is nothing to back up: no record was begun here' });
    const written: Manifest['tables'][number][] = [];
    for (const table of tables) {
      const { chunks, total } = measuring(rows(table), newHash());
      await writer.write(fileOf(table), chunks);
      written.push({ ...table, ...total() });
    }
    const manifest: Manifest = {
      format: FORMAT,
      madeAt: isoOf(now()),
      postgres,
      migration,
      agencies: heads.map(({ agency, origin, size, root, checkpoint }) => {
        return { agency, origin, size, root: root.toHex(), checkpoint };
      }),
      tables: written,
    };
    await writer.finish(formatManifest(manifest));
    return ok(manifest);
  });
}

const NEWLINE = 0x0a;

/** Passes chunks on and measures them; the total is known once all have passed. */
export function measuring(
  source: AsyncIterable<Uint8Array>,
  hash: RunningHash,
): { readonly chunks: AsyncIterable<Uint8Array>; readonly total: () => Measured } {
  let [rows, bytes] = [0, 0];
  async function* chunks(): AsyncIterable<Uint8Array> {
    for await (const chunk of source) {
      hash.update(chunk);
      bytes += chunk.length;
      // A line break within a value is written as \n, so that each byte of it ends a row.
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) rows += 1;
      yield chunk;
    }
  }
  return { chunks: chunks(), total: () => ({ rows, bytes, sha256: hash.hex() }) };
}
