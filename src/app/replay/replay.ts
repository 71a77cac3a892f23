import { failed, ok, type Result } from '../../domain/failure.ts';
import { lawOf } from '../../domain/law/in-force.ts';
import { replayBooking, type ReplayedBooking } from '../../domain/replay/booking.ts';
import { PIERCE_COLUMNS, pierceRow, type HoldRow } from '../../domain/replay/pierce-holds.ts';
import type { IsHoliday } from '../../domain/time/holidays.ts';
import { isoOfDay, type Day } from '../../domain/time/instant.ts';
import type { RulePacks } from '../ports.ts';
import { answerUnder, regimesOf, type Regime, type RegimeAnswer } from './regimes.ts';

/** A file of rows with a header, read row by row. */
export interface RowSource {
  readonly name: string;
  readonly rows: (
    columns: readonly string[],
  ) => AsyncIterable<
    Result<{ readonly line: number; readonly cells: Readonly<Record<string, string>>; readonly share: number }>
  >;
}

export interface Replayed extends ReplayedBooking {
  readonly regimes: readonly RegimeAnswer[];
}

export interface Totals {
  readonly bookings: number;
  readonly computable: number;
  readonly over48Continuous: number;
  readonly over48ExcludingDays: number;
  readonly notComputable: Readonly<Record<string, number>>;
}

export interface RegimeTotals {
  readonly regime: string;
  readonly jurisdiction: string;
  readonly lawOn: string;
  readonly assuming: string;
  readonly onTheDataAlone: Readonly<Record<string, number>>;
  readonly atMost: Readonly<Record<string, number>>;
  /** Bookings in which the person stayed longer than the most that the regime could have allowed. */
  readonly longer: number;
  readonly longestHoursPast: number;
}

export const LAYOUTS = ['pierce-holds'] as const;

/**
 * Replays bookings one at a time; each is given to `each` as soon as its rows are read, and only the totals are kept.
 * The first row that cannot be read ends it: half an answer is none.
 */
export async function replay(
  source: RowSource,
  packs: Pick<RulePacks, 'packsFor'>,
  today: Day,
  each: (booking: Replayed, share: number) => void,
): Promise<Result<{ totals: Totals; regimes: RegimeTotals[] }>> {
  const regimes = regimesOf(packs, today, isoOfDay(today));
  if (!regimes.ok) return regimes;
  const federal = packs.packsFor('us');
  if (!federal.ok) return federal;
  const { isHoliday } = lawOf(federal.value, 'us')(today);
  const counts = counter(regimes.value);
  const finish = (rows: readonly HoldRow[], share: number): void => {
    const booking = replayed(rows, isHoliday, regimes.value);
    counts.add(booking);
    each(booking, share);
  };
  const seen = new Set<string>();
  let rows: HoldRow[] = [];
  for await (const read of source.rows(PIERCE_COLUMNS)) {
    if (!read.ok) return read;
    const row = pierceRow(read.value.cells, source.name, read.value.line);
    if (!row.ok) return row;
    if (rows[0] !== undefined && rows[0].caseId !== row.value.caseId) {
      finish(rows, read.value.share);
      rows = [];
    }
    if (rows.length === 0 && seen.has(row.value.caseId)) return failed(scattered(source.name, row.value));
    seen.add(row.value.caseId);
    rows.push(row.value);
  }
  if (rows.length === 0)
    return failed({
      code: 'malformed',
      where: source.name,
      message: 'holds no row; give an export with at least one booking',
    });
  finish(rows, 1);
  return ok(counts.totals());
}

function replayed(rows: readonly HoldRow[], isHoliday: IsHoliday, regimes: readonly Regime[]): Replayed {
  const { booking, times } = replayBooking(rows, isHoliday);
  return { ...booking, regimes: times === undefined ? [] : regimes.map((regime) => answerUnder(regime, times)) };
}

function scattered(where: string, row: HoldRow): { code: 'malformed'; where: string; message: string } {
  return {
    code: 'malformed',
    where: `${where}:${row.line}`,
    message: `the rows of ${row.caseId} do not stand together; sort the file by case_id`,
  };
}

const ASSUMING = 'papers in order: form, signatures, dates, service on the person, identity';

function counter(regimes: readonly Regime[]): {
  add: (booking: Replayed) => void;
  totals: () => { totals: Totals; regimes: RegimeTotals[] };
} {
  const totals = {
    bookings: 0,
    computable: 0,
    over48Continuous: 0,
    over48ExcludingDays: 0,
    notComputable: {} as Record<string, number>,
  };
  const each = regimes.map(({ name, jurisdiction, lawOn }) => ({
    regime: name,
    jurisdiction,
    lawOn,
    assuming: ASSUMING,
    onTheDataAlone: { permitted: 0, prohibited: 0, undetermined: 0 },
    atMost: { permitted: 0, prohibited: 0, undetermined: 0 },
    longer: 0,
    longestHoursPast: 0,
  }));
  return {
    add: (booking) => {
      totals.bookings += 1;
      totals.computable += booking.notComputable === undefined ? 1 : 0;
      totals.over48Continuous += booking.over48Continuous === true ? 1 : 0;
      totals.over48ExcludingDays += booking.over48ExcludingDays === true ? 1 : 0;
      if (booking.notComputable !== undefined) tally(totals.notComputable, booking.notComputable.code);
      for (const [index, answer] of booking.regimes.entries()) {
        const sum = each[index];
        if (sum === undefined) throw new Error('an answer for each regime');
        tally(sum.onTheDataAlone, answer.onTheDataAlone);
        tally(sum.atMost, answer.atMost);
        sum.longer += answer.hoursPast > 0 ? 1 : 0;
        sum.longestHoursPast = Math.max(sum.longestHoursPast, answer.hoursPast);
      }
    },
    totals: () => ({ totals, regimes: each }),
  };
}

function tally(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
