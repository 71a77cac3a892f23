import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyEd25519 as verify } from '../../src/adapters/system/ed25519.ts';
import { sha256Bytes as hash } from '../../src/adapters/system/sha256.ts';
import { parseCheckpoint, type Checkpoint } from '../../src/domain/ledger/checkpoint.ts';
import { openCosignatures } from '../../src/domain/ledger/cosignature.ts';
import { isSameHash, leafHash } from '../../src/domain/ledger/hashes.ts';
import { parseNote, type Note } from '../../src/domain/ledger/note.ts';
import { nodesFromTiles, parseHashTile } from '../../src/domain/ledger/tile-nodes.ts';
import { entryBundlesOf, formatTilePath, tilesOf, type Tile } from '../../src/domain/ledger/tiles.ts';
import { nodesOf, proveConsistency, proveInclusion, rootOf } from '../../src/domain/ledger/tree.ts';
import { parseVerifierKey } from '../../src/domain/ledger/verifier-key.ts';
import { verifyConsistency, verifyInclusion } from '../../src/domain/ledger/verify.ts';
import { hasShared, SHARED } from '../support/shared.ts';

// A real tree of 300 leaves, tiles and cosigned checkpoint, and the specification's examples of paths
// (shared/vectors/ORIGIN.md says whose).

const present = hasShared();
const folder = join(SHARED, 'vectors/tlog-tiles-300');
const SIZE = 300;
const leaves = Array.from({ length: SIZE }, (_, index) => leafHash(Buffer.from(`record ${index}`), hash));

const tilesRead = new Map<string, Uint8Array[]>();

function tileAt(tile: Tile): Uint8Array[] {
  const path = formatTilePath(tile);
  const hashes = tilesRead.get(path) ?? readTile(tile);
  tilesRead.set(path, hashes);
  return hashes;
}

function readTile(tile: Tile): Uint8Array[] {
  const parsed = parseHashTile(readFileSync(join(folder, formatTilePath(tile))));
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
}

function realCheckpoint(): { note: Note; checkpoint: Checkpoint } {
  const note = parseNote(readFileSync(join(folder, 'checkpoint')));
  if (!note.ok) throw new Error(note.failure.message);
  const checkpoint = parseCheckpoint(note.value.text);
  if (!checkpoint.ok) throw new Error(checkpoint.failure.message);
  return { note: note.value, checkpoint: checkpoint.value };
}

describe.skipIf(!present)('a real tree of 300 leaves', () => {
  test('its tiles lie where the paths say, as wide as they say', () => {
    const tiles = [...tilesOf(SIZE)];
    expect(tiles.map(formatTilePath)).toEqual(['tile/0/000', 'tile/0/001.p/44', 'tile/1/000.p/1']);
    expect(tiles.map((tile) => tileAt(tile).length)).toEqual([256, 44, 1]);
  });

  test('every leaf is the hash of its record', () => {
    const found = [...tilesOf(SIZE)].filter(({ level }) => level === 0).flatMap(tileAt);
    expect(found.length).toBe(SIZE);
    expect(found.findIndex((each, index) => !isSameHash(each, leaves[index] as Uint8Array))).toBe(-1);
  });

  test('the root from the tiles is the root of the checkpoint, and of the leaves', () => {
    const { checkpoint } = realCheckpoint();
    expect(checkpoint).toMatchObject({ origin: 'rome2026h1.example.org', size: SIZE, extensions: [] });
    const root = rootOf(SIZE, nodesFromTiles(SIZE, tileAt, hash), hash);
    expect(isSameHash(root, checkpoint.root)).toBe(true);
    expect(isSameHash(root, rootOf(SIZE, nodesOf(leaves, hash), hash))).toBe(true);
  });

  test('every leaf is proven from tiles alone, and growth from every size', () => {
    const { size, root } = realCheckpoint().checkpoint;
    const read = nodesFromTiles(size, tileAt, hash);
    const all = nodesOf(leaves, hash);
    const wrong = leaves.filter(
      (leaf, index) =>
        verifyInclusion({ index, size, leaf, root }, proveInclusion(index, size, read, hash), hash) !== 'valid',
    );
    expect(wrong).toEqual([]);
    for (let oldSize = 1; oldSize <= size; oldSize += 1) {
      const claim = { oldSize, oldRoot: rootOf(oldSize, all, hash), size, root };
      expect(verifyConsistency(claim, proveConsistency(oldSize, size, read, hash), hash), `${oldSize}`).toBe('valid');
    }
  });

  test('the mirror has cosigned it, at its time', async () => {
    const mirror = JSON.parse(readFileSync(join(folder, 'mirror.v0.json'), 'utf8')) as { verifier_keys: string[] };
    const key = parseVerifierKey(mirror.verifier_keys[0] ?? '', hash);
    if (!key.ok) throw new Error(key.failure.message);
    const { note } = realCheckpoint();
    const found = await openCosignatures(note, [key.value], verify);
    // The eight bytes before the signature: 0x69546780.
    expect(found).toMatchObject({
      ok: true,
      value: [{ witness: { name: 'mirror.example.org' }, time: 1_767_139_200 }],
    });
    const changed = { ...note, text: note.text.replace('\n300\n', '\n301\n') };
    expect(await openCosignatures(changed, [key.value], verify)).toMatchObject({
      failure: { code: 'invalid-signature' },
    });
  });
});

interface PathExamples {
  readonly 'index 1234067': string;
  readonly 'size 70000': Readonly<Record<string, number>>;
  readonly 'size 256': Readonly<Record<string, number>>;
}

describe.skipIf(!present)('the specification’s examples', () => {
  const text = present ? readFileSync(join(SHARED, 'vectors/notes/c2sp-spec-examples.json'), 'utf8') : '{}';
  const { tile_paths: examples } = JSON.parse(text) as { tile_paths: PathExamples };

  /** In the words of the vectors: how many whole tiles a level has, and how wide its partial one is. */
  function counted(size: number): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { level, width } of tilesOf(size)) {
      if (width < 256) counts[`L${level}_partial`] = width;
      else counts[`L${level}_full`] = (counts[`L${level}_full`] ?? 0) + 1;
    }
    return counts;
  }

  test('the path of tile 1,234,067', () => {
    expect(formatTilePath({ level: 0, index: 1_234_067, width: 256 })).toBe(`tile/0/${examples['index 1234067']}`);
  });
  test('the tiles of 70,000 and of 256 entries', () => {
    expect(counted(70_000)).toEqual(examples['size 70000']);
    expect(counted(256)).toEqual(examples['size 256']);
    expect([...entryBundlesOf(70_000)]).toHaveLength(274);
  });
});
