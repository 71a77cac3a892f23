import { failed, ok, type Failure, type Result } from '../../domain/failure.ts';
import { lawOf } from '../../domain/law/in-force.ts';
import { replayBooking } from '../../domain/replay/booking.ts';
import type { HoldRow, Layout } from '../../domain/replay/layout.ts';
import { answerUnder, type Regime } from '../../domain/replay/regime.ts';
import { tally, type Replayed, type Totals } from '../../domain/replay/totals.ts';
import type { IsHoliday } from '../../domain/time/holidays.ts';
import type { Day } from '../../domain/time/instant.ts';
import type { RulePacks } from '../ports.ts';
import type { RowSource } from './ports.ts';
import { regimesOf, type RegimeInQuestion, type RegimeReport } from './regimes.ts';

export interface Report {
  readonly totals: Totals;
  readonly regimes: readonly RegimeReport[];
}

export interface Watcher {
  /** Called while the file is checked, before the first booking. */
  readonly checking?: (share: number) => void;
  /** Called once, between the check and the first booking. */
  readonly begin?: (about: { readonly longestCaseId: number; readonly regimes: readonly string[] }) => void;
  readonly booking: (booking: Replayed, share: number) => void;
  /** Awaited after each booking: the next is read when this one has been taken. */
  readonly room?: () => Promise<void>;
}

/**
 * Replays bookings one at a time; none is kept. The file is read twice: first every row is checked, so that a bad one
 * far down stops the replay before anything has been said; half an answer is none.
 */
export async function replay(
  source: RowSource,
  layout: Layout,
  packs: Pick<RulePacks, 'packsFor'>,
  today: Day,
  watcher: Watcher,
): Promise<Result<Report>> {
  const federal = packs.packsFor('us');
  if (!federal.ok) return federal;
  const checked = await check(source, layout, watcher);
  if (!checked.ok) return checked;
  const asked = regimesOf(packs, today);
  const present = asked.flatMap(({ regime }) => ('absent' in regime ? [] : [regime]));
  watcher.begin?.({ longestCaseId: checked.value, regimes: present.map(({ name }) => name) });
  const law = lawOf(federal.value, 'us');
  const isHoliday: IsHoliday = (day) => law(day).isHoliday(day);
  const sums = tally();
  for await (const read of bookingsOf(source, layout)) {
    if (!read.ok) return read;
    const booking = replayed(read.value.rows, layout.zone, isHoliday, present);
    sums.add(booking);
    watcher.booking(booking, read.value.share);
    await watcher.room?.();
  }
  const regimes = asked.map(({ head, regime }) => reportOf(head, regime, sums));
  return ok({ totals: sums.totals(), regimes });
}

function reportOf(
  head: RegimeInQuestion['head'],
  regime: RegimeInQuestion['regime'],
  sums: ReturnType<typeof tally>,
): RegimeReport {
  return 'absent' in regime ? { ...head, ...regime } : { ...head, ...sums.under(regime.name) };
}

function replayed(rows: readonly HoldRow[], zone: string, isHoliday: IsHoliday, regimes: readonly Regime[]): Replayed {
  const { booking, times } = replayBooking(rows, zone, isHoliday);
  return { ...booking, regimes: times === undefined ? [] : regimes.map((regime) => answerUnder(regime, times, zone)) };
}

/** Reads every row; the length of the longest id, for the table. */
async function check(source: RowSource, layout: Layout, watcher: Watcher): Promise<Result<number>> {
  let longest = 0;
  let bookings = 0;
  for await (const read of bookingsOf(source, layout)) {
    if (!read.ok) return read;
    bookings += 1;
    longest = Math.max(longest, read.value.rows[0]?.caseId.length ?? 0);
    watcher.checking?.(read.value.share);
  }
  return bookings === 0 ? failed(noBooking(source.name)) : ok(longest);
}

/** The rows of each booking, which stand together; a booking that is torn apart would be counted twice. */
async function* bookingsOf(
  source: RowSource,
  layout: Layout,
): AsyncGenerator<Result<{ readonly rows: readonly HoldRow[]; readonly share: number }>> {
  const seen = new Set<string>();
  let rows: HoldRow[] = [];
  for await (const read of source.rows(layout.columns)) {
    if (!read.ok) {
      yield read;
      return;
    }
    const where = `${source.name}:${read.value.line}`;
    const row = layout.row(read.value.cells, where);
    if (!row.ok) {
      yield row;
      return;
    }
    const { caseId } = row.value;
    if (rows[0] !== undefined && rows[0].caseId !== caseId) {
      yield ok({ rows, share: read.value.share });
      rows = [];
    }
    const wrong = misplaced(where, caseId, rows.length, seen);
    if (wrong !== undefined) {
      yield failed(wrong);
      return;
    }
    seen.add(caseId);
    rows.push(row.value);
  }
  if (rows.length > 0) yield ok({ rows, share: 1 });
}

/** A booking has a row for each charge; a thousand times the most that was ever seen is no booking. */
const MOST_ROWS = 10_000;

function misplaced(where: string, caseId: string, rows: number, seen: ReadonlySet<string>): Failure | undefined {
  if (rows === 0 && seen.has(caseId)) {
    const message = `rows of ${caseId} stand further up too; sort the file so that the rows of a booking stand together`;
    return { code: 'malformed', where, message };
  }
  if (rows < MOST_ROWS) return undefined;
  const message = `${caseId} has more than ${MOST_ROWS} rows; look whether case_id is the id of a booking`;
  return { code: 'malformed', where, message };
}

function noBooking(where: string): Failure {
  return { code: 'malformed', where, message: 'holds a header and no row; give an export with at least one booking' };
}
