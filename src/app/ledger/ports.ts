import type { Frontier } from '../../domain/ledger/frontier.ts';
import type { EventType } from '../../domain/record/catalogue.ts';
import type { KeptState } from '../../domain/record/kept-state.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import type { HoldEnd } from '../../domain/record/subject-state.ts';

/** The newest tree of an agency that was signed. */
export interface Head extends Frontier {
  readonly agency: string;
  /** The log's name in its checkpoints (C2SP tlog-checkpoint): a schema-less URL, chosen once. */
  readonly origin: string;
  readonly root: Uint8Array;
  /** The UTC day of its last entry. The time stands in that entry alone, sealed (last-recorded.ts). */
  readonly recordedOn: string;
  /** That entry, where it was read with the head. */
  readonly last?: EntryRead;
  /** The signed checkpoint, a C2SP signed note. */
  readonly checkpoint: string;
}

export interface EntryRow {
  readonly sequence: number;
  readonly type: EventType;
  readonly subject: Handle;
  readonly request: string;
  readonly envelope: Uint8Array;
  readonly leafHash: Uint8Array;
}

/** An entry with its personal part, where that is still there. */
export interface EntryRead extends EntryRow {
  readonly ciphertext: Uint8Array | undefined;
}

export interface TileRoot {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

/** All that one append changes: kept whole or not at all. */
export interface Batch {
  /** Undefined: the agency's first. */
  readonly before: Head | undefined;
  readonly after: Head;
  readonly entries: readonly (EntryRow & { readonly ciphertext: Uint8Array })[];
  readonly tileRoots: readonly TileRoot[];
  /** Projections; `expected` is the last entry that the state before knew, undefined where there was none. */
  readonly states: readonly { subject: Handle; state: KeptState; expected: number | undefined }[];
  /** Holds that end by an entry of this batch. */
  readonly holdEnds: readonly { hold: number; sequence: number }[];
  /** Subjects whose content goes by a court's order. */
  readonly tombstones: readonly { subject: Handle; sequence: number }[];
  /** A sealed subject's key under the court's. */
  readonly sealedKeys: readonly { subject: Handle; sequence: number; sealed: Uint8Array }[];
}

/**
 * How a commit ended. Everything but `committed` has changed nothing: somebody else's append came first (`head-moved`),
 * an entry with that request is there (`request-known`), or a projection is not what was expected (`state-moved`).
 */
export type Committed = 'committed' | 'head-moved' | 'request-known' | 'state-moved';

/** Where the ledger is kept. @throws StoreUnavailable where it cannot be read or written now. */
export interface LedgerStore {
  readonly head: (agency: string) => Promise<Head | undefined>;
  readonly agencies: () => Promise<string[]>;
  readonly commit: (batch: Batch) => Promise<Committed>;
  /** Entries that these requests have made. */
  readonly byRequest: (agency: string, requests: readonly string[]) => Promise<EntryRow[]>;
  /** Projections as they are kept; `states.ts` opens them. */
  readonly states: (agency: string, subjects: readonly Handle[]) => Promise<Map<Handle, KeptState>>;
  /** All entries on some subjects, in order. */
  readonly entriesOn: (agency: string, subjects: readonly Handle[]) => Promise<EntryRead[]>;
  /** Every subject that has entries or a projection, a page at a time. */
  readonly subjects: (agency: string) => AsyncIterable<Handle[]>;
  /** Puts projections in the place of others; undefined takes one away that no entry explains. */
  readonly replaceStates: (agency: string, states: ReadonlyMap<Handle, KeptState | undefined>) => Promise<void>;
  /** Entries of a stretch, in order, never all at once. */
  readonly entries: (agency: string, from: number, to: number) => AsyncIterable<EntryRead[]>;
  /** Leaf hashes (level 0) or roots of full tiles (level 1 and up) from an index on, one behind the other. */
  readonly hashes: (agency: string, level: number, from: number, to: number) => Promise<Uint8Array>;
  readonly checkpoints: (agency: string, from: number, to: number) => Promise<{ size: number; note: string }[]>;
  readonly keepCosignature: (agency: string, size: number, witness: string, line: string) => Promise<void>;
  /** Signature lines that witnesses have given for a size. */
  readonly cosignatures: (agency: string, size: number) => Promise<string[]>;
  /** All of them, at every size. */
  readonly everyCosignature: (
    agency: string,
  ) => Promise<{ readonly size: number; readonly witness: string; readonly line: string }[]>;
  /** Subjects that were sealed or expunged. */
  readonly erased: (agency: string) => Promise<Handle[]>;
  /** Subjects whose content must be gone. */
  readonly expunged: (agency: string) => Promise<Handle[]>;
  readonly sealedKey: (agency: string, subject: Handle) => Promise<Uint8Array | undefined>;
  /** Rows by which holds of some subjects have ended, and can end no more. */
  readonly holdEnds: (
    agency: string,
    subjects: readonly Handle[],
  ) => Promise<readonly (HoldEnd & { readonly subject: Handle })[]>;
  /** How the store's own rules, by which it only grows, differ from those that it was made with. */
  readonly guards: () => Promise<{ readonly missing: readonly string[]; readonly added: readonly string[] }>;
}

/** Why the store cannot be used now. */
export type StoreTrouble = 'disk-full' | 'read-only' | 'unreachable' | 'refused';

/** The store failed; nothing was half-written. The message is for whoever keeps the system. */
export class StoreUnavailable extends Error {
  readonly trouble: StoreTrouble;
  constructor(trouble: StoreTrouble, message: string, cause?: unknown) {
    super(message, { cause });
    this.trouble = trouble;
  }
}

/** Keys of the agencies' subjects and logs, in memory while the system runs. */
export interface Keyring {
  /** Makes an agency's keys where there are none yet; resolves once they are on the disk. */
  readonly ensure: (agency: string) => Promise<void>;
  /** Whether something was ever signed in an agency's name. */
  readonly hasSigned: (agency: string) => boolean;
  /** Before the first signature; resolves once it is on the disk. */
  readonly markSigned: (agency: string) => Promise<void>;
  /** Whether it has keys of an agency. */
  readonly knows: (agency: string) => boolean;
  /** Agencies that it has keys of. */
  readonly agencies: () => readonly string[];
  /** The agency's own subject. */
  readonly agencySubject: (agency: string) => Handle;
  /** Undefined: destroyed, or with the court. */
  readonly subjectKey: (agency: string, subject: Handle) => Uint8Array | undefined;
  /** Destroys a subject's key for ever; resolves once it is on the disk. */
  readonly destroy: (agency: string, subject: Handle, why: Destroyed) => Promise<void>;
  /** What was destroyed and not given back. */
  readonly destroyed: (agency: string) => ReadonlyMap<Handle, Destroyed>;
  /** Takes back a key that a court held; resolves once it is on the disk. */
  readonly restore: (agency: string, subject: Handle, key: Uint8Array) => Promise<void>;
}

/** By which order a key was destroyed, and by whom. */
export interface Destroyed {
  readonly how: 'sealed' | 'expunged';
  readonly order: string;
  readonly actor: string;
  readonly second: string;
}

/** Reads a checkpoint: the size and root that it signs, or why it is not to be trusted. */
export type ReadCheckpoint = (
  agency: string,
  note: string,
) => Promise<{ readonly size: number; readonly root: Uint8Array } | { readonly why: string }>;

/** Signs an agency's checkpoints: the text of a C2SP signed note. */
export type SignCheckpoint = (head: Omit<Head, 'checkpoint'>) => Promise<string>;

export interface LastSigned {
  readonly size: number;
  /** Hexadecimal. */
  readonly root: string;
}

/** The sizes that were signed of each log, by its origin, kept apart from the store: a restored backup must not sign them again. */
export interface SignedSizes {
  readonly last: (origin: string) => LastSigned | 'damaged' | undefined;
  /** Kept before the checkpoint leaves the house; a smaller size than the one kept is passed over. @throws StoreUnavailable */
  readonly keep: (origin: string, size: number, root: string) => void;
}

/** What somebody must hear at once, whatever else fails. */
export type RaiseAlarm = (alarm: { readonly code: string; readonly message: string }) => void;
