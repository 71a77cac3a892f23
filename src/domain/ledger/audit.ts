import { AGENCY_AT, scanEnvelope, TIME_LENGTH, type EnvelopeScan } from '../record/envelope-scan.ts';
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
  | 'clock-went-back'
  | 'tile-altered'
  | 'root-differs' // the entries are not those that were signed
  | 'checkpoint-forged' // not signed by the log's key, or no checkpoint
  | 'tail-missing' // a larger size was signed or witnessed
  | 'two-histories' // another root was signed or witnessed at the same size
  | 'projection-differs';

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
}

export interface Audit {
  readonly entry: (entry: AuditedEntry) => void;
  /** The hash that is kept for a full tile. */
  readonly tile: (level: number, index: number, hash: Uint8Array | undefined) => void;
  /** @param size as the log says. */
  readonly end: (size: number) => {
    readonly faults: readonly Fault[];
    readonly root: Uint8Array;
    readonly size: number;
  };
}

/** Told which full tiles an entry completed, so that their kept hashes can be fetched. */
export type OnTile = (level: number, index: number) => void;

/** What a log is held against. */
export interface Expected {
  /** Undefined: whatever agency its first entry names. */
  readonly agency?: string | undefined;
  /** Roots that were signed, at whatever size. */
  readonly attested: readonly Attested[];
  /** Subjects whose content must be gone. */
  readonly expunged: ReadonlySet<string>;
}

export function newAudit({ agency, attested, expunged }: Expected, hash: Hash): Audit {
  const faults: Fault[] = [];
  const wanted = [...attested].sort((one, other) => one.size - other.size);
  const tiles = new Map<string, Uint8Array>();
  const missing = new Map<string, number[]>();
  const erased = new Set(expunged);
  let next = 0;
  let isWhole = true;
  let last: { readonly bytes: Uint8Array; readonly scan: EnvelopeScan } | undefined;
  const byEnvelope = growingTree(NO_ENTRIES, hash);
  const onComplete: OnComplete = (level, index, node) => {
    if (level > 0 && level % 8 === 0) tiles.set(`${level / 8} ${index}`, node);
  };
  let size = 0;
  // The tree over the leaf hashes as they are kept: where one envelope was altered, it shows that the rest was not.
  let byKept: ReturnType<typeof growingTree> | undefined;

  const fault = (code: FaultCode, message: string, entry?: number, to?: number): void =>
    void faults.push({ code, message, ...(entry === undefined ? {} : { entry }), ...(to === undefined ? {} : { to }) });

  const compare = (): void => {
    while (wanted[0] !== undefined && wanted[0].size <= size) {
      const { by, size: at, root } = wanted.shift() as Attested;
      if (at !== size || !isWhole) continue;
      if (isSameHash(rootOfFrontier(byEnvelope.frontier(), hash), root)) continue;
      if (byKept !== undefined && isSameHash(rootOfFrontier(byKept.frontier(), hash), root)) continue;
      fault('root-differs', `the first ${at} entries are not those that ${by} signed`);
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
        fault('entry-altered', `entry ${sequence} is not what it was when it was recorded`, sequence);
        byKept ??= growingTree(byEnvelope.frontier(), hash);
      }
      byKept?.add(kept ?? leaf);
      byEnvelope.add(leaf, onComplete);
      size += 1;
      const scan = scanEnvelope(bytes);
      if (scan === undefined) fault('entry-altered', `entry ${sequence} is no canonical envelope`, sequence);
      else if (content !== undefined || row !== undefined || !isPlain(bytes, scan, sequence)) {
        look(envelopeFrom(bytes, scan) as Envelope, sequence, content, row);
      }
      if (scan !== undefined) last = { bytes, scan };
      if (wanted[0] !== undefined && wanted[0].size <= size) compare();
    },
    tile: (level, index, kept) => {
      const name = `${level} ${index}`;
      const node = tiles.get(name);
      tiles.delete(name);
      if (node === undefined || (kept !== undefined && isSameHash(kept, node))) return;
      const width = 256 ** level;
      fault(
        'tile-altered',
        `tile ${index} of level ${level} is ${kept === undefined ? 'missing' : 'not the hash of its entries'}`,
        index * width,
        (index + 1) * width - 1,
      );
    },
    end: (said) => {
      if (next < said) {
        fault('entry-missing', `the log says ${said} entries, and the last ${said - next} are missing`, next, said - 1);
      }
      if (next > said) {
        fault('entry-beyond-checkpoint', `entries from ${said} on are under no signed checkpoint`, said, next - 1);
      }
      for (const { by, size: signed } of wanted) {
        const why = `${by} has seen ${signed} entries, and there are ${size}: the tail was cut, or this is an older copy`;
        if (signed > size) fault('tail-missing', why, size, signed - 1);
      }
      for (const [subject, sequences] of missing) {
        if (erased.has(subject)) continue;
        for (const sequence of sequences)
          fault(
            'content-missing',
            `the content of entry ${sequence} is gone, and no court's order is on record`,
            sequence,
          );
      }
      return { faults, root: rootOfFrontier(byEnvelope.frontier(), hash), size };
    },
  };

  /** Most entries stand where they should and erase nobody: their bytes tell, and no text is made of them. */
  function isPlain(bytes: Uint8Array, scan: EnvelopeScan, sequence: number): boolean {
    if (last === undefined || scan.sequence !== sequence || scan.erases !== -1) return false;
    if (scan.agencyEnd !== last.scan.agencyEnd) return false;
    for (let at = AGENCY_AT; at < scan.agencyEnd; at += 1) if (bytes[at] !== last.bytes[at]) return false;
    for (let at = 0; at < TIME_LENGTH; at += 1) {
      const [before = 0, now = 0] = [last.bytes[last.scan.recordedAt + at], bytes[scan.recordedAt + at]];
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
    const { subject, type, recordedAt } = envelope;
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
    if (last !== undefined && recordedAt < recordedIn(last.bytes, last.scan)) {
      fault('clock-went-back', `entry ${sequence} says it was recorded before the one before it`, sequence);
    }
    if (type === 'subject.expunged' && envelope.erases !== undefined) erased.add(envelope.erases);
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

function recordedIn(bytes: Uint8Array, { recordedAt }: EnvelopeScan): string {
  return new TextDecoder().decode(bytes.subarray(recordedAt, recordedAt + TIME_LENGTH));
}
