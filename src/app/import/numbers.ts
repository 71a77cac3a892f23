import { failed, ok, type Result } from '../../domain/failure.ts';
import type { Content } from '../../domain/record/catalogue.ts';
import { openEntry } from '../../domain/record/event.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import { DAY, dayFrom, type Day, type Instant } from '../../domain/time/instant.ts';
import { entryOf } from '../ledger/history.ts';
import type { EntryRead } from '../ledger/ports.ts';
import type { ImportPorts } from './ports.ts';

type Reading = Pick<ImportPorts, 'store' | 'keyring' | 'primitives'>;

/** What is known of a number of a booking. */
export type Known =
  { readonly kind: 'new' } | { readonly kind: 'on-record'; readonly handle: Handle } | { readonly kind: 'twice' };

/**
 * The numbers of an agency's bookings, in memory only (docs/adr/0012): they are personal, so the database holds neither
 * them nor a hash that could be tried with guesses. They are read from the encrypted openings, and read on where others
 * have written meanwhile.
 */
export class BookingNumbers {
  readonly #ports: Reading;
  readonly #agency: string;
  readonly #handles = new Map<string, Handle>();
  readonly #twice = new Set<string>();
  /** Where each booking's opening stands, for corrections of it. */
  readonly #openings = new Map<Handle, { readonly sequence: number; readonly number: string }>();
  readonly #unreadable = new Map<
    Handle,
    { readonly sequence: number; readonly recordedOn: Day; readonly why: string }
  >();
  /** The last day on which an opening was recorded that is erased now. */
  #lastErasedOn = -Infinity;
  #erasures = 0;
  #readTo = 0;
  /** Entries that the import itself has appended since it last read: it knows what they say. */
  #own = 0;

  constructor(ports: Reading, agency: string) {
    this.#ports = ports;
    this.#agency = agency;
  }

  of(number: string): Known {
    if (this.#twice.has(number)) return { kind: 'twice' };
    const handle = this.#handles.get(number);
    return handle === undefined ? { kind: 'new' } : { kind: 'on-record', handle };
  }

  /** How many bookings of the agency are sealed or expunged now. */
  get erasures(): number {
    return this.#erasures;
  }

  /**
   * Whether a booking that is not on record may be one that a court had erased: number and time are destroyed, and the
   * day on which it was recorded is all that is left. A booking begins before it is recorded.
   */
  mayBeErased(openedAt: Instant): boolean {
    return openedAt < (this.#lastErasedOn + 1 + DAYS_OF_DOUBT) * DAY;
  }

  opened(number: string, handle: Handle): void {
    this.#handles.set(number, handle);
  }

  appended(entries: number): void {
    this.#own += entries;
  }

  /** Reads what others have appended since the last time. Refused where an opening cannot be read and no order says why. */
  async refresh(progress?: (share: number) => void): Promise<Result<undefined>> {
    const { store, keyring } = this.#ports;
    const size = (await store.head(this.#agency))?.size ?? 0;
    const isNews = size !== this.#readTo + this.#own;
    if (isNews) {
      await keyring.ensure(this.#agency);
      for await (const rows of store.entries(this.#agency, this.#readTo, size)) {
        for (const row of rows) this.#take(row);
        progress?.(((rows.at(-1)?.sequence ?? 0) + 1) / size);
      }
    }
    [this.#readTo, this.#own] = [size, 0];
    return isNews ? this.#weighErasures() : ok(undefined);
  }

  #take(row: EntryRead): void {
    if (row.type !== 'booking.opened' && row.type !== 'correction') return;
    const envelope = entryOf(row);
    const { sequence, subject, corrects } = envelope;
    const opening = this.#openings.get(subject);
    if (row.type === 'correction' && corrects !== opening?.sequence) return;
    const key = this.#ports.keyring.subjectKey(this.#agency, subject);
    const event = openEntry(envelope, row.ciphertext, key, this.#ports.primitives);
    if (typeof event === 'string') {
      const recordedOn = dayFrom(envelope.recordedOn) ?? (0 as Day);
      if (row.type === 'booking.opened') this.#unreadable.set(subject, { sequence, recordedOn, why: event });
      return;
    }
    const said = (row.type === 'correction' ? event.content['content'] : event.content) as Content<'booking.opened'>;
    if (opening !== undefined && this.#handles.get(opening.number) === subject) this.#handles.delete(opening.number);
    const other = this.#handles.get(said.booking);
    if (other !== undefined && other !== subject) this.#twice.add(said.booking);
    this.#handles.set(said.booking, subject);
    this.#openings.set(subject, { sequence: opening?.sequence ?? sequence, number: said.booking });
  }

  async #weighErasures(): Promise<Result<undefined>> {
    const { store, keyring } = this.#ports;
    // A restored database may have forgotten what the vault remembers.
    const erased = new Set<Handle>([...(await store.erased(this.#agency)), ...keyring.destroyed(this.#agency).keys()]);
    for (const [subject, { sequence, recordedOn, why }] of this.#unreadable) {
      if (!erased.has(subject)) {
        const message = `the booking that entry ${sequence} opens cannot be read (${why}), so it cannot be told whether it is in the export; run writkeeper ledger verify`;
        return failed({ code: 'unreadable', where: '', message });
      }
      this.#lastErasedOn = Math.max(this.#lastErasedOn, recordedOn);
    }
    this.#erasures = this.#unreadable.size;
    return ok(undefined);
  }
}

/** The clock of the jail's system may be hours away from ours. */
const DAYS_OF_DOUBT = 1;
