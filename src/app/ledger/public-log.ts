import { formatEntryBundle } from '../../domain/ledger/entry-bundle.ts';
import type { Hash } from '../../domain/ledger/hashes.ts';
import { formatHashTile, nodesFromTiles, tilesReadBy, type ReadTile } from '../../domain/ledger/tile-nodes.ts';
import { formatTilePath, hashesAt, TILE_WIDTH, type Tile } from '../../domain/ledger/tiles.ts';
import { proveConsistency, proveInclusion, type ReadNode } from '../../domain/ledger/tree.ts';
import type { LedgerStore } from './ports.ts';

/** What anybody may see of an agency's log: no names, no content (C2SP tlog-tiles). */
export interface PublicLog {
  readonly agencies: () => Promise<string[]>;
  /** The newest signed checkpoint; undefined: the agency has no log. */
  readonly checkpoint: (agency: string) => Promise<string | undefined>;
  /** A tile's bytes; undefined where the tree has no such tile. */
  readonly tile: (agency: string, tile: Tile) => Promise<Uint8Array | undefined>;
  /** That an entry is in the tree of a size. @throws RangeError where it is not. */
  readonly inclusion: (agency: string, index: number, size: number) => Promise<Uint8Array[]>;
  /** That a tree is a prefix of a later one. @throws RangeError */
  readonly consistency: (agency: string, oldSize: number, size: number) => Promise<Uint8Array[]>;
}

export function publicLog(store: LedgerStore, hash: Hash): PublicLog {
  return {
    agencies: store.agencies,
    checkpoint: async (agency) => (await store.head(agency))?.checkpoint,
    tile: async (agency, tile) => {
      const size = (await store.head(agency))?.size ?? 0;
      const { level, index, width } = tile;
      const last = hashesAt(level === 'entries' ? 0 : level, size);
      const from = index * TILE_WIDTH;
      if (from + width > last) return undefined;
      if (level === 'entries') return bundle(store, agency, from, from + width);
      const hashes = await store.hashes(agency, level, from, from + width);
      return hashes.length === width ? formatHashTile(hashes) : undefined;
    },
    inclusion: (agency, index, size) =>
      proved(store, agency, size, hash, (read) => proveInclusion(index, size, read, hash)),
    consistency: (agency, oldSize, size) =>
      proved(store, agency, size, hash, (read) => proveConsistency(oldSize, size, read, hash)),
  };
}

async function bundle(store: LedgerStore, agency: string, from: number, to: number): Promise<Uint8Array | undefined> {
  const entries: Uint8Array[] = [];
  for await (const rows of store.entries(agency, from, to)) entries.push(...rows.map(({ envelope }) => envelope));
  const bytes = entries.length === to - from ? formatEntryBundle(entries) : undefined;
  return bytes?.ok === true ? bytes.value : undefined;
}

/** The tiles that a proof needs are fetched together, and then it is made. */
async function proved(
  store: LedgerStore,
  agency: string,
  size: number,
  hash: Hash,
  prove: (read: ReadNode) => Uint8Array[],
): Promise<Uint8Array[]> {
  const tiles = tilesReadBy(size, prove);
  const read = await Promise.all(
    tiles.map(async ({ level, index, width }): Promise<[string, Uint8Array[]]> => {
      if (level === 'entries') throw new Error('a proof reads no entries');
      const from = index * TILE_WIDTH;
      return [`${level}/${index}`, await store.hashes(agency, level, from, from + width)];
    }),
  );
  const hashes = new Map(read);
  const readTile: ReadTile = (tile) => {
    const found = hashes.get(`${tile.level}/${tile.index}`);
    if (found === undefined) throw new Error(`${formatTilePath(tile)} was not fetched`);
    return found;
  };
  return prove(nodesFromTiles(size, readTile, hash));
}
