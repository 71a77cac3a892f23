import { inOrder, newAudit, type Attested, type Fault } from '../../domain/ledger/audit.ts';
import { rootOfFrontier } from '../../domain/ledger/frontier.ts';
import { hashesIn } from '../../domain/ledger/tile-nodes.ts';
import { isSameHash } from '../../domain/ledger/hashes.ts';
import { envelopeFrom, openEntry, type EventRead } from '../../domain/record/event.ts';
import type { Primitives } from '../../domain/record/primitives.ts';
import type { LedgerPorts } from './ledger.ts';
import { UNKNOWN_SIZE } from './may-sign.ts';
import { guardFaults, newestKeptFaults, ordersForgotten, sealedKeyFaults, tombstoneFaults } from './verify-beside.ts';
import type { EntryRead, Head, Keyring, LedgerStore, ReadCheckpoint, SignedSizes } from './ports.ts';

export interface VerifyPorts {
  readonly store: LedgerStore;
  readonly primitives: Primitives;
  readonly readCheckpoint: ReadCheckpoint;
  /** Undefined: run where no signed sizes are kept. */
  readonly signedSizes?: SignedSizes | undefined;
  readonly originOf?: LedgerPorts['originOf'];
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

/** Agencies with a log: also one of which the database says nothing any more, and which the list of signed sizes knows. */
export async function logsKnown({
  store,
  keyring,
  signedSizes,
  originOf,
}: Pick<LedgerPorts, 'store' | 'keyring' | 'signedSizes' | 'originOf'>): Promise<string[]> {
  const kept = await store.agencies();
  const hasSigned = (agency: string): boolean =>
    keyring.hasSigned(agency) || signedSizes.last(originOf(agency)) !== undefined;
  const signed = keyring.agencies().filter(hasSigned);
  return [...new Set([...kept, ...signed])].sort();
}

/**
 * Holds everything that the store keeps of an agency against what was signed. Others may write meanwhile: what was signed
 * is read before the head, so that the head holds it.
 */
export async function verifyAgency(ports: VerifyPorts, agency: string): Promise<VerifyReport> {
  const { store, primitives, progress, keyring } = ports;
  const attested = [...(await ports.attested(agency))];
  const signed = await signedBefore(ports, agency);
  if (signed !== undefined && 'by' in signed) attested.push(signed);
  const head = await store.head(agency);
  const size = head?.size ?? 0;
  const faults: Fault[] = signed !== undefined && 'code' in signed ? [signed] : [];
  const newest = head === undefined ? undefined : await newestCheckpoint(ports, head, faults);
  if (newest !== undefined) attested.push(newest);
  const kept = new Set<string>(await store.expunged(agency));
  const forgotten = keyring === undefined ? undefined : await ordersForgotten({ store, keyring }, agency);
  faults.push(...(forgotten?.faults ?? []));
  const audit = newAudit({ agency, attested, expunged: kept, forgotten: forgotten?.subjects }, primitives.hash);
  const sealedTimes = newSealedTimes();
  let opened = 0;
  let done = 0;
  let lastOfHead: EntryRead | undefined;
  for await (const rows of store.entries(agency, 0, Number.MAX_SAFE_INTEGER)) {
    const end = (rows.at(-1)?.sequence ?? 0) + 1;
    audit.expect(await keptCheckpoints(ports, agency, done + 1, end, faults));
    for (const row of rows) {
      audit.entry({
        sequence: row.sequence,
        envelope: row.envelope,
        leafHash: row.leafHash,
        content: row.ciphertext === undefined ? 'gone' : primitives.hash(row.ciphertext),
        row,
      });
      if (row.sequence === size - 1) lastOfHead = row;
      const looked = lookInto(ports, agency, row);
      if (looked === undefined) continue;
      if ('code' in looked) faults.push(looked);
      else {
        opened += 1;
        faults.push(...sealedTimes(looked));
      }
    }
    await compareTiles(store, agency, rows, audit.tile);
    done = end;
    progress?.(agency, done, size);
  }
  // What came after the head was read is under the head that came with it; what is beyond that one is nobody's.
  const rest = await keptCheckpoints(ports, agency, done + 1, Number.MAX_SAFE_INTEGER, faults);
  const now = (await store.head(agency))?.size ?? 0;
  audit.expect(rest.filter((each) => each.size > now));
  const end = audit.end(Math.min(Math.max(done, size), now));
  faults.push(...end.faults, ...(await tombstoneFaults(store, agency, kept, end.expunged)));
  if (keyring !== undefined) faults.push(...(await sealedKeyFaults({ store, keyring, primitives }, agency)));
  if (head !== undefined) {
    faults.push(...headFaults(head, newest, lastOfHead, primitives), ...(await newestKeptFaults(store, head)));
  }
  faults.push(...(await guardFaults(store)));
  return { agency, size: end.size, root: end.root.toHex(), faults: inOrder(faults), attested, opened };
}

async function signedBefore(
  { store, signedSizes, keyring, originOf }: VerifyPorts,
  agency: string,
): Promise<Attested | Fault | undefined> {
  const hasSigned = keyring?.hasSigned(agency) === true;
  const head = await store.head(agency);
  const origin = head?.origin ?? (hasSigned ? originOf?.(agency) : undefined);
  if (origin === undefined || signedSizes === undefined) return undefined;
  const signed = signedSizes.last(origin) ?? 'missing';
  if (typeof signed === 'object')
    return { by: 'the list of signed sizes', size: signed.size, root: Uint8Array.fromHex(signed.root) };
  const message = `${UNKNOWN_SIZE[signed]}, so nobody here knows whether it has lost its tail; ask the witnesses`;
  return { code: 'signed-size-unknown', message };
}

async function newestCheckpoint(
  { readCheckpoint }: VerifyPorts,
  { agency, checkpoint }: Head,
  faults: Fault[],
): Promise<Attested | undefined> {
  const read = await readCheckpoint(agency, checkpoint);
  if (!('why' in read)) return { by: 'the log’s newest checkpoint', ...read, isOwn: true };
  faults.push({ code: 'checkpoint-forged', message: `the newest checkpoint is not the log's: ${read.why}` });
  return undefined;
}

/** Every append left a checkpoint, so the first that does not fit names the entries. */
async function keptCheckpoints(
  { store, readCheckpoint }: VerifyPorts,
  agency: string,
  from: number,
  to: number,
  faults: Fault[],
): Promise<Attested[]> {
  const kept: Attested[] = [];
  for (const { size, note } of await store.checkpoints(agency, from, to)) {
    const read = await readCheckpoint(agency, note);
    const why = 'why' in read ? read.why : read.size === size ? undefined : `it is of ${read.size} entries`;
    if (why === undefined && !('why' in read))
      kept.push({ by: `the checkpoint kept of ${size}`, ...read, isOwn: true });
    else faults.push(forgedAt(size, why ?? ''));
  }
  return kept;
}

function forgedAt(size: number, why: string): Fault {
  const message = `the checkpoint that is kept of ${size} entries is not the log's: ${why}`;
  return { code: 'checkpoint-forged', ...(size === 0 ? {} : { entry: size - 1 }), message };
}

/** The row that the next append grows from: it must say what was signed, and nothing else. */
function headFaults(
  head: Head,
  newest: Attested | undefined,
  last: EntryRead | undefined,
  { hash }: Primitives,
): Fault[] {
  const faults: Fault[] = [];
  const isOther = newest !== undefined && (newest.size !== head.size || !isSameHash(newest.root, head.root));
  if (isOther || !isSameHash(rootOfFrontier(head, hash), head.root)) {
    faults.push({ code: 'root-differs', message: 'the head that is kept is not what its checkpoint says' });
  }
  const recordedOn = last === undefined ? undefined : envelopeFrom(last.envelope)?.recordedOn;
  if (recordedOn !== undefined && recordedOn !== head.recordedOn) {
    const message = `the head says that entry ${head.size - 1} was recorded on another day than the entry does`;
    faults.push({ code: 'clock-went-back', entry: head.size - 1, message });
  }
  return faults;
}

/** What an entry says, or what is wrong with it. Undefined: it cannot be opened, or the audit has said what is wrong. */
function lookInto({ keyring, primitives }: VerifyPorts, agency: string, row: EntryRead): EventRead | Fault | undefined {
  const key = row.ciphertext === undefined ? undefined : keyring?.subjectKey(agency, row.subject);
  if (key === undefined) return undefined;
  const envelope = envelopeFrom(row.envelope);
  if (envelope === undefined) return undefined;
  const opened = openEntry(envelope, row.ciphertext, key, primitives);
  if (typeof opened !== 'string') {
    if (opened.request === row.request) return opened;
    const message = `entry ${row.sequence} is kept under another request than the one that made it`;
    return { code: 'request-differs', entry: row.sequence, message };
  }
  if (opened === 'ciphertext-differs') return undefined;
  return {
    code: 'content-altered',
    entry: row.sequence,
    message: `the content of entry ${row.sequence} does not fit its commitment (${opened})`,
  };
}

/**
 * Holds the times under the commitments against the days in the open, and each against that of the last entry before it
 * that could be opened. Of those in between, which a court has sealed or expunged, the days alone are held in order.
 */
function newSealedTimes(): (event: EventRead) => Fault[] {
  let last = { recordedAt: '', sequence: -1 };
  return ({ envelope: { sequence, recordedOn }, recordedAt }) => {
    const faults: Fault[] = [];
    if (!recordedAt.startsWith(`${recordedOn}T`)) {
      const message = `entry ${sequence} says in the open that it was recorded on ${recordedOn}, and under its commitment another day`;
      faults.push({ code: 'day-differs', entry: sequence, message });
    }
    if (recordedAt < last.recordedAt) {
      const message = `entry ${sequence} says under its commitment that it was recorded before entry ${last.sequence}`;
      faults.push({ code: 'clock-went-back', entry: sequence, message });
    }
    last = { recordedAt, sequence };
    return faults;
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
    const kept = hashesIn(await store.hashes(agency, level, from, to));
    const isWhole = kept.length === to - from;
    for (let index = from; index < to; index += 1) {
      // Where one is missing, those after it have moved up: each is then asked for by itself.
      const one = isWhole ? kept[index - from] : hashesIn(await store.hashes(agency, level, index, index + 1))[0];
      tile(level, index, one);
    }
  }
}
