import { lineOf, ok, type Result } from '../../domain/failure.ts';
import { readBooking, withBooking, type ImportedBooking, type Rejection } from '../../domain/import/booking.ts';
import { bookingOnRecord, stepsFor, type BookingOnRecord } from '../../domain/import/on-record.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import { openRow, readable } from '../ledger/history.ts';
import { writeSteps, writeVouching, type Written } from './drafts.ts';
import { groupsOf, survey } from './export-bookings.ts';
import { BookingNumbers } from './numbers.ts';
import type { ImportPorts, ImportReport, ImportRequest, ImportWatcher } from './ports.ts';

/** Bookings that are on their way together: their events share appends, and so the disk. */
const TOGETHER = 256;

/**
 * Puts a jail's export on record: bookings, what they rest on, and how they ended. It can be run again at any time, after
 * a kill as with a newer export: what is on record is found by the booking's number, and only what is new is appended.
 */
export async function importBookings(
  ports: ImportPorts,
  request: ImportRequest,
  watcher: ImportWatcher,
): Promise<Result<ImportReport>> {
  const { rows } = ports;
  const { mapping } = request;
  const surveyed = await survey(rows, mapping, (share) => watcher.progress('checking', share / 2));
  if (!surveyed.ok) return surveyed;
  const numbers = new BookingNumbers(ports, request.agency);
  const known = await numbers.refresh((share) => watcher.progress('checking', (1 + share) / 2));
  if (!known.ok) return known;
  const run = new Run(ports, request, watcher, numbers);
  let page: ImportedBooking[] = [];
  for await (const group of groupsOf(rows, mapping, surveyed.value)) {
    if (!group.ok) return group;
    if (group.value.kind === 'rejected') run.reject([group.value.rejection], group.value.number);
    else {
      const reading = { mapping, agency: request.agency, now: ports.now() };
      const read = readBooking(group.value.rows, reading);
      if (read.ok) page.push(read.booking);
      else run.reject(read.rejections, group.value.number);
      if (page.length < TOGETHER) continue;
      const gone = await run.page(page);
      page = [];
      if (!gone.ok) return gone;
      if (run.stopped !== undefined) break;
      watcher.progress('importing', group.value.share);
    }
  }
  if (run.stopped === undefined && page.length > 0) {
    const gone = await run.page(page);
    if (!gone.ok) return gone;
  }
  const { rows: count, bookings } = surveyed.value;
  return ok({ ...run.report(), rows: count, bookings, passedOver: rows.passedOver() });
}

/** One run of an import: what it has counted, and whether it must stop. */
class Run {
  readonly #ports: ImportPorts;
  readonly #request: ImportRequest;
  readonly #watcher: ImportWatcher;
  readonly #numbers: BookingNumbers;
  readonly #counts = { opened: 0, continued: 0, unchanged: 0, heldBack: 0, differing: 0, rejectedRows: 0, events: 0 };
  readonly #rejected = new Set<string>();
  #isVouched = false;
  stopped: string | undefined;

  constructor(ports: ImportPorts, request: ImportRequest, watcher: ImportWatcher, numbers: BookingNumbers) {
    this.#ports = ports;
    this.#request = request;
    this.#watcher = watcher;
    this.#numbers = numbers;
  }

