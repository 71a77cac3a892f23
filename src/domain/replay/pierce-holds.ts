import { failed, ok, type Result } from '../failure.ts';
import { readLocal, type LocalReading } from '../time/local.ts';

/** A row of the layout `pierce-holds`: one charge or hold of one booking, as the jail's system exports it. */
export interface HoldRow {
  readonly caseId: string;
  readonly booked: LocalReading;
  readonly released: LocalReading;
  /** Whether this row is ICE's hold; every other row is custody of the state's own. */
  readonly isIceHold: boolean;
  readonly chargeReleased: LocalReading | undefined;
  readonly releasedWritten: string;
  readonly chargeReleasedWritten: string;
  readonly line: number;
}

export const PIERCE_COLUMNS = [
  'case_id',
  'row_no',
  'booking_dt',
  'release_dt',
  'is_ice_hold',
  'charge_release_dt',
  'jurisdiction_cd',
  'release_disposition_desc',
  'max_charge_is_other',
] as const;

export const PIERCE_ZONE = 'America/Los_Angeles';

/** @param where the file, for messages; `line` is the row's line in it. */
export function pierceRow(cells: Readonly<Record<string, string>>, where: string, line: number): Result<HoldRow> {
  const bad = (column: string, message: string): Result<never> =>
    failed({ code: 'malformed', where: `${where}:${line}, ${column}`, message });
  const caseId = cells['case_id']?.trim() ?? '';
  if (caseId === '') return bad('case_id', 'is empty; every row needs the id of its booking');
  const flag = cells['is_ice_hold']?.trim();
  if (flag !== '0' && flag !== '1') return bad('is_ice_hold', `must be 0 or 1, not "${flag ?? ''}"`);
  const times = (['booking_dt', 'release_dt', 'charge_release_dt'] as const).map((column) => {
    const text = cells[column]?.trim() ?? '';
    return { column, text, reading: text === '' ? undefined : readLocal(text, PIERCE_ZONE) };
  });
  const wrong = times.find(({ reading }) => reading?.kind === 'malformed');
  if (wrong !== undefined) return bad(wrong.column, `"${wrong.text}" is no time; write 2018-04-19 14:00:00`);
  const [booked, released, chargeReleased] = times;
  if (booked?.reading === undefined) return bad('booking_dt', 'is empty; a booking begins at some time');
  if (released?.reading === undefined) return bad('release_dt', 'is empty; this layout is of bookings that have ended');
  return ok({
    caseId,
    booked: booked.reading,
    released: released.reading,
    isIceHold: flag === '1',
    chargeReleased: chargeReleased?.reading,
    releasedWritten: released.text,
    chargeReleasedWritten: chargeReleased?.text ?? '',
    line,
  });
}
