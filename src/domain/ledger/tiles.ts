import { accepted, refused, type Outcome } from './outcome.ts';

/**
 * A tile of a log (C2SP tlog-tiles): up to 256 hashes of one level of its tree, or up to 256 of its entries. Level 0 holds
 * the leaves; one hash of a level is the root of a whole tile of the level below.
 */
export interface Tile {
  readonly level: number | 'entries';
  /** Counted from the left, from 0. */
  readonly index: number;
  /** How many hashes or entries: 256, and fewer only in the last tile of a level, which is then partial. */
  readonly width: number;
}

export const TILE_WIDTH = 256;
/** Levels of the tree that one tile spans: 2^8 = 256. */
export const TILE_HEIGHT = 8;
const LAST_LEVEL = 63;

/** `tile/0/x001/x234/067`, `tile/entries/000.p/17`. @throws RangeError where the tile is none. */
export function formatTilePath(tile: Tile): string {
  if (!isTile(tile)) throw new RangeError(`no tile ${JSON.stringify(tile)}`);
  const digits = String(tile.index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.../g) ?? [];
  const index = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${tile.level}/${index}${tile.width === TILE_WIDTH ? '' : `.p/${tile.width}`}`;
}

/** Reads the one spelling that `formatTilePath` writes, and no other: two paths never mean one tile. */
export function parseTilePath(path: string): Outcome<Tile, 'malformed-path'> {
  const match = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  const [, level = '', index = '', width = String(TILE_WIDTH)] = match ?? [];
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(index.replaceAll(/[x/]/g, '')),
    width: Number(width),
  };
  if (match === null || !isTile(tile) || formatTilePath(tile) !== path) {
    return refused('malformed-path', `${JSON.stringify(path)} is no path of a tile.`);
  }
  return accepted(tile);
}

function isTile({ level, index, width }: Tile): boolean {
  if (level !== 'entries' && !isBetween(level, 0, LAST_LEVEL)) return false;
  return isBetween(index, 0, Number.MAX_SAFE_INTEGER) && isBetween(width, 1, TILE_WIDTH);
}

function isBetween(number: number, least: number, most: number): boolean {
  return Number.isSafeInteger(number) && number >= least && number <= most;
}

/**
 * The tiles of hashes in a tree of a size, from the leaves up. With `oldSize`, only those that a tree grown from it has
 * and it had not: what a log must write before it signs the larger checkpoint.
 * @throws RangeError where the sizes are none, or the tree shrinks.
 */
export function* tilesOf(size: number, oldSize = 0): Generator<Tile> {
  if (!isBetween(size, 0, Number.MAX_SAFE_INTEGER) || !isBetween(oldSize, 0, size)) {
    throw new RangeError(`no tree grows from ${oldSize} to ${size}`);
  }
  for (let level = 0; hashesAt(level, size) > 0; level += 1) {
    yield* tilesAt(level, hashesAt(level, size), hashesAt(level, oldSize));
  }
}

/** The bundles of entries of a log of a size; with `oldSize` the new ones only. As many and as wide as tiles of level 0. */
export function* entryBundlesOf(size: number, oldSize = 0): Generator<Tile> {
  for (const { level, index, width } of tilesOf(size, oldSize)) {
    if (level !== 0) return;
    yield { level: 'entries', index, width };
  }
}

function* tilesAt(level: number, count: number, oldCount: number): Generator<Tile> {
  if (count === oldCount) return;
  for (let index = Math.floor(oldCount / TILE_WIDTH); index * TILE_WIDTH < count; index += 1) {
    yield { level, index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) };
  }
}

/** How many hashes a level of tiles holds: only whole tiles of the level below count (C2SP tlog-tiles, "Partial Tiles"). */
export function hashesAt(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}
