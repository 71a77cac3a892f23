import { DAY, dayFrom, instantFrom, type Instant } from '../../domain/time/instant.ts';
import { entryAt, openRow } from './history.ts';
import type { LedgerPorts } from './ledger.ts';
import type { Head } from './ports.ts';

type Reading = Pick<LedgerPorts, 'store' | 'keyring' | 'primitives'>;

/**
 * When a log's last entry was recorded: the clock may not fall behind it. The time is sealed in the entry and stands
 * nowhere else. Where the vault has forgotten the key of a restored entry, an earlier one of the same day tells, and
 * where none does, the beginning of that day.
 */
export async function lastRecorded(reading: Reading, head: Head | undefined): Promise<Instant> {
  if (head === undefined) return 0 as Instant;
  const dayBegan = ((dayFrom(head.recordedOn) ?? 0) * DAY) as Instant;
  for (let at = head.size - 1; at >= 0; at -= 1) {
    const row = head.last?.sequence === at ? head.last : await entryAt(reading, head.agency, at);
    if (row === undefined) return dayBegan;
    const kept = openRow(row, reading.keyring.subjectKey(head.agency, row.subject), reading.primitives);
    if ('event' in kept) return Math.max(dayBegan, instantFrom(kept.event.recordedAt) ?? 0) as Instant;
    if (kept.envelope.recordedOn < head.recordedOn) return dayBegan;
  }
  return dayBegan;
}
