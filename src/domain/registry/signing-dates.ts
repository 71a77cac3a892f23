import { dayFrom, isoOfDay, DAY, type Day } from '../time/instant.ts';
import type { PrintedCell } from './list.ts';
import { notRead, read, REASON, type Reading } from './reading.ts';
import { squeezed } from './text.ts';

/** Day 0 of a serial date: Excel counts 1900-02-29, which never was, so its days after it start one early. */
const FROM_1900 = daysBefore('1899-12-30');
const FROM_1904 = daysBefore('1904-01-01');
/** The first 287(g) agreement was signed in 2002; anything before section 287(g) itself (1996) is a misprint. */
const FIRST_YEAR = 1996;
const LAST_YEAR = 2099;

/** Reads a signing date: a serial number, an ISO date, or month/day/year with at most one slash forgotten. */
export function readSigned(cell: PrintedCell, from1904: boolean): Reading<Day> {
  const text = squeezed(cell.text);
  if (text === '') return read<Day>(undefined, '', []);
  if (cell.kind === 'error') return notRead(text, 'the signing date is an error cell');
  if (/^\d+(\.\d+)?$/.test(text)) return plausible(serial(Number(text), from1904), text, []);
  const iso = dayFrom(text);
  if (iso !== undefined) return plausible(iso, text, []);
  return plausible(slashed(text), text, [/^\d+\/\d+\/\d+$/.test(text) ? REASON.dateText : REASON.dateSlash]);
}

function serial(days: number, from1904: boolean): Day {
  return (Math.floor(days) + (from1904 ? FROM_1904 : FROM_1900)) as Day;
}

/** `5/8/2025`, `05/082025`, `7/72025`: the year is the last four digits, so one lost slash leaves no doubt about the rest. */
function slashed(text: string): Day | undefined {
  const parts = /^(\d{1,2})\/(\d{1,2})\/?(\d{4})$/.exec(text);
  if (!parts) return undefined;
  const [, month = '', day = '', year = ''] = parts;
  return dayFrom(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
}

function plausible(day: Day | undefined, text: string, repairs: readonly string[]): Reading<Day> {
  if (day === undefined) return notRead(text, 'no date can be read from it');
  const iso = isoOfDay(day);
  const year = Number(/^\+?0*(\d+)-/.exec(iso)?.[1] ?? Number.NaN);
  if (year >= FIRST_YEAR && year <= LAST_YEAR) return read(day, iso, repairs);
  const mended = year > 2999 && year <= 9999 ? dayFrom(`2${iso.slice(1)}`) : undefined;
  if (mended === undefined || !isRecent(mended)) return notRead(text, `the year ${year} cannot be a signing year`);
  return read(mended, isoOfDay(mended), [...repairs, REASON.dateYear]);
}

/** Only a year since the models of today may be guessed from a wrong digit. */
function isRecent(day: Day): boolean {
  const year = Number(isoOfDay(day).slice(0, 4));
  return year >= 2002 && year <= LAST_YEAR;
}

function daysBefore(iso: string): number {
  return Temporal.PlainDate.from(iso).toZonedDateTime('UTC').epochMilliseconds / DAY;
}
