import type { Failure } from '../../domain/failure.ts';
import { checkDraft, type Draft, type Envelope } from '../../domain/record/event.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import type { Primitives } from '../../domain/record/primitives.ts';
import type { Refusal, SubjectState } from '../../domain/record/subject-state.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { unreachable } from '../../domain/unreachable.ts';
import { entryOf, historyOf, type EventKept } from './history.ts';
import { lastRecorded } from './last-recorded.ts';
import { beginSigning, clockTrouble, headTrouble, signedTrouble, type MayNotSign } from './may-sign.ts';
import { isAlone, planBatch, type Plan, type Wanted } from './plan.ts';
import {
  StoreUnavailable,
  type Head,
  type Keyring,
  type LedgerStore,
  type RaiseAlarm,
  type SignCheckpoint,
  type SignedSizes,
  type StoreTrouble,
} from './ports.ts';
import { isSameRequest, otherRequest } from './same-request.ts';
import { statesOf } from './states.ts';
import { whyErased } from './tombstones.ts';

export interface LedgerPorts {
  readonly store: LedgerStore;
  readonly keyring: Keyring;
  readonly primitives: Primitives;
  readonly sign: SignCheckpoint;
  readonly signedSizes: SignedSizes;
  readonly now: () => Instant;
  readonly alarm: RaiseAlarm;
  /** The name of an agency's log (C2SP checkpoint origin). */
  readonly originOf: (agency: string) => string;
}

/** What became of a draft. Only `recorded` is on record: it is then in a signed checkpoint. */
export type Appended =
  | {
      readonly kind: 'recorded';
      readonly envelope: Envelope;
      /** The signed checkpoint that holds it. */
      readonly checkpoint: string;
      /** The request had been made before; this is its first result. */
      readonly repeated: boolean;
    }
  | { readonly kind: 'invalid'; readonly failures: readonly Failure[] }
  /** It does not fit what is on record; `winner` is the entry that stands against it. */
  | { readonly kind: 'conflict'; readonly refusal: Refusal; readonly winner?: Envelope | undefined }
  | { readonly kind: 'unavailable'; readonly trouble: Trouble; readonly message: string };

export type Trouble = StoreTrouble | 'clock-stepped-back' | 'already-signed' | 'busy';

export interface Ledger {
  readonly append: (agency: string, draft: Draft, extra?: Wanted['extra']) => Promise<Appended>;
  readonly state: (agency: string, subject: Handle) => Promise<SubjectState | undefined>;
  /** All entries on a subject, opened where that can be done. */
  readonly history: (agency: string, subject: Handle) => Promise<EventKept[]>;
  /** Destroys what tombstones name and a key tree still holds: after a crash between the two, and after a restore. */
  readonly replayTombstones: () => Promise<number>;
}

/** As many entries as one append holds at most: a longer one would keep the others waiting. */
const BATCH = 512;
/**
 * Others may append between our look at the head and our own append, but not for ever. Whoever appends without a pause has
 * the head in memory and mostly comes first, so this is many.
 */
const ATTEMPTS = 500;

export function openLedger(ports: LedgerPorts): Ledger {
  const writers = new Map<string, Writer>();
  const writerOf = (agency: string): Writer => {
    const writer = writers.get(agency) ?? new Writer(agency, ports);
    writers.set(agency, writer);
    return writer;
  };
  return {
    append: async (agency, draft, extra) => {
      const checked = checkDraft(draft);
      if (!checked.ok) return { kind: 'invalid', failures: checked.failures };
      await ports.keyring.ensure(agency);
      return writerOf(agency).append({ draft, extra });
    },
    state: async (agency, subject) => (await statesOf(ports, agency, [subject])).get(subject),
    history: (agency, subject) => historyOf(ports, agency, subject),
    replayTombstones: async () => {
      let destroyed = 0;
      for (const agency of await ports.store.agencies()) {
        for (const subject of await ports.store.erased(agency)) {
          if (ports.keyring.subjectKey(agency, subject) === undefined) continue;
          const why = await whyErased(ports, agency, subject);
          if (why === undefined) continue;
          await ports.keyring.destroy(agency, subject, why);
          destroyed += 1;
        }
      }
      return destroyed;
    },
  };
}

