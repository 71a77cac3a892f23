import { isoOfDay } from '../time/instant.ts';
import { dateInName } from './dating.ts';
import type { Change, DatedList, ListKind } from './list.ts';

/** What a list's header and last save say against its names: a date or a kind. `cell` is empty: the file is meant. */
export function nameChanges(list: DatedList): Change[] {
  return [list.file, ...list.copies].flatMap((file) => [...dateChange(file, list), ...kindChange(file, list)]);
}

function dateChange(file: string, list: DatedList): Change[] {
  const named = dateInName(file);
  const dated = isoOfDay(list.dated);
  const from = named === undefined ? '' : isoOfDay(named.day);
  if (from === dated) return [];
  const reason =
    named === undefined
      ? 'no date in the file name: dated by its last save'
      : 'the file name contradicts the last save';
  return [{ file, sheet: list.sheet, cell: '', from, to: dated, reason }];
}

function kindChange(file: string, list: DatedList): Change[] {
  const from = kindInName(file);
  if (from === undefined || from === list.kind) return [];
  return [
    { file, sheet: list.sheet, cell: '', from, to: list.kind, reason: 'the header shows the other kind of list' },
  ];
}

function kindInName(file: string): ListKind | undefined {
  if (/pending/i.test(file)) return 'pending';
  return /participating/i.test(file) ? 'participating' : undefined;
}
