import { instantsOf } from '../time/local.ts';
import type { HoldRow, WrittenTime } from './layout.ts';

/** Something that the file cannot show of a booking. It changes no figure; it says how far to trust one. */
export interface Doubt {
  readonly code: DoubtCode;
  readonly why: string;
}

export type DoubtCode =
  | 'end-on-the-hour'
  | 'end-is-release'
  | 'left-in-other-custody'
  | 'detainer-cancelled'
  | 'not-taken-by-ice'
  | 'ice-hold-ends-before-release'
  | 'hour-read-twice';

/** Whether the jail wrote that ICE's hold was cancelled. */
export function isCancelled({ disposition }: HoldRow): boolean {
  return /^cancel/i.test(disposition);
}

export function doubtsOf(rows: readonly HoldRow[]): Doubt[] {
  const own = rows.filter((row) => !row.isIceHold);
  const holds = rows.filter((row) => row.isIceHold);
  return [...doubtsOfEnd(own), ...doubtsOfHold(holds, own), ...doubtsOfClock(rows)];
}

function doubtsOfEnd(own: readonly HoldRow[]): Doubt[] {
  const doubts: Doubt[] = [];
  const last = lastOf(own);
  const rote = last.find(({ ended }) => ended !== undefined && isByRote(ended));
  if (rote?.ended !== undefined) {
    doubts.push({
      code: 'end-on-the-hour',
      why: `state custody is written as ended at ${rote.ended.text.slice(11, 16)} sharp: such times look entered by rote, and may be hours off either way`,
    });
  }
  if (last.some(({ ended, released }) => ended?.text === released.text)) {
    doubts.push({
      code: 'end-is-release',
      why: 'a charge bears the very time of release: it may have been written from it, and hours before it would not show',
    });
  }
  const moved = last.find(({ disposition }) => isMove(disposition));
  if (moved !== undefined) {
    doubts.push({
      code: 'left-in-other-custody',
      why: `a charge ends as "${moved.disposition}": the person left for another prison, jail or agency, so custody that is not ICE’s may have gone on there`,
    });
  }
  return doubts;
}

function doubtsOfHold(holds: readonly HoldRow[], own: readonly HoldRow[]): Doubt[] {
  if (holds.length === 0) return [];
  if (holds.every(isCancelled)) {
    return [
      {
        code: 'detainer-cancelled',
        why: `ICE’s hold was cancelled${holds[0]?.ended === undefined ? '' : ` (${holds[0].ended.text})`}: hours after that were not ICE’s`,
      },
    ];
  }
  const doubts: Doubt[] = [];
  const [other] = holds.filter(({ disposition }) => disposition !== 'Immigration');
  if (other !== undefined && !lastOf(own).some(({ disposition }) => isMove(disposition))) {
    doubts.push({
      code: 'not-taken-by-ice',
      why: `ICE’s row ends as "${other.disposition}", not "Immigration": the file does not show that ICE took the person`,
    });
  }
  if (holds.every(({ ended, released }) => ended !== undefined && ended.text < released.text)) {
    doubts.push({
      code: 'ice-hold-ends-before-release',
      why: 'ICE’s row ends before release: the time after it may be ordinary out-processing',
    });
  }
  return doubts;
}

function doubtsOfClock(rows: readonly HoldRow[]): Doubt[] {
  const written = rows.flatMap(({ released, ended, isIceHold }) =>
    isIceHold || ended === undefined ? [released] : [released, ended],
  );
  if (written.every(({ reading }) => instantsOf(reading).length < 2)) return [];
  return [
    {
      code: 'hour-read-twice',
      why: 'a time lies in the hour that the clocks repeat in autumn; the reading with the fewest hours was taken',
    },
  ];
}

/** The rows that end last by the wall clock. */
function lastOf(own: readonly HoldRow[]): HoldRow[] {
  const latest = own.reduce((text, { ended }) => (ended !== undefined && ended.text > text ? ended.text : text), '');
  return own.filter(({ ended }) => ended?.text === latest);
}

/** On the full hour, or a minute before midnight. */
function isByRote({ text }: WrittenTime): boolean {
  return text.slice(14) === '00:00' || text.slice(11, 16) === '23:59';
}

/** Sent on: "WSI Chain" and "Mini-Chain" are transports, to the state's prisons and between jails; "FBI" an agency. */
function isMove(disposition: string): boolean {
  return /chain|^FBI$/i.test(disposition);
}
