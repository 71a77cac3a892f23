import { concat } from './bytes.ts';
import { accepted, refused, type Outcome } from './outcome.ts';
import { TILE_WIDTH } from './tiles.ts';

/** The length before an entry is a uint16 (C2SP tlog-tiles, "Log entries"). */
export const MAX_ENTRY_BYTES = 0xffff;

/** Entries one after the other, each after its length. @throws RangeError where there are none, or too many for a bundle. */
export function formatEntryBundle(entries: readonly Uint8Array[]): Outcome<Uint8Array, 'entry-too-large'> {
  if (entries.length === 0 || entries.length > TILE_WIDTH)
    throw new RangeError(`a bundle has 1 to ${TILE_WIDTH} entries`);
  const large = entries.find(({ length }) => length > MAX_ENTRY_BYTES);
  if (large !== undefined) {
    return refused('entry-too-large', `An entry has ${large.length} bytes; the log takes at most ${MAX_ENTRY_BYTES}.`);
  }
  return accepted(
    concat(...entries.flatMap((entry) => [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry])),
  );
}

/** Says nothing yet of whose entries they are: their leaf hashes must be those of the tile at level 0. */
export function parseEntryBundle(bytes: Uint8Array): Outcome<Uint8Array[], 'malformed-bundle'> {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const [high, low] = [bytes[at], bytes[at + 1]];
    if (high === undefined || low === undefined) return malformed('it ends within a length');
    const end = at + 2 + high * 256 + low;
    if (end > bytes.length) return malformed('it ends within an entry');
    entries.push(bytes.subarray(at + 2, end));
    if (entries.length > TILE_WIDTH) return malformed(`it has more than ${TILE_WIDTH} entries`);
    at = end;
  }
  return entries.length === 0 ? malformed('it is empty') : accepted(entries);
}

function malformed(why: string): Outcome<never, 'malformed-bundle'> {
  return refused('malformed-bundle', `The bytes are no bundle of entries: ${why}.`);
}
