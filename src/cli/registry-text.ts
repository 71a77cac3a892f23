import type { ImportSummary } from '../app/registry/import-lists.ts';
import type { Ending } from '../domain/registry/endings.ts';
import { MODELS } from '../domain/registry/models.ts';
import type { RegistryReport } from '../domain/registry/report.ts';

const SHOWN = 20;

/** The import in a screenful: totals by reason, and the first of what nobody understood. */
export function importText(summary: ImportSummary): string {
  const { lists, copies, changes, notUnderstood, duplicates, mergers } = summary;
  const kinds = Map.groupBy(lists, ({ kind }) => kind);
  const count = (kind: 'participating' | 'pending') => kinds.get(kind)?.length ?? 0;
  return lines([
    `${lists.length} lists read: ${count('participating')} participating, ${count('pending')} pending`,
    `${copies.length} byte-identical copies, ${duplicates.length} repeated rows, ${mergers.length} pairs of names joined`,
    ...copies.map(({ file, copyOf }) => `  ${file} is ${copyOf}`),
    '',
    `${changes.length} changes of cells, by reason`,
    ...table(countedByReason(changes)),
    '',
    `${notUnderstood.length} not understood`,
    ...notUnderstood
      .slice(0, SHOWN)
      .map((each) => `  ${each.file} ${each.cell} ${JSON.stringify(each.text)}: ${each.reason}`),
    ...(notUnderstood.length > SHOWN ? ['  … all of them with --json or --changes FILE'] : []),
  ]);
}

export function reportText({ on, list, agreements, pending }: RegistryReport): string {
  const models = MODELS.map((model) => {
    const { listed, absent, ended } = agreements.byModelAndStatus[model];
    return [model, String(list.byModel[model]), String(listed), String(absent), String(ended)];
  });
  const total = ['all', list.rows, agreements.listed, agreements.absent, agreements.ended].map(String);
  const states = Object.entries(agreements.byState).map(([state, counts]) =>
    [state, counts.WSO, counts.JEM, counts.TFM, counts.listed, counts.absent, counts.ended].map(String),
  );
  return lines([
    `287(g) agreements on ${on}`,
    `last list: ${list.file}, ${list.dated}, ${list.rows} rows, ${list.agencies} agencies`,
    pending ? `pending: ${pending.rows} rows in ${pending.file}, ${pending.dated}` : 'pending: no list so early',
    '',
    ...table([['model', 'in list', 'listed', 'absent', 'ended'], ...models, total]),
    '',
    ...table([['state', 'WSO', 'JEM', 'TFM', 'listed', 'absent', 'ended'], ...states]),
  ]);
}

export function endingsText(endings: readonly Ending[]): string {
  const rows = endings.map((each) => [
    each.state,
    each.agency,
    each.model,
    each.status,
    `${each.firstListed} – ${each.lastListed}`,
    `absent since ${each.absentSince} (${each.evidence.listsWithout} lists)`,
    each.stillHasOtherModel ? 'has another model' : '',
    `${each.evidence.lastFileWith} → ${each.evidence.firstFileWithout}`,
  ]);
  return lines([`${endings.length} ${endings.length === 1 ? 'ending' : 'endings'}`, ...table(rows)]);
}

/** Reasons with their counts, most frequent first; what follows a colon differs from cell to cell and is left out. */
function countedByReason(changes: readonly { readonly reason: string }[]): string[][] {
  const groups = Map.groupBy(changes, ({ reason }) =>
    reason.startsWith('spelling repaired') ? 'spelling repaired by table' : reason,
  );
  return [...groups]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .map(([reason, { length }]) => [String(length).padStart(7), reason]);
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((sofar, row) => {
    return row.map((cell, column) => Math.max(cell.length, sofar[column] ?? 0));
  }, []);
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