  report(): Omit<ImportReport, 'rows' | 'bookings' | 'passedOver'> {
    return { ...this.#counts, rejected: this.#rejected.size, stopped: this.stopped };
  }

  reject(rejections: readonly Rejection[], number: string | undefined): void {
    for (const rejection of rejections) this.#watcher.rejected(rejection);
    this.#counts.rejectedRows += new Set(rejections.map(({ line }) => line)).size;
    if (number !== undefined) this.#rejected.add(number);
  }

  async page(bookings: readonly ImportedBooking[]): Promise<Result<undefined>> {
    const fresh = await this.#numbers.refresh();
    if (!fresh.ok) return fresh;
    const records = await this.#recordsOf(bookings);
    const admitted = bookings.filter((booking) => this.#isAdmitted(booking));
    if (!(await this.#vouchWhereNeeded(admitted))) return ok(undefined);
    await Promise.all(admitted.map((booking) => this.#one(booking, records.get(booking.number))));
    return ok(undefined);
  }

  async #recordsOf(bookings: readonly ImportedBooking[]): Promise<Map<string, BookingOnRecord>> {
    const { store, keyring, primitives } = this.#ports;
    const { agency } = this.#request;
    const numbers = new Map<Handle, string>();
    for (const { number } of bookings) {
      const known = this.#numbers.of(number);
      if (known.kind === 'on-record') numbers.set(known.handle, number);
    }
    const records = new Map<string, BookingOnRecord>();
    if (numbers.size === 0) return records;
    const rows = Map.groupBy(await store.entriesOn(agency, [...numbers.keys()]), ({ subject }) => subject);
    for (const [handle, number] of numbers) {
      const key = keyring.subjectKey(agency, handle);
      const events = readable((rows.get(handle) ?? []).map((row) => openRow(row, key, primitives)));
      // Sealed or expunged since its number was read: the append will say so.
      if (events.length > 0 && events.length === rows.get(handle)?.length)
        records.set(number, bookingOnRecord(handle, events));
    }
    return records;
  }

  /** Whether a booking may go on record at all; what may not is rejected or held back. */
  #isAdmitted(booking: ImportedBooking): boolean {
    const known = this.#numbers.of(booking.number);
    if (known.kind === 'on-record') return true;
    if (known.kind === 'twice') {
      this.#refuse(booking, 'two bookings on record have this number; which one is meant a person must say');
      return false;
    }
    if (this.#request.vouchedBy !== undefined || !this.#numbers.mayBeErased(booking.openedAt)) return true;
    this.#holdBack(booking);
    return false;
  }

  async #vouchWhereNeeded(bookings: readonly ImportedBooking[]): Promise<boolean> {
    const { vouchedBy, isTrial } = this.#request;
    if (vouchedBy === undefined || this.#isVouched || isTrial) return true;
    const isNeeded = (booking: ImportedBooking): boolean =>
      this.#numbers.of(booking.number).kind === 'new' && this.#numbers.mayBeErased(booking.openedAt);
    if (!bookings.some(isNeeded)) return true;
    const written = await writeVouching(this.#ports, this.#request, vouchedBy, this.#numbers.erasures);
    this.#isVouched = true;
    return this.#settle(written, undefined);
  }

  async #one(booking: ImportedBooking, record: BookingOnRecord | undefined): Promise<void> {
    const known = this.#numbers.of(booking.number);
    if (known.kind === 'on-record' && record === undefined) {
      this.#holdBack(booking);
      return;
    }
    const steps = stepsFor(booking, record);
    if (steps === undefined) {
      this.#refuse(
        booking,
        'this number is on record for a booking that began more than a day apart; a number names one booking',
      );
      return;
    }
    for (const difference of steps.differences) this.#watcher.differs(difference);
    if (steps.differences.length > 0) this.#counts.differing += 1;
    const written = await writeSteps(this.#ports, this.#request, booking, record?.handle, steps);
    if (written.handle !== undefined) this.#numbers.opened(booking.number, written.handle);
    if (!this.#settle(written, booking)) return;
    if (steps.opens) this.#counts.opened += 1;
    else if (written.events > 0) this.#counts.continued += 1;
    else this.#counts.unchanged += 1;
  }

  /** Counts what was written; false: not all of it was. */
  #settle(written: Written, booking: ImportedBooking | undefined): boolean {
    this.#counts.events += written.events;
    if (!this.#request.isTrial) this.#numbers.appended(written.events);
    const { failure } = written;
    switch (failure?.kind) {
      case undefined:
        return true;
      case 'unavailable':
        this.stopped ??= failure.message;
        return false;
      case 'conflict':
        if (booking === undefined) this.stopped ??= failure.refusal.message;
        else if (failure.refusal.code === 'erased') this.#holdBack(booking);
        else this.#refuse(booking, `does not fit what is on record: ${failure.refusal.message}`);
        return false;
      case 'invalid':
        if (booking === undefined) this.stopped ??= failure.failures.map(lineOf).join('; ');
        else this.#refuse(booking, failure.failures.map(lineOf).join('; '));
        return false;
    }
  }

  #holdBack(booking: ImportedBooking): void {
    this.#counts.heldBack += 1;
    for (const line of booking.rows) this.#watcher.heldBack({ line, reason: HELD_BACK });
  }

  #refuse(booking: ImportedBooking, reason: string): void {
    const [first = booking.line, ...rest] = booking.rows;
    this.reject([{ line: first, reason }, ...rest.map((line) => withBooking(line, first))], booking.number);
  }
}

/** One reason for all, so that none of them is singled out. */
const HELD_BACK = 'may be a booking whose record a court had sealed or expunged; see docs/import.md';
