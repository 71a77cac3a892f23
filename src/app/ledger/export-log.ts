import { entryBundlesOf, formatTilePath, tilesOf } from '../../domain/ledger/tiles.ts';
import type { PublicLog } from './public-log.ts';

/** Writes one file of an exported log, below the folder it goes to. */
export type WriteFile = (path: string, bytes: Uint8Array | string) => void;

/**
 * A whole log as static files (C2SP tlog-tiles): any web server can serve them, and anybody can verify them. The
 * checkpoint is written last, so that a half-made copy is not taken for a whole one.
 * @returns how many files it has; undefined where the agency has no log.
 */
export async function exportLog(
  log: PublicLog,
  agency: string,
  size: number,
  checkpoint: string,
  write: WriteFile,
): Promise<number> {
  let files = 1;
  for (const tiles of [tilesOf(size), entryBundlesOf(size)]) {
    for (const tile of tiles) {
      const bytes = await log.tile(agency, tile);
      if (bytes === undefined) throw new Error(`${formatTilePath(tile)} is missing; run writkeeper ledger verify`);
      write(formatTilePath(tile), bytes);
      files += 1;
    }
  }
  write('checkpoint', checkpoint);
  return files;
}
