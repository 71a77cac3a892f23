import { isoOfDay, type Day } from '../time/instant.ts';
import type { DatedList } from './list.ts';

/** Where an agreement stands, seen from the last list. The rule for `ended` and its reasons are in docs/registry.md. */
export type Status = Listed | Absent | Ended;

interface Seen {
  readonly firstListed: string;
  readonly lastListed: string;
  /** The last list that has it. */
  readonly lastFile: string;
}

interface Missing extends Seen {
  /** The day of the first list without it. */
  readonly absentSince: string;
  readonly firstFileWithout: string;
  /** How many lists since then lack it. */
  readonly listsWithout: number;
  /** Days from the first list without it to the last. */
  readonly daysWithout: number;
}

export interface Listed extends Seen {
  readonly kind: 'listed';
}

export interface Absent extends Missing {
  readonly kind: 'absent';
}

export interface Ended extends Missing {
  readonly kind: 'ended';
}

/** A list that can bear witness to what it holds, and, when it is whole, to what it lacks. */
export interface Witness {
  readonly file: string;
  readonly dated: Day;
  readonly whole: boolean;
}

/** Absent from this many whole lists, and for this many days: agreements have come back after less. */
export const LISTS_WITHOUT = 10;
export const DAYS_WITHOUT = 30;
/** A list with fewer rows than this share of the whole list before it looks cut off; what it lacks shows nothing. */
const WHOLE_SHARE = 0.8;
/** So many lists after it must be as short before the shortness is ICE's and not an accident. */
const CONFIRMING = 2;

export function witnessesOf(lists: readonly DatedList[]): Witness[] {
  let rowsBefore = 0;
  return lists.map(({ file, dated, entries }, index) => {
    const next = lists.slice(index + 1, index + 1 + CONFIRMING);
    const confirmed =
      next.length === CONFIRMING && next.every((list) => entries.length >= list.entries.length * WHOLE_SHARE);
    const whole = entries.length >= rowsBefore * WHOLE_SHARE || (confirmed && entries.length > 0);
    if (whole) rowsBefore = entries.length;
    return { file, dated, whole };
  });
}

/** The status of an agreement seen in the lists with these numbers. */
export function statusOf(seenIn: ReadonlySet<number>, witnesses: readonly Witness[]): Status {
  const first = witnesses[Math.min(...seenIn)];
  const lastIndex = Math.max(...seenIn);
  const last = witnesses[lastIndex];
  if (!first || !last) throw new Error('an agreement was seen in a list that is not there');
  const seen = { firstListed: isoOfDay(first.dated), lastListed: isoOfDay(last.dated), lastFile: last.file };
  const without = witnesses.slice(lastIndex + 1).filter(({ whole }) => whole);
  const [firstWithout] = without;
  const latest = without.at(-1);
  if (!firstWithout || !latest) return { kind: 'listed', ...seen };
  const daysWithout = latest.dated - firstWithout.dated;
  const ended = without.length >= LISTS_WITHOUT && daysWithout >= DAYS_WITHOUT;
  return {
    kind: ended ? 'ended' : 'absent',
    ...seen,
    absentSince: isoOfDay(firstWithout.dated),
    firstFileWithout: firstWithout.file,
    listsWithout: without.length,
    daysWithout,
  };
}
