import type { Content } from '../record/catalogue.ts';
import type { Day, Instant } from '../time/instant.ts';
import { dayAt } from '../time/zone.ts';
import type { LEAVINGS, Mapping, Meaning } from './mapping.ts';
import { readDay, readTime } from './time-format.ts';

/** A booking as an export tells it. */
export interface ImportedBooking {
  readonly line: number;
  /** The lines of all its rows. */
  readonly rows: readonly number[];
  readonly number: string;
  readonly openedAt: Instant;
  readonly jurisdiction: string;
  readonly facility: Facility;
  /** When the person left, however that was. */
  readonly releasedAt?: Instant | undefined;
  /** Undefined: the export does not say how, or the person is still there. */
  readonly leftBy?: Leaving | undefined;
  /** `YYYY-MM-DD` */
  readonly bornOn?: string | undefined;
  readonly bases: readonly ImportedBasis[];
}

export type Leaving = (typeof LEAVINGS)[number];

export type Facility = Content<'booking.opened'>['facility'];

export interface ImportedBasis {
  readonly line: number;
  readonly kind: Content<'custody.basis-began'>['kind'];
  readonly since: Instant;
  readonly endedAt?: Instant | undefined;
  readonly endedBy?: Content<'custody.basis-ended'>['endedBy'];
}

/** Why a row is not imported. */
export interface Rejection {
  readonly line: number;
  /** Undefined: it is about the row, or about others. */
  readonly column?: string | undefined;
  readonly reason: string;
  /** What stands in the cell: personal, for the operator's own file only. */
  readonly cell?: string | undefined;
}

