import { formatAddCheckpoint } from '../../domain/ledger/add-checkpoint.ts';
import { parseCheckpoint } from '../../domain/ledger/checkpoint.ts';
import { parseNote } from '../../domain/ledger/note.ts';
import { nodesFromTiles, parseHashTile, tilesReadBy } from '../../domain/ledger/tile-nodes.ts';
import { formatTilePath } from '../../domain/ledger/tiles.ts';
import { proveConsistency, type ReadNode } from '../../domain/ledger/tree.ts';
import type { Hash } from '../../domain/ledger/hashes.ts';
import type { WitnessAnswer } from '../../domain/ledger/witness.ts';
import type { LogSource } from './verify-public.ts';

/** How a look at a log ended. Everything but `cosigned` and `nothing-new` must be heard. */
export type Followed =
  | { readonly kind: 'cosigned'; readonly size: number }
  | { readonly kind: 'nothing-new'; readonly size: number }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string };

/**
 * Fetches a log's newest checkpoint, works out from its tiles that it continues what was cosigned, and brings both before
 * the witness: the same desk that answers a log which comes by itself.
 */
export async function followLog(
  source: LogSource,
  knownSize: (origin: string) => number,
  desk: (body: string) => Promise<WitnessAnswer>,
  hash: Hash,
): Promise<Followed> {
  const bytes = await source.read('checkpoint');
  if (bytes === undefined) return { kind: 'refused', status: 404, message: `${source.name}/checkpoint is not there` };
  const note = parseNote(bytes);
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note;
  if (!note.ok || !checkpoint.ok)
    return { kind: 'refused', status: 400, message: `${source.name}/checkpoint is no checkpoint` };
  const { origin, size } = checkpoint.value;
  const oldSize = knownSize(origin);
  if (size < oldSize) {
    return {
      kind: 'refused',
      status: 422,
      message: `the log shows ${size} entries, and ${oldSize} were cosigned: its tail was cut, or an old copy was restored`,
    };
  }
  const proof = oldSize === 0 || oldSize === size ? [] : await consistencyFrom(source, oldSize, size, hash);
  if (!Array.isArray(proof)) return { kind: 'refused', status: 404, message: proof.why };
  const answer = await desk(formatAddCheckpoint({ oldSize, proof, note: note.value }));
  switch (answer.status) {
    case 200:
      return { kind: size === oldSize ? 'nothing-new' : 'cosigned', size };
    case 409:
      return {
        kind: 'refused',
        status: 409,
        message: `another request came first; ${answer.body.trim()} entries are cosigned`,
      };
    default:
      return { kind: 'refused', status: answer.status, message: answer.refusal.message };
  }
}

async function consistencyFrom(
  source: LogSource,
  oldSize: number,
  size: number,
  hash: Hash,
): Promise<Uint8Array[] | { why: string }> {
  const prove = (read: ReadNode): Uint8Array[] => proveConsistency(oldSize, size, read, hash);
  const hashes = new Map<string, Uint8Array[]>();
  for (const tile of tilesReadBy(size, prove)) {
    const path = formatTilePath(tile);
    const bytes = await source.read(path);
    const parsed = bytes === undefined ? undefined : parseHashTile(bytes);
    if (parsed?.ok !== true || parsed.value.length < tile.width)
      return { why: `${source.name}/${path} is missing or too short` };
    hashes.set(path, parsed.value);
  }
  return prove(nodesFromTiles(size, (tile) => hashes.get(formatTilePath(tile)) ?? [], hash));
}
