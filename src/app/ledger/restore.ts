import { failed, ok, type Failure, type Result } from '../../domain/failure.ts';
import { NO_ENTRIES, rootOfFrontier, withLeaf, type Frontier } from '../../domain/ledger/frontier.ts';
import { isSameHash, leafHash, type Hash } from '../../domain/ledger/hashes.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import { measuring, type RunningHash } from './backup.ts';
import { fileOf, MANIFEST_FILE, parseManifest, type Manifest, type Measured, type TableShape } from './manifest.ts';
import { alreadySigned } from './may-sign.ts';
import type { EntryRow, Head, Keyring, SignedSizes } from './ports.ts';

/** A folder that should be a backup. */
export interface BackupReader {
  /** Undefined: there is no such file. */
  readonly text: (file: string) => Promise<string | undefined>;
  readonly files: () => Promise<readonly string[]>;
  readonly chunks: (file: string) => AsyncIterable<Uint8Array>;
}

/** An empty database at the backup's schema, in one transaction that is not yet kept. */
export interface Into {
  readonly tables: readonly TableShape[];
  /** @param leftOut subjects whose rows stay out; only where the table has rows of subjects. */
  readonly put: (
    table: TableShape,
    chunks: AsyncIterable<Uint8Array>,
    leftOut?: readonly { readonly agency: string; readonly subject: Handle }[],
  ) => Promise<void>;
  readonly heads: () => Promise<readonly Head[]>;
  readonly entries: (agency: string) => AsyncIterable<readonly EntryRow[]>;
}

export interface RestorePorts {
  readonly reader: BackupReader;
  readonly newHash: () => RunningHash;
  readonly hash: Hash;
  /** Brings an empty database to the backup's schema, or says why it cannot take the backup. */
  readonly prepare: (migration: string) => Promise<Result<undefined>>;
  /** All or nothing: kept where the work's result is ok. */
  readonly write: <T>(work: (into: Into) => Promise<Result<T>>) => Promise<Result<T>>;
  /** Brings what was restored to the program's own schema. */
  readonly bringForward: () => Promise<void>;
  readonly keyring: Pick<Keyring, 'destroyed'>;
  /** Holds a head's checkpoint against the log's own keys. */
  readonly readCheckpoint: (head: Head) => Promise<{ size: number; root: Uint8Array } | { why: string }>;
  readonly signedSizes: SignedSizes;
}

export interface RestoreReport {
  readonly madeAt: string;
  readonly logs: readonly RestoredLog[];
}

export interface RestoredLog {
  readonly agency: string;
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  /** `goes-on`: nothing was lost; `tail-lost`: more was signed; `unknown`: no list says what was signed. */
  readonly tail: 'goes-on' | 'tail-lost' | 'unknown';
  readonly signedSize?: number;
  /** Subjects expunged by a court's order whose content stayed out. */
  readonly expunged: number;
}

/**
 * Restores a backup into an empty database. Every file is held against the manifest before anything is written, and
 * every root is worked out from the entries before it is kept. What a court had expunged since does not come back.
 */
export async function restore(ports: RestorePorts): Promise<Result<RestoreReport>> {
  const read = await readManifest(ports.reader);
  if (!read.ok) return read;
  const manifest = read.value;
  const wrong = await wrongFile(ports, manifest);
  if (wrong !== undefined) return failed(wrong);
  const expunged = manifest.agencies.flatMap(({ agency }) =>
    [...ports.keyring.destroyed(agency)].flatMap(([subject, { how }]) =>
      how === 'expunged' ? [{ agency, subject }] : [],
    ),
  );
  const prepared = await ports.prepare(manifest.migration);
  if (!prepared.ok) return prepared;
  const restored = await ports.write(async (into) => {
    const refused = (await fill(ports, into, manifest, expunged)) ?? (await wrongLog(ports, into, manifest));
    return refused === undefined ? ok(await into.heads()) : failed(refused);
  });
  if (!restored.ok) return restored;
  await ports.bringForward();
  const logs = restored.value.map((head): RestoredLog => {
    const ofAgency = expunged.filter(({ agency }) => agency === head.agency);
    return { ...standing(head, ports.signedSizes), expunged: ofAgency.length };
  });
  return ok({ madeAt: manifest.madeAt, logs });
}

async function readManifest(reader: BackupReader): Promise<Result<Manifest>> {
  const text = await reader.text(MANIFEST_FILE);
  if (text !== undefined) return parseManifest(text);
  return failed({
    code: 'not-found',
    where: MANIFEST_FILE,
    message: 'is not there: this is no backup, or one that was not finished',
  });
}

/** The folder holds the manifest's files, no other, and each as it was written. */
async function wrongFile({ reader, newHash }: RestorePorts, manifest: Manifest): Promise<Failure | undefined> {
  const there = new Set(await reader.files());
  const named = new Set([MANIFEST_FILE, ...manifest.tables.map(fileOf)]);
  const extra = there.difference(named).values().next().value;
  if (extra !== undefined)
    return {
      code: 'impossible',
      where: extra,
      message: 'is none of the backup’s files; take it out, or ask who put it there',
    };
  const missing = named.difference(there).values().next().value;
  if (missing !== undefined) return { code: 'not-found', where: missing, message: 'is missing from the backup' };
  for (const table of manifest.tables) {
    const { chunks, total } = measuring(reader.chunks(fileOf(table)), newHash());
    await drained(chunks);
    const differs = difference(table, total());
    if (differs !== undefined) return differs;
  }
  return undefined;
}

