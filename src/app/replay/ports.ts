import type { Result } from '../../domain/failure.ts';
import type { Cells } from '../../domain/replay/layout.ts';
import type { Day } from '../../domain/time/instant.ts';
import type { RulePacks } from '../ports.ts';

export interface ReplayPorts {
  readonly rulePacks: Pick<RulePacks, 'packsFor'>;
  readonly rowsAt: (path: string) => RowSource;
  readonly tables: TableFiles;
  readonly today: () => Day;
}

/** A file of rows with a header. It can be read more than once, and never lies in memory whole. */
export interface RowSource {
  /** As it is named in messages. */
  readonly name: string;
  /** The rows, once the header holds the columns. The first failure is the last thing that comes. */
  readonly rows: (columns: readonly string[]) => AsyncIterable<Result<ReadRow>>;
}

export interface ReadRow {
  readonly line: number;
  readonly cells: Cells;
  /** All cells, where they are not as many as the header has: then none is known to stand in its own column. */
  readonly torn?: readonly string[];
  /** How much of the file has been read, 0 to 1. */
  readonly share: number;
}

export interface TableFiles {
  /**
   * Begins a file of rows beside its place; nothing is at the place until `keep`.
   * @param reading a file that is being read and must not be written over.
   */
  readonly begin: (path: string, reading: string) => Result<TableFile>;
}

export interface TableFile {
  /** A write that fails is told by `keep`, and what follows it is not written. */
  readonly row: (cells: readonly Cell[]) => void;
  /** Puts the whole file in its place, in one step. */
  readonly keep: () => Result<undefined>;
  /** Leaves no trace. */
  readonly discard: () => void;
}

export type Cell = string | number | boolean | null | undefined;
