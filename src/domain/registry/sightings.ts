import type { Day } from '../time/instant.ts';
import type { AgencyKey } from './agency-names.ts';
import { cellOf, type DatedList, type PrintedEntry, type PrintedRow } from './list.ts';
import type { DocumentPath } from './links.ts';
import type { Model } from './models.ts';
import type { StateCode } from './states.ts';
import { understand, type UnderstoodRow } from './understand.ts';

/** An agreement seen in one row of one list, with the three parts of its key known. */
export interface Sighting {
  /** The list's place in the order of lists. */
  readonly list: number;
  readonly state: StateCode;
  readonly agency: string;
  readonly key: AgencyKey;
  readonly model: Model;
  readonly county: string | undefined;
  readonly signed: Day | undefined;
  readonly document: DocumentPath | undefined;
  /** The agency as printed, and where. */
  readonly printed: string;
  readonly file: string;
  readonly cell: string;
}

/** Remembers what a printed row means: ICE prints the same row in a hundred lists. */
export function rowReader(): (row: PrintedRow, datesFrom1904: boolean) => UnderstoodRow {
  const known = [new WeakMap<PrintedRow, UnderstoodRow>(), new WeakMap<PrintedRow, UnderstoodRow>()] as const;
  return (row, datesFrom1904) => {
    const memory = known[datesFrom1904 ? 1 : 0];
    const before = memory.get(row);
    if (before) return before;
    const understood = understand(row, datesFrom1904);
    memory.set(row, understood);
    return understood;
  };
}

export type RowReader = ReturnType<typeof rowReader>;

/** Every agreement seen in the lists, which stand in order. A row that lacks a part of the key is none. */
export function sightingsIn(lists: readonly DatedList[], reader: RowReader): Sighting[] {
  return lists.flatMap((list, index) =>
    list.entries.flatMap((entry) => sightingIn(list, index, entry, reader(entry.printed, list.datesFrom1904))),
  );
}

function sightingIn(list: DatedList, index: number, entry: PrintedEntry, row: UnderstoodRow): Sighting[] {
  const { state, agency, key, model, county, signed, document } = row;
  if (state === undefined || agency === undefined || key === undefined || model === undefined) return [];
  const printed = entry.printed.agency?.text ?? '';
  const place = { file: list.file, cell: cellOf(list, entry, 'agency') };
  return [{ list: index, state, agency, key, model, county, signed, document, printed, ...place }];
}
