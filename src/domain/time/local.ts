import type { Instant } from './instant.ts';

/**
 * What a wall-clock time without offset can mean in a zone: one instant; two, in the hour that autumn repeats; none, in
 * the hour that spring leaves out.
 */
export type LocalReading =
  | { readonly kind: 'one'; readonly instant: Instant }
  | { readonly kind: 'two'; readonly earlier: Instant; readonly later: Instant }
  | { readonly kind: 'none' };

// Temporal takes second 60 for 59; a clock on a wall shows neither, so it is refused here.
const LOCAL = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(:[0-5]\d)?)$/;

/** Reads `2018-04-19 14:00:00` in a zone; undefined for anything else, also for a day or hour that no calendar has. */
export function readLocal(text: string, zone: string): LocalReading | undefined {
  const parts = LOCAL.exec(text);
  const local = parts === null ? undefined : plainOf(`${parts[1] ?? ''}T${parts[2] ?? ''}`);
  if (local === undefined) return undefined;
  const at = (disambiguation: 'earlier' | 'later'): Instant =>
    local.toZonedDateTime(zone, { disambiguation }).epochMilliseconds as Instant;
  const [earlier, later] = [at('earlier'), at('later')];
  if (earlier === later) return { kind: 'one', instant: earlier };
  // In the repeated hour both readings show the time that was written; in the left-out hour neither does.
  const shown = Temporal.Instant.fromEpochMilliseconds(earlier).toZonedDateTimeISO(zone).toPlainDateTime();
  return shown.equals(local) ? { kind: 'two', earlier, later } : { kind: 'none' };
}

/** Every instant that a wall-clock time can mean, the earlier first. */
export function instantsOf(reading: LocalReading): readonly Instant[] {
  switch (reading.kind) {
    case 'one':
      return [reading.instant];
    case 'two':
      return [reading.earlier, reading.later];
    case 'none':
      return [];
  }
}

function plainOf(text: string): Temporal.PlainDateTime | undefined {
  try {
    return Temporal.PlainDateTime.from(text, { overflow: 'reject' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
