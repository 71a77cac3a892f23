import type { Result } from '../../domain/failure.ts';
import type { RegistryHistory } from '../../domain/registry/history.ts';
import type { Workbook } from '../../domain/registry/sheet.ts';

export interface RegistryPorts {
  readonly files: FileFinder;
  readonly workbooks: WorkbookReader;
  /** Opens the history kept at a path; the path is a file that need not exist yet. */
  readonly historyAt: (path: string) => HistoryStore;
  readonly reports: ReportWriter;
}

export interface FileFinder {
  /** Files, folders (searched to the bottom for *.xlsx) and globs, as paths without repetition and in one order. */
  readonly find: (patterns: readonly string[]) => Promise<Result<readonly string[]>>;
}

export interface ReadWorkbook {
  readonly workbook: Workbook;
  /** Hash of the file's bytes. */
  readonly sha256: string;
}

export interface WorkbookReader {
  /** Reads a workbook within limits of size; what is too large, no zip or no workbook is a failure with its path. */
  readonly read: (path: string) => Promise<Result<ReadWorkbook>>;
}

export interface HistoryStore {
  /** The history; an empty one where nothing has been kept yet. */
  readonly load: () => Promise<Result<RegistryHistory>>;
  /** Replaces the history in one step: afterwards it is the old one or the new one, never half of either. */
  readonly save: (history: RegistryHistory) => Promise<Result<undefined>>;
}

export interface ReportWriter {
  /** Writes a report file in one step. */
  readonly write: (path: string, lines: readonly string[]) => Promise<Result<undefined>>;
}
