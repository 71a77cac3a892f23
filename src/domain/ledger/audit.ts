import { AGENCY_AT, DAY_LENGTH, scanEnvelope, type EnvelopeScan } from '../record/envelope-scan.ts';
import { envelopeFrom, type Envelope } from '../record/event.ts';
import { growingTree, NO_ENTRIES, rootOfFrontier, type OnComplete } from './frontier.ts';
import { isSameHash, leafHash, type Hash } from './hashes.ts';

/**
 * Reads a whole log once, entry after entry, and says what is not as it must be. Pure, and flat in memory: whoever reads
 * the entries feeds them in, from a database, from files or from another house's web server.
 */
export interface Fault {
  readonly code: FaultCode;
  /** The first entry that is touched; undefined where it is the log as a whole. */
  readonly entry?: number;
  /** The last one, where it is a stretch. */
  readonly to?: number;
  /** What was found and what it means, in a sentence. */
  readonly message: string;
}

export type FaultCode =
  | 'entry-missing'
  | 'entry-altered' // its bytes are not those that its leaf hash was made of
  | 'entry-misplaced' // its envelope says another place, kind or subject than it stands at
  | 'entry-beyond-checkpoint' // not under a signed checkpoint
  | 'content-altered'
  | 'content-missing' // and no tombstone says that it may be
  | 'content-not-expunged' // a tombstone says that it must be gone
  | 'order-forgotten' // the vault knows of a court's order, and this copy of the record does not
  | 'tombstone-missing' // a court's order is on record, and the row is gone that guards it
  | 'sealed-key-differs' // the key for the court is not the one that was sealed, or is gone
  | 'request-differs' // the request in the clear is not the one under the commitment
  | 'clock-went-back'
  | 'day-differs' // the day in the envelope is not that of the time under its commitment
  | 'tile-altered'
  | 'root-differs' // the entries are not those that were signed
  | 'log-unknown' // the house has no keys of it
  | 'cosignature-forged' // a kept one is not by the witness's key, or of another checkpoint
  | 'checkpoint-forged' // not signed by the log's key, or no checkpoint
  | 'checkpoint-missing' // the newest is not among those that are kept
  | 'tail-missing' // a larger size was signed or witnessed
  | 'signed-size-unknown' // the house's own list does not say how much was signed
  | 'two-histories' // another root was signed or witnessed at the same size
  | 'projection-differs'
  | 'hold-end-differs' // the rows by which a hold ends once are not those of its entries
  | 'guard-differs'; // a rule of the database is gone, or allows more than it may

/** An entry as somebody gives it to be audited. */
export interface AuditedEntry {
  readonly sequence: number;
  readonly envelope: Uint8Array;
  /** As it is kept; undefined where the source keeps none. */
  readonly leafHash?: Uint8Array | undefined;
  /** SHA-256 of the ciphertext; `gone` where there is none; undefined where the source shows no content. */
  readonly content?: Uint8Array | 'gone' | undefined;
  /** The row's own columns, where there are any. */
  readonly row?: { readonly type: string; readonly subject: string };
}

/** A size and root that somebody has signed: the log itself, a witness, or whoever kept an old checkpoint. */
export interface Attested {
  readonly by: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** A checkpoint that is kept beside the entries and shown with them. Whoever keeps another one elsewhere may know better. */
  readonly isOwn?: true;
}

export interface Audit {
  readonly entry: (entry: AuditedEntry) => void;
  /** More checkpoints, of sizes that are still to come. */
  readonly expect: (more: readonly Attested[]) => void;
  /** The hash that is kept for a full tile. */
  readonly tile: (level: number, index: number, hash: Uint8Array | undefined) => void;
  /** @param size as the log says. */
  readonly end: (size: number) => {
    readonly faults: readonly Fault[];
    readonly root: Uint8Array;
    readonly size: number;
    /** Subjects that entries say were expunged, and the entry that says so. */
    readonly expunged: ReadonlyMap<string, number>;
  };
}

/** What a log is held against. */
export interface Expected {
  /** Undefined: whatever agency its first entry names. */
  readonly agency?: string | undefined;
  /** Roots that were signed, at whatever size. */
  readonly attested: readonly Attested[];
  /** Subjects whose content must be gone. */
  readonly expunged: ReadonlySet<string>;
  /** Subjects of which an order is known elsewhere that the entries do not have: said once, and not for each entry. */
  readonly forgotten?: ReadonlySet<string> | undefined;
}

