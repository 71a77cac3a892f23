import { newAudit, type Attested, type Fault } from '../../domain/ledger/audit.ts';
import { NO_ENTRIES, rootOfFrontier, withLeaf } from '../../domain/ledger/frontier.ts';
import { isSameHash } from '../../domain/ledger/hashes.ts';
import { envelopeFrom, openEntry } from '../../domain/record/event.ts';
import type { Primitives } from '../../domain/record/primitives.ts';
import type { EntryRead, Keyring, LedgerStore, SignedSizes } from './ports.ts';

/** Reads a checkpoint: the size and root that it signs, or why it is not to be trusted. */
export type ReadCheckpoint = (
  agency: string,
  note: string,
) => Promise<{ readonly size: number; readonly root: Uint8Array } | { readonly why: string }>;

export interface VerifyPorts {
  readonly store: LedgerStore;
  readonly primitives: Primitives;
  readonly readCheckpoint: ReadCheckpoint;
  /** Undefined: run where no signed sizes are kept. */
  readonly signedSizes?: SignedSizes | undefined;
  /** Undefined: without keys; content is then held against its hash only, and not against its commitment. */
  readonly keyring?: Keyring | undefined;
  /** What witnesses and others have seen of a log. */
  readonly attested: (agency: string) => Promise<readonly Attested[]>;
  readonly progress?: (agency: string, done: number, of: number) => void;
}

export interface VerifyReport {
  readonly agency: string;
  readonly size: number;
  readonly root: string;
  readonly faults: readonly Fault[];
  /** Whose attestations it was held against, and at which sizes. */
  readonly attested: readonly Attested[];
  /** Entries whose content was opened and fits its commitment. */
  readonly opened: number;
}

/** Entries whose tiles are compared at a time: a whole tile of level 1. */
const TILE = 256;

/** Holds everything that the store keeps of an agency against what was signed. */
export async function verifyAgency(ports: VerifyPorts, agency: string): Promise<VerifyReport> {
  const { store, primitives, signedSizes, progress } = ports;
  const origin = (await store.head(agency))?.origin;
  const signed = origin === undefined ? undefined : signedSizes?.last(origin);
  // Read after the signed size: whoever appends meanwhile keeps the entries first, and then the size.
  const head = await store.head(agency);
  const faults: Fault[] = [];
  const size = head?.size ?? 0;
  const attested = [...(await ports.attested(agency))];
  if (head !== undefined) {
    const read = await ports.readCheckpoint(agency, head.checkpoint);
    if ('why' in read)
      faults.push({ code: 'checkpoint-forged', message: `the newest checkpoint is not the log's: ${read.why}` });
    else attested.push({ by: 'the log’s newest checkpoint', ...read });
  }
  if (signed !== undefined) {
    attested.push({
      by: 'the list of signed sizes',
      size: signed.size,
      root: signed.root === '' ? new Uint8Array() : Uint8Array.fromHex(signed.root),
    });
  }
  const expunged = new Set<string>(await store.expunged(agency));
  const audit = newAudit({ agency, attested, expunged }, primitives.hash);
  let opened = 0;
  let done = 0;
  for await (const rows of store.entries(agency, 0, Number.MAX_SAFE_INTEGER)) {
    const looked = await withoutNewer(store, agency, rows, size);
    for (const row of looked) {
      audit.entry({
        sequence: row.sequence,
        envelope: row.envelope,
        leafHash: row.leafHash,
        content: row.ciphertext === undefined ? 'gone' : primitives.hash(row.ciphertext),
        row,
      });
      const wrong = contentFault(ports, agency, row);
      if (wrong === undefined) opened += 1;
      else if (wrong !== 'not-looked-at') faults.push(wrong);
    }
    await compareTiles(store, agency, looked, audit.tile);
    done += looked.length;
    progress?.(agency, done, size);
  }
  const end = audit.end(size);
  faults.push(...end.faults);
  if (head !== undefined && !isSameHash(head.root, end.root) && !faults.some(({ entry }) => entry !== undefined)) {
    faults.push(await whereItParts(ports, agency, size));
  }
  return { agency, size: end.size, root: end.root.toHex(), faults, attested, opened };
}

/** What others appended and signed since the head was read is not looked at; what nobody signed is. */
async function withoutNewer(
  store: LedgerStore,
  agency: string,
  rows: readonly EntryRead[],
  size: number,
): Promise<readonly EntryRead[]> {
  const last = rows.at(-1)?.sequence ?? 0;
  if (last < size) return rows;
  const signedNow = (await store.head(agency))?.size ?? 0;
  return rows.filter(({ sequence }) => sequence < size || sequence >= signedNow);
}

function contentFault(
  { keyring, primitives }: VerifyPorts,
  agency: string,
  row: EntryRead,
): Fault | 'not-looked-at' | undefined {
  const key = row.ciphertext === undefined ? undefined : keyring?.subjectKey(agency, row.subject);
  if (key === undefined) return 'not-looked-at';
  const envelope = envelopeFrom(row.envelope);
  // Where there is no envelope the audit has said so already.
  if (envelope === undefined) return 'not-looked-at';
  const opened = openEntry(envelope, row.ciphertext, key, primitives);
  if (typeof opened !== 'string') return undefined;
  if (opened === 'ciphertext-differs') return 'not-looked-at';
  return {
    code: 'content-altered',
    entry: row.sequence,
    message: `the content of entry ${row.sequence} does not fit its commitment (${opened})`,
  };
}

async function compareTiles(
  store: LedgerStore,
  agency: string,
  rows: readonly EntryRead[],
  tile: (level: number, index: number, hash: Uint8Array | undefined) => void,
): Promise<void> {
  const [first, last] = [rows[0]?.sequence, rows.at(-1)?.sequence];
  if (first === undefined || last === undefined) return;
  for (let level = 1, width = TILE; width <= last + 1; level += 1, width *= TILE) {
    const [from, to] = [Math.floor(first / width), Math.floor((last + 1) / width)];
    if (to <= from) continue;
    const kept = await store.hashes(agency, level, from, to);
    for (let index = from; index < to; index += 1) tile(level, index, kept[index - from]);
  }
}

/**
 * The entries are consistent among themselves and not what was signed: somebody rewrote them with care. Every append left
 * a signed checkpoint, so the first one that does not fit names the entries.
 */
async function whereItParts(
  { store, primitives: { hash }, readCheckpoint }: VerifyPorts,
  agency: string,
  size: number,
): Promise<Fault> {
  let frontier = NO_ENTRIES;
  let good = 0;
  for await (const rows of store.entries(agency, 0, size)) {
    const checkpoints = await store.checkpoints(agency, good + 1, frontier.size + rows.length);
    for (const row of rows) {
      frontier = withLeaf(frontier, row.leafHash, hash);
      const note = checkpoints.find((each) => each.size === frontier.size)?.note;
      const read = note === undefined ? undefined : await readCheckpoint(agency, note);
      if (read === undefined || 'why' in read) continue;
      if (!isSameHash(rootOfFrontier(frontier, hash), read.root)) {
        return {
          code: 'entry-altered',
          entry: good,
          to: frontier.size - 1,
          message: `${named(good, frontier.size - 1)} not what was signed when ${frontier.size} entries were on record`,
        };
      }
      good = frontier.size;
    }
  }
  return { code: 'root-differs', message: 'the kept root is not that of the entries' };
}

function named(first: number, last: number): string {
  return first === last ? `entry ${first} is` : `entries ${first} to ${last} are`;
}
