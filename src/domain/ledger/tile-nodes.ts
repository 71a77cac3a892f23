import { concat } from './bytes.ts';
import { HASH_BYTES, type Hash } from './hashes.ts';
import { accepted, refused, type Outcome } from './outcome.ts';
import { hashesAt, TILE_HEIGHT, TILE_WIDTH, formatTilePath, type Tile } from './tiles.ts';
import { nodesOf, rootOf, type ReadNode } from './tree.ts';

/** The hashes of a tile, from wherever it lies. A whole tile may be given where a partial one is asked for. */
export type ReadTile = (tile: Tile) => readonly Uint8Array[];

/** A tile's bytes: its hashes one after the other (C2SP tlog-tiles, "Merkle Tree"). @throws RangeError where they are none. */
export function formatHashTile(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0 || hashes.length > TILE_WIDTH || hashes.some(({ length }) => length !== HASH_BYTES)) {
    throw new RangeError(`a tile has 1 to ${TILE_WIDTH} hashes`);
  }
  return concat(...hashes);
}

/** Says nothing yet of whose hashes they are: only a proof against a signed root does. */
export function parseHashTile(bytes: Uint8Array): Outcome<Uint8Array[], 'malformed-tile'> {
  const width = bytes.length / HASH_BYTES;
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) {
    return refused(
      'malformed-tile',
      `A tile has 1 to ${TILE_WIDTH} hashes of ${HASH_BYTES} bytes; these are ${bytes.length} bytes.`,
    );
  }
  return accepted(hashesIn(bytes));
}

/** Hashes that stand one behind the other; what is left over is none. */
export function hashesIn(bytes: Uint8Array): Uint8Array[] {
  const count = Math.floor(bytes.length / HASH_BYTES);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES));
}

/** The root of a tile's hashes: that of a whole tile is one hash of the level above. */
export function tileRoot(hashes: readonly Uint8Array[], hash: Hash): Uint8Array {
  return rootOf(hashes.length, nodesOf(hashes, hash), hash);
}

/**
 * The nodes of the tree of a size, read from its tiles and nothing else: what `proveInclusion`, `proveConsistency` and
 * `rootOf` need. A tile may lie: whoever gets tiles from elsewhere holds what comes of them against a signed root.
 * @throws RangeError where the tree has no such node, or a tile has fewer hashes than its width.
 */
export function nodesFromTiles(size: number, readTile: ReadTile, hash: Hash): ReadNode {
  return (level, index) => {
    const { tile, from, count } = placeOf(level, index, size);
    const hashes = readTile(tile);
    if (hashes.length < tile.width) throw new RangeError(`${formatTilePath(tile)} has ${hashes.length} hashes only`);
    return tileRoot(hashes.slice(from, from + count), hash);
  };
}

/** Where a node lies: it is the root of `count` hashes of a tile, since nodes between the levels of tiles are not kept. */
function placeOf(level: number, index: number, size: number): { tile: Tile; from: number; count: number } {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const count = 2 ** (level % TILE_HEIGHT);
  const tileIndex = Math.floor((index * count) / TILE_WIDTH);
  const from = index * count - tileIndex * TILE_WIDTH;
  const width = Math.min(TILE_WIDTH, hashesAt(tileLevel, size) - tileIndex * TILE_WIDTH);
  if (index < 0 || from + count > width)
    throw new RangeError(`no node ${index} at level ${level} in a tree of ${size}`);
  return { tile: { level: tileLevel, index: tileIndex, width }, from, count };
}

/**
 * The tiles that a piece of work on a tree reads, each once: to fetch them before doing it, as `ReadNode` cannot wait.
 * Which nodes a root or proof needs does not depend on their hashes, so the work is done here once over zeros.
 */
export function tilesReadBy(size: number, work: (read: ReadNode) => unknown): Tile[] {
  const tiles = new Map<string, Tile>();
  work((level, index) => {
    const { tile } = placeOf(level, index, size);
    tiles.set(formatTilePath(tile), tile);
    return new Uint8Array(HASH_BYTES);
  });
  return [...tiles.values()];
}