async function drained(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const reading = chunks[Symbol.asyncIterator]();
  while ((await reading.next()).done !== true);
}

function difference(wanted: TableShape & Measured, found: Measured): Failure | undefined {
  const where = fileOf(wanted);
  if (found.bytes < wanted.bytes)
    return {
      code: 'impossible',
      where,
      message: `is cut short: it has ${found.bytes} bytes, and the backup was made with ${wanted.bytes}`,
    };
  if (found.sha256 !== wanted.sha256 || found.bytes !== wanted.bytes)
    return { code: 'impossible', where, message: 'is not what it was when the backup was made; use another copy' };
  if (found.rows !== wanted.rows)
    return { code: 'impossible', where, message: `has ${found.rows} rows, and the manifest says ${wanted.rows}` };
  return undefined;
}

async function fill(
  { reader, newHash }: RestorePorts,
  into: Into,
  manifest: Manifest,
  expunged: readonly { agency: string; subject: Handle }[],
): Promise<Failure | undefined> {
  const odd = oddTable(into.tables, manifest.tables);
  if (odd !== undefined) return odd;
  for (const table of manifest.tables) {
    // Read a second time: what was tested is what is written, whoever touches the folder meanwhile.
    const { chunks, total } = measuring(reader.chunks(fileOf(table)), newHash());
    await into.put(table, chunks, OF_SUBJECTS.has(table.name) ? expunged : []);
    const differs = difference(table, total());
    if (differs !== undefined) return differs;
  }
  return undefined;
}

/** Tables of which the rows of an expunged subject do not come back. */
const OF_SUBJECTS: ReadonlySet<string> = new Set(['content', 'sealed_key']);

function oddTable(inDatabase: readonly TableShape[], inBackup: readonly TableShape[]): Failure | undefined {
  const described = (tables: readonly TableShape[]): Set<string> =>
    new Set(tables.map(({ name, columns }) => `${name} (${columns.join(', ')})`));
  const odd = described(inDatabase).symmetricDifference(described(inBackup)).values().next().value;
  if (odd === undefined) return undefined;
  return { code: 'impossible', where: MANIFEST_FILE, message: `the table ${odd} is not in both, backup and database` };
}

/** Every log is, entry by entry, the one that was signed. */
async function wrongLog(ports: RestorePorts, into: Into, { agencies }: Manifest): Promise<Failure | undefined> {
  const heads = new Map((await into.heads()).map((head) => [head.agency, head]));
  const names = new Set(agencies.map(({ agency }) => agency)).symmetricDifference(new Set(heads.keys()));
  for (const agency of names)
    return {
      code: 'impossible',
      where: MANIFEST_FILE,
      message: `the log of ${agency} is not in both, manifest and table`,
    };
  for (const stated of agencies) {
    const head = heads.get(stated.agency) as Head;
    const why =
      (await wrongTree(ports.hash, into, head)) ??
      (isStated(head, stated) ? undefined : 'the manifest says another log');
    if (why !== undefined) return notTheLog(stated.agency, why);
    const signed = await ports.readCheckpoint(head);
    if ('why' in signed)
      return notTheLog(stated.agency, `its checkpoint is not signed by a key of this vault: ${signed.why}`);
    if (signed.size !== head.size || !isSameHash(signed.root, head.root))
      return notTheLog(stated.agency, 'its checkpoint signs another tree');
  }
  return undefined;
}

async function wrongTree(hash: Hash, into: Into, head: Head): Promise<string | undefined> {
  let frontier: Frontier = NO_ENTRIES;
  for await (const rows of into.entries(head.agency)) {
    for (const { sequence, envelope, leafHash: kept } of rows) {
      if (sequence !== frontier.size) return `entry ${frontier.size} is missing`;
      const leaf = leafHash(envelope, hash);
      if (!isSameHash(leaf, kept)) return `entry ${sequence} is not what it was when it was recorded`;
      frontier = withLeaf(frontier, leaf, hash);
    }
  }
  if (frontier.size !== head.size) return `it has ${frontier.size} entries, and its head says ${head.size}`;
  // The next append grows from the peaks, so they are held against the entries like the root.
  const isPeaked =
    head.peaks.length === frontier.peaks.length &&
    frontier.peaks.every((peak, at) => isSameHash(peak, head.peaks[at] as Uint8Array));
  return isPeaked && isSameHash(rootOfFrontier(frontier, hash), head.root)
    ? undefined
    : 'its root is not that of its entries';
}

function isStated(head: Head, { origin, size, root, checkpoint }: Manifest['agencies'][number]): boolean {
  return head.origin === origin && head.size === size && head.root.toHex() === root && head.checkpoint === checkpoint;
}

function notTheLog(agency: string, why: string): Failure {
  return { code: 'impossible', where: agency, message: `the log in the backup is not the one that was signed: ${why}` };
}

function standing(head: Head, signedSizes: SignedSizes): Omit<RestoredLog, 'expunged'> {
  const { agency, origin, size, root } = head;
  const signed = signedSizes.last(origin);
  const log = { agency, origin, size, root: root.toHex() };
  if (signed === undefined || signed === 'damaged') return { ...log, tail: 'unknown' };
  return { ...log, signedSize: signed.size, tail: alreadySigned(signed, head, true) ? 'tail-lost' : 'goes-on' };
}
