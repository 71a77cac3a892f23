import { DAY, dayFrom, type Day, type Instant } from '../time/instant.ts';
import type { DatedBy, DatedList, RegistryList } from './list.ts';

/** A list is published on the working day after its last save at the latest, over a long weekend: four days. */
const DAYS_FROM_SAVE_TO_NAME = 4;
/** The name carries Washington's day, the save UTC's, and an evening there is the next day here. */
const DAYS_FROM_NAME_TO_SAVE = 1;

export interface NameDate {
  readonly day: Day;
  /** The moment of capture, where the name carries a web archive's time stamp instead of ICE's date. */
  readonly captured?: Instant;
}

export interface Dating {
  readonly dated: Day;
  readonly datedBy: DatedBy;
  readonly instant: Instant;
}

/** Dates a list from its name and its last save; undefined when neither says anything. */
export function datingOf(file: string, modified: Instant | undefined): Dating | undefined {
  const named = dateInName(file);
  if (!named) return modified === undefined ? undefined : bySave(modified);
  const start = named.captured ?? startOf(named.day);
  if (modified === undefined) return { dated: named.day, datedBy: 'name', instant: start };
  const ahead = named.day - dayAt(modified);
  // Bytes that were captured cannot be newer than their capture: whoever saved them later changed no list.
  if (named.captured !== undefined && ahead < 0) return { dated: named.day, datedBy: 'capture', instant: start };
  const stands = ahead <= DAYS_FROM_SAVE_TO_NAME && ahead >= -DAYS_FROM_NAME_TO_SAVE;
  return stands ? { dated: named.day, datedBy: 'name', instant: modified } : bySave(modified);
}

/**
 * The date in a name: `…-20250221214937` (a capture, UTC) or `…06272025am` (ICE's month, day, year). A name with a digit
 * too many (`090022025`) or with a day that no calendar has carries none.
 */
export function dateInName(file: string): NameDate | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const stamp = /(?<!\d)(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?!\d)/.exec(name);
  if (stamp) {
    const [, year = '', month = '', date = '', hour, minute, second] = stamp;
    const day = dayFrom(`${year}-${month}-${date}`);
    const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
    if (day !== undefined) return { day, captured: (day * DAY + seconds * 1000) as Instant };
  }
  const [, month = '', date = '', year = ''] = /(?<!\d)(\d\d)(\d\d)(20\d\d)(?!\d)/.exec(name) ?? [];
  const day = dayFrom(`${year}-${month}-${date}`);
  return day === undefined ? undefined : { day };
}

/** Lists in the order in which they were in force: by day, then by last save, then by name so that the order is one. */
export function inOrder(lists: readonly DatedList[]): DatedList[] {
  return lists.toSorted(
    (left, right) => left.dated - right.dated || left.instant - right.instant || compare(left.file, right.file),
  );
}

/** Of several names for the same bytes, the one whose date agrees best with the last save; the others are copies. */
export function bestNameFirst(files: readonly string[], modified: Instant | undefined): string[] {
  return files.toSorted((left, right) => distance(left, modified) - distance(right, modified) || compare(left, right));
}

/** The list with its date; undefined when it has none. */
export function dateList(list: RegistryList): DatedList | undefined {
  const dating = datingOf(list.file, list.modified);
  return dating && { ...list, ...dating };
}

function distance(file: string, modified: Instant | undefined): number {
  const named = dateInName(file);
  if (!named) return Number.MAX_SAFE_INTEGER;
  return modified === undefined ? named.day : Math.abs(named.day - dayAt(modified));
}

function bySave(modified: Instant): Dating {
  return { dated: dayAt(modified), datedBy: 'modified', instant: modified };
}

function dayAt(instant: Instant): Day {
  return Math.floor(instant / DAY) as Day;
}

function startOf(day: Day): Instant {
  return (day * DAY) as Instant;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
