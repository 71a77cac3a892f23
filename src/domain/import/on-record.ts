import { canonicalJson } from '../case/canonical.ts';
import type { Content } from '../record/catalogue.ts';
import type { EventRead } from '../record/event.ts';
import type { Handle } from '../record/key-tree.ts';
import { HOUR, instantFrom, isoOf, type Instant } from '../time/instant.ts';
import type { ImportedBasis, ImportedBooking, Leaving } from './booking.ts';

/** What is on record of a booking, as its last corrections have it: so much of it as an export can tell. */
export interface BookingOnRecord {
  readonly handle: Handle;
  readonly openedAt: Instant;
  readonly opened: Content<'booking.opened'>;
  readonly bases: readonly BasisOnRecord[];
  /** Undefined: nobody has described the person. */
  readonly described?: { readonly bornOn: string | undefined } | undefined;
  readonly left?: { readonly at: Instant; readonly by: Leaving } | undefined;
}

export interface BasisOnRecord {
  readonly entry: number;
  readonly kind: string;
  readonly since: Instant;
  readonly endedAt?: Instant | undefined;
  readonly endedBy?: string | undefined;
}

/** What must be appended so that the record holds what an export tells, in this order. */
export interface Steps {
  readonly opens: boolean;
  readonly bornOn?: string | undefined;
  readonly begun: readonly ImportedBasis[];
  /** Bases that are on record and have ended since. */
  readonly ended: readonly { readonly entry: number; readonly basis: ImportedBasis }[];
  readonly left?: BookingOnRecord['left'];
  readonly differences: readonly Difference[];
}

/** Something that an export tells otherwise than the record. It is said and not written: which of them is right a person knows. */
export interface Difference {
  readonly line: number;
  readonly message: string;
}

/** @throws where the events begin no booking. */
export function bookingOnRecord(handle: Handle, events: readonly EventRead[]): BookingOnRecord {
  const told = asCorrected(events);
  const [opening] = told;
  if (opening?.envelope.type !== 'booking.opened') throw new Error(`${handle} is no booking`);
  const bases = new Map<number, BasisOnRecord>();
  let described: BookingOnRecord['described'];
  let left: BookingOnRecord['left'];
  for (const { envelope, content } of told) {
    const { type, sequence } = envelope;
    if (type === 'custody.basis-began') {
      const { kind, since } = content as Content<typeof type>;
      bases.set(sequence, { entry: sequence, kind, since: instantOf(since) });
    } else if (type === 'custody.basis-ended') {
      const { basis, endedAt, endedBy } = content as Content<typeof type>;
      const begun = bases.get(basis);
      if (begun !== undefined) bases.set(basis, { ...begun, endedAt: instantOf(endedAt), endedBy });
    } else if (type === 'person.described') {
      described = { bornOn: (content as Content<typeof type>).person.bornOn ?? described?.bornOn };
    } else if (type === 'custody.released')
      left = { at: instantOf((content as Content<typeof type>).releasedAt), by: 'released' };
    else if (type === 'custody.handed-over')
      left = { at: instantOf((content as Content<typeof type>).handedOverAt), by: 'handed-over' };
  }
  const opened = opening.content as Content<'booking.opened'>;
  const openedAt = instantOf(opening.occurredAt);
  return { handle, openedAt, opened, bases: [...bases.values()], described, left };
}

/** Events with the content that their last correction gave them; one that was undone is left out. */
export function asCorrected(events: readonly EventRead[]): EventRead[] {
  const corrections = new Map<number, EventRead['content']>();
  for (const { envelope, content } of events) {
    if (envelope.type === 'correction' && envelope.corrects !== undefined)
      corrections.set(envelope.corrects, content['content'] as EventRead['content']);
  }
  return events.flatMap((event) => {
    const content = corrections.get(event.envelope.sequence) ?? event.content;
    const isUndone = corrections.has(event.envelope.sequence) && Object.keys(content).length === 0;
    return event.envelope.type === 'correction' || isUndone ? [] : [{ ...event, content }];
  });
}

/** A number may be given anew after years; a booking that began more than a day apart is another one. */
const SAME_BOOKING = 24 * HOUR;

