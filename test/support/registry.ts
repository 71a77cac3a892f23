import { inOrder } from '../../src/domain/registry/dating.ts';
import type { DatedList, ListKind, PrintedRow } from '../../src/domain/registry/list.ts';
import { DAY, dayFrom, type Day, type Instant } from '../../src/domain/time/instant.ts';

/** `[state, agency, model, signed, address]` as a list prints it; the last two may be missing. */
export type MadeAgreement = readonly [state: string, agency: string, model: string, signed?: string, address?: string];

const MODEL_NAMES: Readonly<Record<string, string>> = {
  WSO: 'Warrant Service Officer',
  JEM: 'Jail Enforcement Model',
  TFM: 'Task Force Model',
};

/** Lists for tests, in order; each is one day after the other unless the day is given. */
export function madeList(dated: string, rows: readonly MadeAgreement[], kind: ListKind = 'participating'): DatedList {
  const day = dayOn(dated);
  return {
    file: `${kind}-${dated}.xlsx`,
    sha256: dated.replaceAll('-', '').padEnd(64, '0'),
    copies: [],
    kind,
    sheet: 'Sheet1',
    modified: (day * DAY) as Instant,
    datesFrom1904: false,
    columns: { state: 'A', agency: 'B', model: 'C', signed: 'D', moa: 'E' },
    entries: rows.map((row, index) => ({ row: index + 2, printed: printedRow(row) })),
    dated: day,
    datedBy: 'name',
    instant: (day * DAY) as Instant,
  };
}

/** Daily lists from a day on. */
export function madeDaily(from: string, days: readonly (readonly MadeAgreement[])[]): DatedList[] {
  const first = Temporal.PlainDate.from(from);
  return inOrder(days.map((rows, index) => madeList(first.add({ days: index }).toString(), rows)));
}

function printedRow([state, agency, model, signed, address]: MadeAgreement): PrintedRow {
  const text = (each: string) => ({ text: each, kind: 'text' as const });
  return {
    state: text(state),
    agency: text(agency),
    model: text(MODEL_NAMES[model] ?? model),
    ...(signed === undefined ? {} : { signed: text(signed) }),
    ...(address === undefined ? {} : { moa: { ...text('link'), link: address } }),
  };
}

export function dayOn(iso: string): Day {
  const day = dayFrom(iso);
  if (day === undefined) throw new Error(`not a day: ${iso}`);
  return day;
}
