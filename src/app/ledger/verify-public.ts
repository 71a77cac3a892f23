import { inOrder, newAudit, type Attested, type Fault } from '../../domain/ledger/audit.ts';
import { parseEntryBundle } from '../../domain/ledger/entry-bundle.ts';
import type { Hash } from '../../domain/ledger/hashes.ts';
import { leafHash } from '../../domain/ledger/hashes.ts';
import { parseHashTile } from '../../domain/ledger/tile-nodes.ts';
import { entryBundlesOf, formatTilePath, tilesOf, TILE_WIDTH, type Tile } from '../../domain/ledger/tiles.ts';
import type { Result } from '../../domain/failure.ts';

/** A log as outsiders see it: a web server, or a folder that was copied from one. */
export interface LogSource {
  /** For messages: its address or folder. */
  readonly name: string;
  /** Undefined: there is no such file. Failures to reach it are thrown in the reader's words. */
  readonly read: (path: string) => Promise<Uint8Array | undefined>;
}

export interface PublicReport {
  readonly name: string;
  readonly size: number;
  readonly root: string;
  readonly faults: readonly Fault[];
}

/** @param read what the log's own checkpoint says, once its signature is verified. */
export async function verifyPublicLog(
  source: LogSource,
  read: (note: Uint8Array) => Promise<Result<{ size: number; root: Uint8Array }>>,
  attested: readonly Attested[],
  hash: Hash,
): Promise<Result<PublicReport>> {
  const note = await source.read('checkpoint');
  if (note === undefined) {
    return {
      ok: false,
      failures: [{ code: 'not-found', where: `${source.name}/checkpoint`, message: 'is not there; is this a log?' }],
    };
  }
  const opened = await read(note);
  if (!opened.ok) {
    const message = opened.failures.map((failure) => failure.message).join('; ');
    const fault = { code: 'checkpoint-forged' as const, message: `the checkpoint is not the log's: ${message}` };
    return { ok: true, value: { name: source.name, size: 0, root: '', faults: [fault] } };
  }
  const { size } = opened.value;
  const expected = {
    attested: [...attested, { by: 'the log’s newest checkpoint', ...opened.value, isOwn: true as const }],
    expunged: new Set<string>(),
  };
  const audit = newAudit(expected, hash);
  const faults: Fault[] = [];
  for (const tile of entryBundlesOf(size)) {
    const leaves = await hashesIn(source, { ...tile, level: 0 }, faults);
    const bytes = await source.read(formatTilePath(tile));
    const entries = bytes === undefined ? undefined : parseEntryBundle(bytes);
    if (entries?.ok !== true || entries.value.length < tile.width) {
      faults.push(missing(tile, entries?.ok === false ? entries.failure.message : 'it is missing or too short'));
      continue;
    }
    entries.value.slice(0, tile.width).forEach((envelope, at) => {
      audit.entry({
        sequence: tile.index * TILE_WIDTH + at,
        envelope,
        leafHash: leaves?.[at] ?? leafHash(envelope, hash),
      });
    });
  }
  for (const tile of tilesOf(size)) {
    if (tile.level === 0 || tile.level === 'entries') continue;
    const hashes = await hashesIn(source, tile, faults);
    for (let at = 0; at < tile.width; at += 1) audit.tile(tile.level, tile.index * TILE_WIDTH + at, hashes?.[at]);
  }
  const end = audit.end(size);
  return {
    ok: true,
    value: { name: source.name, size: end.size, root: end.root.toHex(), faults: inOrder([...faults, ...end.faults]) },
  };
}

async function hashesIn(source: LogSource, tile: Tile, faults: Fault[]): Promise<Uint8Array[] | undefined> {
  const bytes = await source.read(formatTilePath(tile));
  const hashes = bytes === undefined ? undefined : parseHashTile(bytes);
  if (hashes?.ok === true && hashes.value.length >= tile.width) return hashes.value;
  faults.push(missing(tile, hashes?.ok === false ? hashes.failure.message : 'it is missing or too short'));
  return undefined;
}

function missing(tile: Tile, why: string): Fault {
  const entry = tile.index * TILE_WIDTH;
  return { code: 'tile-altered', entry, to: entry + tile.width - 1, message: `${formatTilePath(tile)}: ${why}` };
}
