import { failed, ok, type Result } from '../failure.ts';
import { readLocal } from '../time/local.ts';
import type { Cells, HoldRow, Layout, WrittenTime } from './layout.ts';

/** Bookings with an ICE hold from the jail of Pierce County, Washington: a row for each charge or hold. */
export const pierceHolds: Layout = {
  name: 'pierce-holds',
  columns: [
    'case_id',
    'row_no',
    'booking_dt',
    'release_dt',
    'is_ice_hold',
    'charge_release_dt',
    'jurisdiction_cd',
    'release_disposition_desc',
    'max_charge_is_other',
  ],
  zone: 'America/Los_Angeles',
  row,
};

function row(cells: Cells, where: string): Result<HoldRow> {
  const cell = (column: string): string => (cells[column] ?? '').trim();
  const caseId = cell('case_id');
  const flag = cell('is_ice_hold');
  const booked = timeIn(cell('booking_dt'));
  const released = timeIn(cell('release_dt'));
  const ended = timeIn(cell('charge_release_dt'));
  if (caseId === '') return bad(where, 'case_id', 'is empty; every row names its booking');
  if (!/^[\w.:/-]{1,64}$/.test(caseId)) {
    return bad(where, 'case_id', `${quoted(caseId)} is no id; use up to 64 letters, digits and . : / _ -`);
  }
  if (flag !== '0' && flag !== '1') {
    return bad(where, 'is_ice_hold', `${quoted(flag)} is neither 1 (ICE's hold) nor 0 (any other charge or hold)`);
  }
  if (booked === 'empty') return bad(where, 'booking_dt', 'is empty; a booking begins at some time');
  if (released === 'empty') return bad(where, 'release_dt', 'is empty; this layout is of bookings that have ended');
  if (booked === 'no-time') return noTime(where, 'booking_dt', cell('booking_dt'));
  if (released === 'no-time') return noTime(where, 'release_dt', cell('release_dt'));
  if (ended === 'no-time') return noTime(where, 'charge_release_dt', cell('charge_release_dt'));
  return ok({
    caseId,
    booked,
    released,
    isIceHold: flag === '1',
    ended: ended === 'empty' ? undefined : ended,
    disposition: cell('release_disposition_desc'),
  });
}

function timeIn(text: string): WrittenTime | 'empty' | 'no-time' {
  if (text === '') return 'empty';
  const reading = readLocal(text, pierceHolds.zone);
  return reading === undefined ? 'no-time' : { text: text.replace('T', ' ').padEnd(19, ':00'), reading };
}

function noTime(where: string, column: string, text: string): Result<never> {
  return bad(where, column, `${quoted(text)} is no time of any day; write 2018-04-19 14:00:00`);
}

function bad(where: string, column: string, message: string): Result<never> {
  return failed({ code: 'malformed', where: `${where}, ${column}`, message });
}

/** A cell as it may be shown: short, and without characters that would steer a terminal. */
function quoted(text: string): string {
  const shown = JSON.stringify(text.slice(0, 40)).replace(
    /[\u007f-\u009f]/g,
    (each) => `\\u00${each.charCodeAt(0).toString(16)}`,
  );
  return text.length > 40 ? `${shown.slice(0, -1)}…"` : shown;
}