interface Pending extends Wanted {
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

type Settle = (pending: Pending, appended: Appended) => void;

/**
 * The one writer of an agency's log in this process. Drafts that come while an append is on its way wait and go together
 * in the next: that is what makes a busy log quick, and each is still acknowledged only under a signed checkpoint.
 */
class Writer {
  readonly #agency: string;
  readonly #ports: LedgerPorts;
  #waiting: Pending[] = [];
  #isWriting = false;
  // What is remembered holds only while nobody else appends; the compare-and-swap of the head tells, and all is forgotten.
  #head: Head | undefined;
  /** When the head's last entry was recorded. */
  #lastAt: Instant | undefined;
  #states = new Map<Handle, SubjectState>();
  /** A subject that a draft begins is looked for too: the last attempt found one where none should be. */
  #looksForAll = false;

  constructor(agency: string, ports: LedgerPorts) {
    this.#agency = agency;
    this.#ports = ports;
  }

  append(wanted: Wanted): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...wanted, resolve, reject });
      if (!this.#isWriting) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    try {
      while (this.#waiting.length > 0) await this.#writeBatch(this.#take());
    } finally {
      this.#isWriting = false;
    }
  }

  /**
   * A correction changes what earlier entries mean, and an erasure what may be read: they go by themselves. Of two with one
   * request the second waits for the next append, where it finds what the first has made.
   */
  #take(): Pending[] {
    const alone = this.#waiting.findIndex(({ draft }) => isAlone(draft));
    const count = alone === -1 ? BATCH : Math.max(alone, 1);
    const taken = new Map<string, Pending>();
    const again: Pending[] = [];
    for (const pending of this.#waiting.splice(0, Math.min(count, BATCH))) {
      if (taken.has(pending.draft.request)) again.push(pending);
      else taken.set(pending.draft.request, pending);
    }
    this.#waiting.unshift(...again);
    return [...taken.values()];
  }

  async #writeBatch(batch: Pending[]): Promise<void> {
    let left = batch;
    const settle: Settle = (pending, appended) => {
      left = left.filter((each) => each !== pending);
      pending.resolve(appended);
    };
    try {
      for (let attempt = 0; attempt < ATTEMPTS && left.length > 0; attempt += 1) await this.#attempt(left, settle);
      for (const pending of left) settle(pending, unavailable('busy', 'others kept writing; try again'));
    } catch (error) {
      this.#forget();
      if (!(error instanceof StoreUnavailable)) {
        // A bug, or a vault that cannot be used: whoever waits hears of it, and the next drafts are tried all the same.
        for (const pending of left) pending.reject(error);
        return;
      }
      this.#ports.alarm({ code: error.trouble, message: error.message });
      for (const pending of left) settle(pending, unavailable(error.trouble, error.message));
    }
  }

  async #attempt(left: readonly Pending[], settle: Settle): Promise<void> {
    const head = (this.#head ??= await this.#ports.store.head(this.#agency));
    const lastAt = (this.#lastAt ??= await lastRecorded(this.#ports, head));
    const stop = this.#mayNotSign(head, lastAt);
    if (stop !== undefined) {
      this.#forget();
      // Another house may have written since; a head that is read after its signature holds what was signed.
      if (await this.#hasMoved(head)) return;
      this.#ports.alarm({ code: stop.trouble, message: stop.message });
      for (const pending of left) settle(pending, stop);
      return;
    }
    const now = Math.max(this.#ports.now(), lastAt) as Instant;
    const plan = await planBatch(
      { agency: this.#agency, head, now, known: this.#states, looksForAll: this.#looksForAll, ports: this.#ports },
      left,
    );
    if (plan.refused.length > 0) {
      // What is remembered may be old, and then a refusal says nothing.
      if (await this.#hasMoved(head)) {
        this.#forget();
        return;
      }
      // What stands against a draft may be its own entry: the request was made before, and that is its result.
      const made = await this.#madeBy(plan.refused.map(({ wanted }) => wanted));
      for (const { wanted, appended } of plan.refused) settle(wanted, made.get(wanted.draft.request) ?? appended);
    }
    this.#looksForAll = false;
    if (plan.batch === undefined) return;
    // A log's line is in the list before its first entry is on record: one that is missing later was lost.
    if (head === undefined) await beginSigning(this.#ports, this.#agency, plan.batch.after.origin);
    const committed = await this.#ports.store.commit(plan.batch);
    switch (committed) {
      case 'committed':
        this.#lastAt = now;
        await this.#acknowledge(plan, plan.batch.after, settle);
        return;
      case 'request-known':
        this.#forget();
        for (const [request, appended] of await this.#madeBy(left)) {
          for (const pending of left) if (pending.draft.request === request) settle(pending, appended);
        }
        return;
      case 'head-moved':
        this.#forget();
        return;
      case 'state-moved':
        this.#forget();
        this.#looksForAll = true;
        return;
      default:
        unreachable(committed);
    }
  }

  async #acknowledge(plan: Plan<Pending>, after: Head, settle: Settle): Promise<void> {
    this.#head = after;
    for (const [subject, state] of plan.states) this.#states.set(subject, state);
    if (this.#states.size > REMEMBERED) this.#states.clear();
    this.#ports.signedSizes.keep(after.origin, after.size, after.root.toHex());
    for (const effect of plan.effects) await effect();
    for (const { wanted, envelope } of plan.accepted) {
      settle(wanted, { kind: 'recorded', envelope, checkpoint: after.checkpoint, repeated: false });
    }
  }

  /** What these requests have made before, by request. */
  async #madeBy(pending: readonly Pending[]): Promise<Map<string, Appended>> {
    const { store, signedSizes } = this.#ports;
    const requests = pending.map(({ draft }) => draft.request);
    const rows = await store.byRequest(this.#agency, requests);
    const head = rows.length === 0 ? undefined : await store.head(this.#agency);
    if (head === undefined) return new Map();
    // Whoever wrote it may have been ended before its size was kept, and now it is acknowledged.
    signedSizes.keep(head.origin, head.size, head.root.toHex());
    const { checkpoint } = head;
    const drafts = new Map(pending.map(({ draft }) => [draft.request, draft]));
    const made = rows.map(async (row): Promise<[string, Appended]> => {
      const isSame = await isSameRequest(this.#ports, this.#agency, drafts.get(row.request) as Draft, row);
      const envelope = entryOf(row);
      if (isSame) return [row.request, { kind: 'recorded', envelope, checkpoint, repeated: true }];
      return [row.request, { kind: 'conflict', refusal: otherRequest(row.sequence), winner: envelope }];
    });
    return new Map(await Promise.all(made));
  }

  async #hasMoved(from: Head | undefined): Promise<boolean> {
    return (await this.#ports.store.head(this.#agency))?.size !== from?.size;
  }

  #mayNotSign(head: Head | undefined, lastAt: Instant): MayNotSign | undefined {
    const { now, primitives, keyring } = this.#ports;
    // First: whoever begins a log at this moment writes its line before the vault says so.
    const hasSigned = head === undefined && keyring.hasSigned(this.#agency);
    const signed = this.#ports.signedSizes.last(head?.origin ?? this.#ports.originOf(this.#agency));
    return clockTrouble(lastAt, now()) ?? headTrouble(head, primitives.hash) ?? signedTrouble(signed, head, hasSigned);
  }

  #forget(): void {
    this.#head = undefined;
    this.#lastAt = undefined;
    this.#states.clear();
  }
}

const REMEMBERED = 50_000;

function unavailable(trouble: Trouble, message: string): Appended & { kind: 'unavailable' } {
  return { kind: 'unavailable', trouble, message };
}
