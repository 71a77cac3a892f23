import { REASON } from './reading.ts';
import { agencyKey } from './agency-names.ts';
import type { AgreementHistory } from './agreements.ts';
import { cellOf, type Change, type DatedList, type Field, type NotUnderstood, type PrintedEntry } from './list.ts';
import type { RowReader } from './sightings.ts';
import { stateNameOf } from './states.ts';
import { editDistance } from './text.ts';
import type { UnderstoodRow } from './understand.ts';

export interface ListAccount {
  readonly changes: readonly Change[];
  readonly notUnderstood: readonly NotUnderstood[];
  readonly duplicates: readonly Duplicate[];
}

/** A row that repeats an agreement of the same list. It counts as printed, and it is one agreement all the same. */
export interface Duplicate {
  readonly file: string;
  readonly sheet: string;
  readonly cell: string;
  /** The cell of the row that came first. */
  readonly sameAs: string;
}

/** Gives an account of a list: every cell read otherwise than printed, every one not understood, every repeated row. */
export function accountOf(list: DatedList, reader: RowReader, history: AgreementHistory): ListAccount {
  const changes: Change[] = [];
  const notUnderstood: NotUnderstood[] = [];
  const duplicates: Duplicate[] = [];
  const seen = new Map<string, string>();
  for (const entry of list.entries) {
    const row = reader(entry.printed, list.datesFrom1904);
    const at = (field: Field) => ({ file: list.file, sheet: list.sheet, cell: cellOf(list, entry, field) });
    for (const { field, from, to, reason } of row.changes) changes.push({ ...at(field), from, to, reason });
    for (const { field, text, reason } of row.problems) notUnderstood.push({ ...at(field), text, reason });
    changes.push(...mergedNames(list, entry, row, history));
    const sameAs = repeated(seen, row, at('agency').cell);
    if (sameAs !== undefined) duplicates.push({ ...at('agency'), sameAs });
  }
  return { changes, notUnderstood, duplicates };
}

function repeated(seen: Map<string, string>, { state, key, model }: UnderstoodRow, cell: string): string | undefined {
  if (state === undefined || key === undefined || model === undefined) return undefined;
  const id = `${state}|${key}|${model}`;
  const before = seen.get(id);
  if (before === undefined) seen.set(id, cell);
  return before;
}

/** What merging did to a row: the agency goes by another spelling, another name, or stands under another state. */
function mergedNames(list: DatedList, entry: PrintedEntry, row: UnderstoodRow, history: AgreementHistory): Change[] {
  const { state, key, agency, model } = row;
  if (list.kind !== 'participating' || !state || !key || !agency || !model) return [];
  const name = history.nameOf(state, key, model);
  if (!name) return [];
  const changes: Change[] = [];
  const at = (field: Field) => ({ file: list.file, sheet: list.sheet, cell: cellOf(list, entry, field) });
  if (name.agency !== agency) {
    const near = editDistance(agencyKey(name.agency), key, 2) <= 2;
    const reason = near ? REASON.agencySpelling : REASON.agencyRename;
    changes.push({ ...at('agency'), from: entry.printed.agency?.text ?? '', to: name.agency, reason });
  }
  if (name.state !== state) {
    const from = entry.printed.state?.text ?? '';
    changes.push({ ...at('state'), from, to: stateNameOf(name.state), reason: REASON.stateMisprint });
  }
  return changes;
}
