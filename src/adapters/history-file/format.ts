import { z } from 'zod';
import type { RegistryHistory } from '../../domain/registry/history.ts';
import { FIELDS, type DatedList, type PrintedRow } from '../../domain/registry/list.ts';
import type { Day, Instant } from '../../domain/time/instant.ts';

export const FORMAT = 'writkeeper-registry/1';

const cell = z.strictObject({
  text: z.string(),
  kind: z.enum(['text', 'number', 'error', 'boolean']),
  link: z.string().optional(),
});
const field = z.enum(FIELDS);
const list = z.strictObject({
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  copies: z.array(z.string()),
  kind: z.enum(['participating', 'pending']),
  sheet: z.string(),
  modified: z.number().int().nullable(),
  datesFrom1904: z.boolean(),
  columns: z.partialRecord(field, z.string()),
  dated: z.number().int(),
  datedBy: z.enum(['name', 'modified', 'capture']),
  instant: z.number(),
  /** Pairs, one after the other: the row's number in the sheet, its place in `rows`. */
  entries: z.array(z.number().int().nonnegative()),
});
const file = z.strictObject({
  format: z.literal(FORMAT),
  /** Each row that ICE ever printed, once: it prints the same row in a hundred lists. */
  rows: z.array(z.partialRecord(field, cell)),
  lists: z.array(list),
});

type HistoryFile = z.infer<typeof file>;

/** The history as text: the same history gives the same text. */
export function textOf(history: RegistryHistory): string {
  const places = new Map<string, number>();
  const rows: PrintedRow[] = [];
  const placeOf = (row: PrintedRow): number => {
    const id = JSON.stringify(FIELDS.map((each) => [row[each]?.kind, row[each]?.text, row[each]?.link]));
    const known = places.get(id);
    if (known !== undefined) return known;
    places.set(id, rows.length);
    return rows.push(row) - 1;
  };
  const lists = history.lists.map(({ entries, modified, ...rest }) => ({
    ...rest,
    modified: modified ?? null,
    entries: entries.flatMap(({ row, printed }) => [row, placeOf(printed)]),
  }));
  return `${JSON.stringify({ format: FORMAT, rows, lists })}\n`;
}

/** @returns the history, or what is wrong with the text. */
export function historyFrom(text: string): RegistryHistory | { readonly problem: string } {
  const parsed = file.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { problem: `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not valid'}`.trim() };
  }
  const { rows } = parsed.data;
  const stray = parsed.data.lists.find(({ entries }) => entries.some((each, index) => index % 2 === 1 && !rows[each]));
  if (stray) return { problem: `${stray.file} names a row that is not in the file` };
  return { lists: parsed.data.lists.map((each) => listFrom(each, rows)) };
}

function listFrom({ entries, ...rest }: HistoryFile['lists'][number], rows: readonly PrintedRow[]): DatedList {
  const pairs = entries.flatMap((row, index) => {
    const printed = index % 2 === 0 ? rows[entries[index + 1] ?? -1] : undefined;
    return printed ? [{ row, printed }] : [];
  });
  return {
    ...rest,
    modified: rest.modified === null ? undefined : (rest.modified as Instant),
    dated: rest.dated as Day,
    instant: rest.instant as Instant,
    entries: pairs,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