/** What is new in an export's booking. Undefined: its number is that of another booking on record. */
export function stepsFor(booking: ImportedBooking, record: BookingOnRecord | undefined): Steps | undefined {
  const { bornOn, bases } = booking;
  const left = leavingIn(booking);
  if (record === undefined) return { opens: true, bornOn, begun: bases, ended: [], left, differences: [] };
  if (Math.abs(booking.openedAt - record.openedAt) > SAME_BOOKING) return undefined;
  const differences: Difference[] = [];
  const differ = (line: number, message: string): void => void differences.push({ line, message });
  compareOpening(booking, record, differ);
  const paired = pairBases(booking, record.bases, differ);
  if (record.described !== undefined && bornOn !== undefined && record.described.bornOn !== bornOn)
    differ(
      booking.line,
      record.described.bornOn === undefined
        ? 'tells a date of birth that the record lacks; add it by hand'
        : 'tells another date of birth',
    );
  compareLeaving(booking, record, differ);
  return {
    opens: false,
    bornOn: record.described === undefined ? bornOn : undefined,
    ...paired,
    left: record.left === undefined ? left : undefined,
    differences,
  };
}

/** Where the mapping does not say how a person left, the export tells a release. */
function leavingIn({ releasedAt, leftBy }: ImportedBooking): BookingOnRecord['left'] {
  return releasedAt === undefined ? undefined : { at: releasedAt, by: leftBy ?? 'released' };
}

function compareLeaving(
  { line, releasedAt, leftBy }: ImportedBooking,
  { left }: BookingOnRecord,
  differ: Differ,
): void {
  if (left === undefined) return;
  const told = releasedAt === undefined ? 'tells no release' : `tells a release at ${isoOf(releasedAt)}`;
  if (left.at !== releasedAt) differ(line, `${told}; on record the person left at ${isoOf(left.at)}`);
  else if (leftBy !== undefined && leftBy !== left.by)
    differ(line, `tells that the person was ${leftBy}; on record the person was ${left.by}`);
}

type Differ = (line: number, message: string) => void;

function compareOpening(
  { line, openedAt, jurisdiction, facility }: ImportedBooking,
  { opened, openedAt: at }: BookingOnRecord,
  differ: Differ,
): void {
  if (openedAt !== at) differ(line, `tells that the booking began at ${isoOf(openedAt)}; on record it is ${isoOf(at)}`);
  if (jurisdiction !== opened.jurisdiction)
    differ(line, `tells the jurisdiction ${jurisdiction}; on record it is ${opened.jurisdiction}`);
  if (canonicalJson(facility) !== canonicalJson(opened.facility))
    differ(line, 'tells another facility than the record, or describes it otherwise');
}

/**
 * Exports name no charge by a number that the record knows, so bases are paired by what they say: first those that say
 * the same, then those that have ended since. What is left on both sides contradicts; what is left in the export is new.
 */
function pairBases(
  booking: ImportedBooking,
  onRecord: readonly BasisOnRecord[],
  differ: Differ,
): Pick<Steps, 'begun' | 'ended'> {
  const free = [...onRecord];
  const take = (fits: (each: BasisOnRecord) => boolean): BasisOnRecord | undefined => {
    const at = free.findIndex(fits);
    return at === -1 ? undefined : free.splice(at, 1)[0];
  };
  const isSame = (one: ImportedBasis, each: BasisOnRecord): boolean =>
    one.kind === each.kind && one.since === each.since;
  const same = (one: ImportedBasis): boolean =>
    take((each) => isSame(one, each) && one.endedAt === each.endedAt && one.endedBy === each.endedBy) !== undefined;
  let rest = booking.bases.filter((one) => !same(one));
  const ended: { entry: number; basis: ImportedBasis }[] = [];
  rest = rest.filter((one) => {
    const open =
      one.endedAt === undefined ? undefined : take((each) => isSame(one, each) && each.endedAt === undefined);
    if (open !== undefined) ended.push({ entry: open.entry, basis: one });
    return open === undefined;
  });
  const begun = rest.filter((one) => {
    const against = take((each) => isSame(one, each)) ?? take((each) => each.kind === one.kind) ?? take(() => true);
    if (against !== undefined)
      differ(
        one.line,
        `tells a custody basis otherwise than entry ${against.entry}: ${basisText(one)}; on record: ${basisText(against)}`,
      );
    return against === undefined;
  });
  for (const each of free)
    differ(booking.line, `does not tell the custody basis of entry ${each.entry}: ${basisText(each)}`);
  return { begun, ended };
}

function basisText({
  kind,
  since,
  endedAt,
  endedBy,
}: Pick<BasisOnRecord, 'kind' | 'since' | 'endedAt' | 'endedBy'>): string {
  const end =
    endedAt === undefined ? 'not ended' : `ended ${isoOf(endedAt)}${endedBy === undefined ? '' : ` by ${endedBy}`}`;
  return `${kind} since ${isoOf(since)}, ${end}`;
}

function instantOf(text: string): Instant {
  const instant = instantFrom(text);
  if (instant === undefined) throw new Error('an instant on record is one');
  return instant;
}