export interface Row {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface Reading {
  readonly mapping: Mapping;
  readonly agency: string;
  /** What lies after it has not happened. */
  readonly now: Instant;
}

export type BookingRead =
  | { readonly ok: true; readonly booking: ImportedBooking }
  | { readonly ok: false; readonly rejections: readonly Rejection[] };

/** The number of a row's booking; undefined where the row has none. */
export function numberOf({ cells }: Row, mapping: Mapping): string | undefined {
  const { column } = mapping.booking.number;
  const cell = (cells[column] ?? '').trim();
  return mapping.none.includes(cell) || cell === '' ? undefined : cell;
}

/**
 * Reads the rows of one booking. One bad row rejects them all: a booking without one of its charges would look as if
 * state custody had ended earlier than it did, and a hold would rest on it.
 */
export function readBooking(rows: readonly Row[], reading: Reading): BookingRead {
  const rejections: Rejection[] = [];
  const read = rows.map((row) => readRow(row, reading, rejections));
  const [first] = read;
  if (first === undefined) throw new Error('a booking has a row');
  for (const row of rejections.length === 0 ? read.slice(1) : []) {
    for (const [key, column] of first.shared) {
      if (row[key] === first[key]) continue;
      rejections.push({ line: row.line, column, reason: `is not what line ${first.line} says of the same booking` });
    }
  }
  const { line, number, openedAt, jurisdiction, facility, releasedAt, leftBy, bornOn } = first;
  if (rejections.length > 0 || openedAt === undefined || jurisdiction === undefined || facility === undefined) {
    const named = new Set(rejections.map((each) => each.line));
    const worst = rejections[0]?.line ?? line;
    const along = rows.filter((row) => !named.has(row.line)).map((row) => withBooking(row.line, worst));
    return { ok: false, rejections: [...rejections, ...along].sort((one, other) => one.line - other.line) };
  }
  const described = { id: facility, agency: reading.agency, ...facilityOf(facility, reading.mapping) };
  const bases = read.flatMap(({ basis }) => basis ?? []);
  const whole = { line, rows: rows.map((row) => row.line), number, openedAt, jurisdiction, facility: described };
  return { ok: true, booking: { ...whole, releasedAt, leftBy, bornOn, bases } };
}

/** A row that nothing is wrong with but its booking. */
export function withBooking(line: number, worst: number): Rejection {
  return { line, reason: `is left out with its booking: line ${worst} was rejected` };
}

function facilityOf(id: string, { facilities, timeZone }: Mapping): Pick<Facility, 'kind' | 'timeZone'> {
  const found = facilities[id];
  if (found === undefined) throw new Error(`the mapping was tested: ${id} is among facilities`);
  return { kind: found.kind, timeZone: found.timeZone ?? timeZone };
}

/** What one row says; what it shares with the others of its booking has a column to name. */
interface RowRead {
  readonly line: number;
  readonly number: string;
  readonly openedAt: Instant | undefined;
  readonly jurisdiction: string | undefined;
  readonly facility: string | undefined;
  readonly releasedAt: Instant | undefined;
  readonly leftBy: Leaving | undefined;
  readonly bornOn: string | undefined;
  readonly basis: ImportedBasis | undefined;
  readonly shared: readonly (readonly [
    'openedAt' | 'jurisdiction' | 'facility' | 'releasedAt' | 'leftBy' | 'bornOn',
    string | undefined,
  ])[];
}

function readRow(row: Row, reading: Reading, rejections: Rejection[]): RowRead {
  const { mapping, now } = reading;
  const cells = cellsOf(row, reading, rejections);
  const { booking } = mapping;
  const openedAt = cells.time(booking.openedAt.column, 'is empty; a booking begins at some time');
  const releasedAt = cells.time(booking.releasedAt?.column);
  const born = cells.day(booking.bornOn?.column);
  const number = numberOf(row, mapping) ?? '';
  if (number.length > LONGEST_NUMBER || !number.isWellFormed())
    cells.reject(booking.number.column, `is no number of a booking; it has at most ${LONGEST_NUMBER} characters`);
  if (openedAt !== undefined && releasedAt !== undefined && releasedAt < openedAt)
    cells.reject(booking.releasedAt?.column, 'is before the booking began');
  if (born !== undefined && born.is > dayAt(openedAt ?? now, mapping.timeZone))
    cells.reject(booking.bornOn?.column, 'is after the booking began');
  return {
    line: row.line,
    number,
    openedAt,
    releasedAt,
    leftBy: leavingOf(row, mapping, cells, releasedAt),
    jurisdiction: cells.meant(booking.jurisdiction, 'is empty; name the jurisdiction'),
    facility: cells.meant(booking.facility, 'is empty; name the facility'),
    bornOn: born?.day,
    basis: basisOf(row.line, reading, cells, openedAt, releasedAt),
    shared: (['openedAt', 'jurisdiction', 'facility', 'releasedAt', 'leftBy', 'bornOn'] as const).map((key) => [
      key,
      booking[key]?.column,
    ]),
  };
}

function leavingOf(
  row: Row,
  { booking: { leftBy, releasedAt: when } }: Mapping,
  cells: Cells,
  releasedAt: Instant | undefined,
): Leaving | undefined {
  if (leftBy === undefined) return undefined;
  if (releasedAt !== undefined) return cells.meant(leftBy, 'is empty; say what empty means in the mapping');
  const said = leftBy.column === undefined ? undefined : leftBy.values?.[(row.cells[leftBy.column] ?? '').trim()];
  if (said === 'handed-over' && cells.isEmpty(when?.column))
    cells.reject(when?.column, 'is empty, and yet another column says that the person was handed over');
  return undefined;
}

/** The catalogue's texts may be longer; a number of a booking is not. */
const LONGEST_NUMBER = 100;

function basisOf(
  line: number,
  { mapping: { basis } }: Reading,
  cells: Cells,
  openedAt: Instant | undefined,
  releasedAt: Instant | undefined,
): ImportedBasis | undefined {
  if (basis === undefined) return undefined;
  const kind = cells.meant(basis.kind, 'is empty; say what empty means in the mapping');
  // Such a row is no custody of the state's own: of ICE's hold nothing is read here.
  if (kind === undefined || kind === 'none') return undefined;
  const since =
    basis.since === undefined ? openedAt : cells.time(basis.since.column, 'is empty; custody begins at some time');
  const endedAt = cells.time(basis.endedAt?.column);
  const endedBy = basis.endedBy === undefined ? undefined : cells.endingMeant(basis.endedBy, endedAt !== undefined);
  if (since !== undefined && endedAt !== undefined && endedAt < since)
    cells.reject(basis.endedAt?.column, 'is before this custody began');
  if (since !== undefined && releasedAt !== undefined && since > releasedAt)
    cells.reject(basis.since?.column, 'is after the person had left');
  if (endedBy !== undefined && cells.isEmpty(basis.endedAt?.column))
    cells.reject(basis.endedAt?.column, 'is empty, and yet another column says how this custody ended');
  return since === undefined ? undefined : { line, kind, since, endedAt, endedBy };
}

type Cells = ReturnType<typeof cellsOf>;

/** Reads cells of a row; what cannot be read is noted and comes back as undefined. */
function cellsOf(row: Row, { mapping, now }: Reading, rejections: Rejection[]) {
  const textIn = (column: string): string | undefined => {
    const text = (row.cells[column] ?? '').trim();
    return mapping.none.includes(text) ? undefined : text;
  };
  const reject = (column: string | undefined, reason: string): void => {
    const cell = column === undefined ? undefined : row.cells[column];
    // Two things may be read from one column; its fault is one.
    const isKnown = rejections.some(
      (each) => each.line === row.line && each.column === column && each.reason === reason,
    );
    if (!isKnown) rejections.push({ line: row.line, column, reason, cell });
  };
  const time = (column: string | undefined, ifEmpty?: string): Instant | undefined => {
    const text = column === undefined ? undefined : textIn(column);
    if (text === undefined) {
      if (ifEmpty !== undefined) reject(column, ifEmpty);
      return undefined;
    }
    const read = readTime(text, mapping.times, mapping.timeZone);
    if (read.kind === 'none') reject(column, read.why);
    else if (read.instant > now) reject(column, 'lies after now; only what has happened goes on record');
    else return read.instant;
    return undefined;
  };
  const day = (column: string | undefined): { day: string; is: Day } | undefined => {
    const text = column === undefined ? undefined : textIn(column);
    if (text === undefined) return undefined;
    const read = readDay(text, mapping.days);
    if (typeof read !== 'string') return read;
    reject(column, read);
    return undefined;
  };
  const meant = <Target extends string>(meaning: Meaning<Target>, ifEmpty: string): Target | undefined => {
    if (meaning.column === undefined) return meaning.constant;
    const cell = (row.cells[meaning.column] ?? '').trim();
    const found = valueOf(meaning, cell);
    if (found === undefined)
      reject(meaning.column, mapping.none.includes(cell) ? ifEmpty : 'is a value that the mapping does not name');
    return found;
  };
  /** How a custody ended. An empty cell says nothing, unless the mapping names it; a constant is for those that ended. */
  const endingMeant = <Target extends string>(meaning: Meaning<Target>, hasEnded: boolean) => {
    const isSaid =
      meaning.column === undefined
        ? hasEnded
        : textIn(meaning.column) !== undefined ||
          Object.hasOwn(meaning.values ?? {}, (row.cells[meaning.column] ?? '').trim());
    const found = isSaid ? meant(meaning, '') : undefined;
    return found === 'none' ? undefined : (found as Exclude<Target, 'none'> | undefined);
  };
  const isEmpty = (column: string | undefined): boolean => column === undefined || textIn(column) === undefined;
  return { reject, time, day, meant, endingMeant, isEmpty };
}

function valueOf<Target>({ values, otherwise }: Meaning<Target>, cell: string): Target | undefined {
  return values !== undefined && Object.hasOwn(values, cell) ? values[cell] : otherwise;
}
