import { formatEntryBundle } from '../../domain/ledger/entry-bundle.ts';
import { HASH_BYTES, type Hash } from '../../domain/ledger/hashes.ts';
import {
  formatHashTile,
  hashesIn,
  nodesFromTiles,
  tilesReadBy,
  type ReadTile,
} from '../../domain/ledger/tile-nodes.ts';
import { formatTilePath, hashesAt, TILE_HEIGHT, TILE_WIDTH, type Tile } from '../../domain/ledger/tiles.ts';
import { proveConsistency, proveInclusion, type ReadNode } from '../../domain/ledger/tree.ts';
import type { LedgerStore } from './ports.ts';
import { cosignedNote } from './push-checkpoint.ts';

/** What anybody may see of an agency's log: no names, no content (C2SP tlog-tiles). */
export interface PublicLog {
  readonly agencies: () => Promise<string[]>;
  /** The newest signed checkpoint, with what witnesses have cosigned; undefined: the agency has no log. */
  readonly checkpoint: (agency: string) => Promise<string | undefined>;
  /** A tile's bytes; undefined where the tree has no such tile. */
  readonly tile: (agency: string, tile: Tile) => Promise<Uint8Array | undefined>;
  /** That an entry is in the tree of a size. @throws RangeError where it is not. */
  readonly inclusion: (agency: string, index: number, size: number) => Promise<Uint8Array[]>;
  /** That a tree is a prefix of a later one. @throws RangeError */
  readonly consistency: (agency: string, oldSize: number, size: number) => Promise<Uint8Array[]>;
}

/** Tiles that are remembered: a hash in them never changes, only more may come. A tile has 8 KiB. */
const REMEMBERED = 1024;

type ReadHashes = (agency: string, level: number, index: number, width: number) => Promise<Uint8Array[]>;

export function publicLog(store: LedgerStore, hash: Hash): PublicLog {
  const read = hashReader(store);
  const nodes = newNodes();
  return {
    agencies: store.agencies,
    checkpoint: async (agency) => {
      const head = await store.head(agency);
      if (head === undefined) return undefined;
      return cosignedNote(head.checkpoint, await store.cosignatures(agency, head.size));
    },
    tile: async (agency, tile) => {
      const size = (await store.head(agency))?.size ?? 0;
      const { level, index, width } = tile;
      const last = hashesAt(level === 'entries' ? 0 : level, size);
      const from = index * TILE_WIDTH;
      if (from + width > last) return undefined;
      if (level === 'entries') return bundle(store, agency, from, from + width);
      const hashes = await read(agency, level, index, width);
      return hashes.length === width ? formatHashTile(hashes) : undefined;
    },
    inclusion: (agency, index, size) =>
      proved(read, nodes, agency, size, hash, (node) => proveInclusion(index, size, node, hash)),
    consistency: (agency, oldSize, size) =>
      proved(read, nodes, agency, size, hash, (node) => proveConsistency(oldSize, size, node, hash)),
  };
}

function hashReader(store: LedgerStore): ReadHashes {
  // A tile as one stretch of bytes: as 256 objects each it would keep the garbage collector busy.
  const known = new Map<string, Uint8Array>();
  return async (agency, level, index, width) => {
    const name = `${agency} ${level}/${index}`;
    const remembered = known.get(name);
    const from = index * TILE_WIDTH;
    const hashes =
      remembered !== undefined && remembered.length >= width * HASH_BYTES
        ? remembered
        : await store.hashes(agency, level, from, from + width);
    // The newest stay: the upper levels are part of every proof, a tile of entries of few.
    known.delete(name);
    known.set(name, hashes);
    if (known.size > REMEMBERED) known.delete(known.keys().next().value as string);
    return hashesIn(hashes.subarray(0, width * HASH_BYTES));
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
  read: ReadHashes,
  nodes: Nodes,
  agency: string,
  size: number,
  hash: Hash,
  prove: (node: ReadNode) => Uint8Array[],
): Promise<Uint8Array[]> {
  const fetched = await Promise.all(
    tilesReadBy(size, prove).map(async (tile): Promise<[string, Uint8Array[]]> => {
      if (tile.level === 'entries') throw new Error('a proof reads no entries');
      return [formatTilePath(tile), await read(agency, tile.level, tile.index, tile.width)];
    }),
  );
  const hashes = new Map(fetched);
  const readTile: ReadTile = (tile) => {
    const found = hashes.get(formatTilePath(tile));
    if (found === undefined) throw new Error(`${formatTilePath(tile)} was not fetched`);
    return found;
  };
  return prove(nodes(agency, nodesFromTiles(size, readTile, hash)));
}

/** Nodes of an agency's tree, those above its tiles of entries remembered. */
type Nodes = (agency: string, read: ReadNode) => ReadNode;

/** Each of these covers at least 256 entries, and is worked out from a tile's hashes: all of a million entries are 8,000. */
const NODES_REMEMBERED = 8192;

/** A node of full subtrees never changes, and those high up are part of every proof. */
function newNodes(): Nodes {
  const known = new Map<string, Uint8Array>();
  return (agency, read) => (level, index) => {
    if (level < TILE_HEIGHT) return read(level, index);
    const name = `${agency} ${level}/${index}`;
    const node = known.get(name) ?? read(level, index);
    known.set(name, node);
    if (known.size > NODES_REMEMBERED) known.delete(known.keys().next().value as string);
    return node;
  };
}