export function newAudit({ agency, attested, expunged, forgotten }: Expected, hash: Hash): Audit {
  const faults: Fault[] = [];
  const wanted = [...attested].sort((one, other) => one.size - other.size);
  const tiles = new Map<string, Uint8Array>();
  const missing = new Map<string, number[]>();
  // Only an entry under a checkpoint excuses that content is gone: a row in a table is soon written.
  const erased = new Map<string, number>();
  let next = 0;
  let isWhole = true;
  let last: { readonly bytes: Uint8Array; readonly scan: EnvelopeScan } | undefined;
  const byEnvelope = growingTree(NO_ENTRIES, hash);
  const onComplete: OnComplete = (level, index, node) => {
    // After a gap the entries stand at other places than their tiles say.
    if (level > 0 && level % 8 === 0 && isWhole) tiles.set(`${level / 8} ${index}`, node);
  };
  let size = 0;
  // The tree over the leaf hashes as they are kept: where one envelope was altered, it shows that the rest was not.
  let byKept: ReturnType<typeof growingTree> | undefined;

  const fault = (code: FaultCode, message: string, entry?: number, to?: number): void =>
    void faults.push({ code, message, ...(entry === undefined ? {} : { entry }), ...(to === undefined ? {} : { to }) });

  // Up to these sizes the entries are what anybody, the log's own checkpoints, and others have signed.
  const good = { any: 0, own: 0, others: 0 };
  let hasOwnParted = false;
  // Entries whose kept hash is another, until a signed root says which of the two was altered.
  let doubted: number[] = [];
  const disagreeing: { readonly attested: Attested; readonly from: typeof good }[] = [];
  const tileFaults: Required<Fault>[] = [];

  const settleDoubts = (isKeptRight: boolean): void => {
    for (const sequence of doubted) {
      if (isKeptRight) fault('entry-altered', `entry ${sequence} is not what it was when it was recorded`, sequence);
      else fault('tile-altered', `the hash that is kept of entry ${sequence} is not its own`, sequence, sequence);
    }
    doubted = [];
  };
  const isExplained = (from: number, to: number): boolean =>
    faults.some(({ code, entry }) => TOUCH_THE_TREE.has(code) && entry !== undefined && entry >= from && entry < to);
  const parted = (code: 'root-differs' | 'two-histories', { by, size: at }: Attested, from: number): void => {
    const which = at - from === 1 ? `entry ${from} is` : `entries ${from} to ${at - 1} are`;
    const meaning = code === 'two-histories' ? ', though this log has signed both: it was shown in two versions' : '';
    fault(code, `${which} not what ${by} has at ${at} entries${meaning}`, from, at - 1);
  };
  const compareOne = (attested: Attested): void => {
    const isSigned = (tree: typeof byKept): boolean =>
      tree !== undefined && isSameHash(rootOfFrontier(tree.frontier(), hash), attested.root);
    const isByEnvelope = isSigned(byEnvelope);
    if (isByEnvelope || isSigned(byKept)) {
      settleDoubts(!isByEnvelope);
      if (isByEnvelope) byKept = undefined;
      good.any = size;
      good[attested.isOwn === true ? 'own' : 'others'] = size;
    } else if (attested.isOwn !== true) {
      disagreeing.push({ attested, from: { ...good } });
    } else if (!hasOwnParted) {
      // Later ones differ too, by this one's entries. Where a doubt is left, it names them.
      hasOwnParted = true;
      settleDoubts(true);
      if (!isExplained(good.any, size)) parted('root-differs', attested, good.any);
    }
  };
  const compare = (): void => {
    while (wanted[0] !== undefined && wanted[0].size <= next) {
      const attested = wanted.shift() as Attested;
      if (attested.size === size && isWhole) compareOne(attested);
    }
  };
  compare();

  return {
    entry: ({ sequence, envelope: bytes, leafHash: kept, content, row }) => {
      if (sequence !== next) {
        fault('entry-missing', `entries are missing: after ${next - 1} comes ${sequence}`, next, sequence - 1);
        isWhole = false;
      }
      next = sequence + 1;
      const leaf = leafHash(bytes, hash);
      if (kept !== undefined && !isSameHash(kept, leaf)) {
        doubted.push(sequence);
        byKept ??= growingTree(byEnvelope.frontier(), hash);
      }
      byKept?.add(kept ?? leaf);
      byEnvelope.add(leaf, onComplete);
      size += 1;
      const scan = scanEnvelope(bytes);
      if (scan === undefined) {
        if (doubted.at(-1) !== sequence) {
          fault('entry-altered', `entry ${sequence} is no canonical envelope`, sequence);
        }
      } else if (content !== undefined || row !== undefined || !isPlain(bytes, scan, sequence)) {
        look(envelopeFrom(bytes, scan) as Envelope, sequence, content, row);
      }
      if (scan !== undefined) last = { bytes, scan };
      if (wanted[0] !== undefined && wanted[0].size <= next) compare();
    },
    expect: (more) => {
      wanted.push(...more);
      wanted.sort((one, other) => one.size - other.size);
    },
    tile: (level, index, kept) => {
      const name = `${level} ${index}`;
      const node = tiles.get(name);
      tiles.delete(name);
      if (node === undefined || (kept !== undefined && isSameHash(kept, node))) return;
      const width = 256 ** level;
      const message = `tile ${index} of level ${level} is ${kept === undefined ? 'missing' : 'not the hash of its entries'}`;
      tileFaults.push({ code: 'tile-altered', entry: index * width, to: (index + 1) * width - 1, message });
    },
    end: (said) => {
      settleDoubts(true);
      // Where the log's own checkpoints fit its entries, whoever has another root was shown another history.
      for (const { attested, from } of disagreeing) {
        if (!hasOwnParted && good.own >= attested.size) parted('two-histories', attested, from.others);
        else if (!isExplained(from.any, attested.size)) parted('root-differs', attested, from.any);
      }
      // A tile that does not fit its entries since they were altered is none that was altered.
      faults.push(...tileFaults.filter(({ entry, to }) => !isExplained(entry, to + 1)));
      if (next < said) {
        fault('entry-missing', `the log says ${said} entries, and the last ${said - next} are missing`, next, said - 1);
      }
      if (next > said) {
        fault('entry-beyond-checkpoint', `entries from ${said} on are under no signed checkpoint`, said, next - 1);
      }
      const later = wanted.filter((each) => each.size > Math.max(next, said));
      const newestOwn = later.findLast(({ isOwn }) => isOwn === true);
      for (const attested of later) {
        const { by, size: signed, isOwn } = attested;
        if (isOwn === true && attested !== newestOwn) continue;
        const why = `${by} has seen ${signed} entries, and there are ${next}: the tail was cut, or this is an older copy`;
        fault('tail-missing', why, next, signed - 1);
      }
      for (const [subject, sequences] of missing) {
        if (erased.has(subject) || forgotten?.has(subject) === true) continue;
        for (const sequence of sequences)
          fault(
            'content-missing',
            `the content of entry ${sequence} is gone, and no court's order is on record`,
            sequence,
          );
      }
      return { faults, root: rootOfFrontier(byEnvelope.frontier(), hash), size, expunged: erased };
    },
  };

  /** Most entries stand where they should and erase nobody: their bytes tell, and no text is made of them. */
  function isPlain(bytes: Uint8Array, scan: EnvelopeScan, sequence: number): boolean {
    if (last === undefined || scan.sequence !== sequence || scan.erases !== -1) return false;
    if (scan.agencyEnd !== last.scan.agencyEnd) return false;
    for (let at = AGENCY_AT; at < scan.agencyEnd; at += 1) if (bytes[at] !== last.bytes[at]) return false;
    for (let at = 0; at < DAY_LENGTH; at += 1) {
      const [before = 0, now = 0] = [last.bytes[last.scan.recordedOn + at], bytes[scan.recordedOn + at]];
      if (now !== before) return now > before;
    }
    return true;
  }

  function look(
    envelope: Envelope,
    sequence: number,
    content: AuditedEntry['content'],
    row: AuditedEntry['row'],
  ): void {
    const { subject, type, recordedOn } = envelope;
    const isElsewhere = envelope.sequence !== sequence || (agency !== undefined && envelope.agency !== agency);
    if (isElsewhere)
      fault(
        'entry-misplaced',
        `what stands at ${sequence} is entry ${envelope.sequence} of ${envelope.agency}`,
        sequence,
      );
    else if (row !== undefined && (row.type !== type || row.subject !== subject)) {
      fault('entry-misplaced', `entry ${sequence} is filed under another kind or subject than it says`, sequence);
    }
    if (last !== undefined && recordedOn < recordedIn(last.bytes, last.scan)) {
      fault('clock-went-back', `entry ${sequence} says it was recorded on a day before the one before it`, sequence);
    }
    if (type === 'subject.expunged' && envelope.erases !== undefined) erased.set(envelope.erases, sequence);
    if (content === undefined) return;
    if (content === 'gone') missing.set(subject, [...(missing.get(subject) ?? []), sequence]);
    else if (content.toHex() !== envelope.ciphertext)
      fault('content-altered', `the content of entry ${sequence} is not what was recorded`, sequence);
    if (content !== 'gone' && expunged.has(subject)) {
      fault(
        'content-not-expunged',
        `the content of entry ${sequence} is still there, though a court had it expunged`,
        sequence,
      );
    }
  }
}

/** In the order of the entries; what an altered entry says of its own place, time and content is not held against it too. */
export function inOrder(faults: readonly Fault[]): Fault[] {
  const altered = new Set(faults.flatMap(({ code, entry }) => (code === 'entry-altered' ? [entry] : [])));
  const isEcho = ({ code, entry }: Fault): boolean => ECHOES.has(code) && entry !== undefined && altered.has(entry);
  return faults.filter((each) => !isEcho(each)).sort((one, other) => (one.entry ?? -1) - (other.entry ?? -1));
}

const ECHOES: ReadonlySet<FaultCode> = new Set(['entry-misplaced', 'content-altered', 'clock-went-back']);

/** Faults by which the tree over the entries is another. */
const TOUCH_THE_TREE: ReadonlySet<FaultCode> = new Set([
  'entry-missing',
  'entry-altered',
  'entry-misplaced',
  'root-differs',
]);

function recordedIn(bytes: Uint8Array, { recordedOn }: EnvelopeScan): string {
  return new TextDecoder().decode(bytes.subarray(recordedOn, recordedOn + DAY_LENGTH));
}
