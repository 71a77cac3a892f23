import { failed, ok, type Result } from '../../domain/failure.ts';
import { accountOf, type Duplicate } from '../../domain/registry/account.ts';
import { historyUpTo, type AgreementHistory } from '../../domain/registry/agreements.ts';
import { bestNameFirst, dateList, inOrder } from '../../domain/registry/dating.ts';
import { nameChanges } from '../../domain/registry/list-changes.ts';
import type { Change, DatedList, NotUnderstood, RegistryList } from '../../domain/registry/list.ts';
import type { Merger } from '../../domain/registry/merging.ts';
import { readList } from '../../domain/registry/read-list.ts';
import { rowSharer } from '../../domain/registry/shared-rows.ts';
import { rowReader } from '../../domain/registry/sightings.ts';
import { isoOfDay, type Day } from '../../domain/time/instant.ts';
import type { HistoryStore, RegistryPorts } from './ports.ts';

export interface ImportOrder {
  readonly patterns: readonly string[];
  readonly db: string;
  /** Where to write every change and everything not understood, one JSON object a line. */
  readonly changes: string | undefined;
  /** Called before each file with its path, how many are done, and how many there are. */
  readonly onProgress: (path: string, done: number, total: number) => void;
}

export interface ImportSummary {
  /** Lists of this import that the history now holds, in their order. */
  readonly lists: readonly ListSummary[];
  /** Files with bytes that the history already has under another name. */
  readonly copies: readonly { readonly file: string; readonly copyOf: string }[];
  readonly changes: readonly Change[];
  readonly notUnderstood: readonly NotUnderstood[];
  readonly duplicates: readonly Duplicate[];
  /** Names that the whole history now takes for one agency, with what shows it. */
  readonly mergers: readonly Merger[];
}

export interface ListSummary {
  readonly file: string;
  readonly kind: 'participating' | 'pending';
  readonly dated: string;
  readonly datedBy: string;
  readonly rows: number;
  readonly sha256: string;
}

interface Gathered {
  readonly lists: Map<string, RegistryList>;
  /** Hashes of the bytes that came in this import. */
  readonly imported: Set<string>;
  readonly notUnderstood: NotUnderstood[];
}

/** Reads every file, then keeps the new history in one step. The first file that cannot be read stops it all. */
export async function importLists(ports: RegistryPorts, order: ImportOrder): Promise<Result<ImportSummary>> {
  const paths = await ports.files.find(order.patterns);
  if (!paths.ok) return paths;
  const store = ports.historyAt(order.db);
  const old = await store.load();
  if (!old.ok) return old;
  const gathered: Gathered = {
    lists: new Map(old.value.lists.map((list) => [list.sha256, list])),
    imported: new Set(),
    notUnderstood: [],
  };
  const share = rowSharer();
  for (const [done, path] of paths.value.entries()) {
    order.onProgress(path, done, paths.value.length);
    const read = await ports.workbooks.read(path);
    if (!read.ok) return read;
    const { list, notUnderstood } = readList(nameOf(path), read.value.sha256, read.value.workbook);
    gathered.notUnderstood.push(...notUnderstood);
    if (list) gather(gathered, share(list));
  }
  return keep(ports, store, gathered, order);
}

/** The same bytes again: another name for a list that is known, or the same name once more. */
function gather({ lists, imported }: Gathered, list: RegistryList): void {
  const known = lists.get(list.sha256);
  const names = new Set([...(known ? [known.file, ...known.copies] : []), list.file]);
  const [file = list.file, ...copies] = bestNameFirst([...names], list.modified);
  lists.set(list.sha256, { ...list, file, copies });
  imported.add(list.sha256);
}

async function keep(
  ports: RegistryPorts,
  store: HistoryStore,
  gathered: Gathered,
  order: ImportOrder,
): Promise<Result<ImportSummary>> {
  const { dated, undated } = withDates([...gathered.lists.values()]);
  const lists = inOrder(dated);
  if (!lists.some(({ sha256 }) => gathered.imported.has(sha256))) return nothingRead(gathered, undated, order);
  const summary = summarise(lists, gathered, undated);
  if (order.changes !== undefined) {
    // Before the history: an import that cannot say what it changed must not have changed anything.
    const lines = [...summary.changes, ...summary.notUnderstood].map((each) => JSON.stringify(each));
    const written = await ports.reports.write(order.changes, lines);
    if (!written.ok) return written;
  }
  const saved = await store.save({ lists });
  return saved.ok ? ok(summary) : saved;
}

function withDates(lists: readonly RegistryList[]): { dated: DatedList[]; undated: NotUnderstood[] } {
  const dated: DatedList[] = [];
  const undated: NotUnderstood[] = [];
  for (const list of lists) {
    const found = dateList(list);
    const reason = 'neither the name nor the last save says when the list was in force; it is left out';
    if (found) dated.push(found);
    else undated.push({ file: list.file, sheet: list.sheet, cell: '', text: '', reason });
  }
  return { dated, undated };
}

/** Nothing among the files was a list: most likely they are the wrong files, so that this is a failure. */
function nothingRead(gathered: Gathered, undated: readonly NotUnderstood[], order: ImportOrder): Result<never> {
  const [first] = [...gathered.notUnderstood, ...undated];
  const why = first === undefined ? '' : ` (${first.file}: ${first.reason})`;
  const where = order.patterns.join(' ');
  return failed({ code: 'malformed', where, message: `no list of 287(g) agencies was found${why}` });
}

function summarise(lists: readonly DatedList[], gathered: Gathered, undated: readonly NotUnderstood[]): ImportSummary {
  const reader = rowReader();
  const latest = Math.max(...lists.map(({ dated }) => dated)) as Day;
  const history: AgreementHistory = historyUpTo(lists, latest, reader);
  const fresh = lists.filter(({ sha256 }) => gathered.imported.has(sha256));
  const accounts = fresh.map((list) => accountOf(list, reader, history));
  return {
    lists: fresh.map(listSummary),
    copies: fresh.flatMap(({ file, copies }) => copies.map((copy) => ({ file: copy, copyOf: file }))),
    changes: [...fresh.flatMap(nameChanges), ...accounts.flatMap(({ changes }) => changes)],
    notUnderstood: [...gathered.notUnderstood, ...undated, ...accounts.flatMap((account) => account.notUnderstood)],
    duplicates: accounts.flatMap(({ duplicates }) => duplicates),
    mergers: history.mergers,
  };
}

function listSummary({ file, kind, dated, datedBy, entries, sha256 }: DatedList): ListSummary {
  return { file, kind, dated: isoOfDay(dated), datedBy, rows: entries.length, sha256 };
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
