import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../../test/support/random.ts';
import { entryBundlesOf, formatTilePath, parseTilePath, tilesOf, type Tile } from './tiles.ts';

const pathsOf = (tiles: Iterable<Tile>): string[] => [...tiles].map(formatTilePath);

test.each<[Tile, string]>([
  [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
  [{ level: 0, index: 999, width: 256 }, 'tile/0/999'],
  [{ level: 1, index: 1000, width: 256 }, 'tile/1/x001/000'],
  [{ level: 63, index: 1_234_067, width: 1 }, 'tile/63/x001/x234/067.p/1'],
  [{ level: 'entries', index: 7, width: 255 }, 'tile/entries/007.p/255'],
  [{ level: 0, index: Number.MAX_SAFE_INTEGER, width: 256 }, 'tile/0/x009/x007/x199/x254/x740/991'],
])('%j is at %s', (tile, path) => {
  expect(formatTilePath(tile)).toBe(path);
  expect(parseTilePath(path)).toEqual({ ok: true, value: tile });
});

test.each([
  '',
  'tile/0',
  'tile/0/',
  'tile/00/000',
  'tile/01/000',
  'tile/64/000',
  'tile/-1/000',
  'tile/data/000',
  'tile/0/0',
  'tile/0/0000',
  'tile/0/x000/001',
  'tile/0/001/000',
  'tile/0/x001',
  'tile/0/x001/x000',
  'tile/0/000.p/0',
  'tile/0/000.p/00',
  'tile/0/000.p/01',
  'tile/0/000.p/256',
  'tile/0/000.p/',
  'tile/0/000.p',
  'tile/0/000/',
  '/tile/0/000',
  'tile/0/000\n',
  'tile/0/../000',
  'tile/entries/x999/x999/x999/x999/x999/999',
  'tile/0/x001/x000/x000/x000/x000/x000/000',
])('%j is no path of a tile', (path) => {
  expect(parseTilePath(path)).toMatchObject({ ok: false, failure: { code: 'malformed-path' } });
});

test.each<[string, Tile]>([
  ['a width of nothing', { level: 0, index: 0, width: 0 }],
  ['a width too large', { level: 0, index: 0, width: 257 }],
  ['a level too high', { level: 64, index: 0, width: 1 }],
  ['a broken index', { level: 0, index: 0.5, width: 1 }],
])('%s is never written', (_, tile) => expect(() => formatTilePath(tile)).toThrow('no tile'));

describe('which tiles make up a tree', () => {
  test.each<[number, string[]]>([
    [0, []],
    [1, ['tile/0/000.p/1']],
    [255, ['tile/0/000.p/255']],
    [256, ['tile/0/000', 'tile/1/000.p/1']],
    [257, ['tile/0/000', 'tile/0/001.p/1', 'tile/1/000.p/1']],
    [512, ['tile/0/000', 'tile/0/001', 'tile/1/000.p/2']],
  ])('of %i entries', (size, paths) => expect(pathsOf(tilesOf(size))).toEqual(paths));

  test('of 2^16 entries: three levels', () => {
    const tiles = [...tilesOf(65_536)];
    expect(tiles.filter(({ level }) => level === 0)).toHaveLength(256);
    expect(tiles.slice(256)).toEqual([
      { level: 1, index: 0, width: 256 },
      { level: 2, index: 0, width: 1 },
    ]);
  });

  test('that has grown: the new ones only, and partial ones again where they are wider', () => {
    expect(pathsOf(tilesOf(300, 300))).toEqual([]);
    expect(pathsOf(tilesOf(301, 300))).toEqual(['tile/0/001.p/45']);
    expect(pathsOf(tilesOf(513, 300))).toEqual(['tile/0/001', 'tile/0/002.p/1', 'tile/1/000.p/2']);
    expect(pathsOf(entryBundlesOf(513, 300))).toEqual(['tile/entries/001', 'tile/entries/002.p/1']);
  });

  test('that has grown in any steps: all that the last size needs has been written on the way', () => {
    const random = randomFrom(256);
    for (let round = 0; round < 50; round += 1) {
      const written = new Set<string>();
      let size = 0;
      while (size < 70_000) {
        const next = size + random.between(1, 9_000);
        for (const path of pathsOf(tilesOf(next, size))) written.add(path);
        size = next;
      }
      expect(pathsOf(tilesOf(size)).filter((path) => !written.has(path))).toEqual([]);
    }
  });

  test('that shrinks: none', () => {
    expect(() => [...tilesOf(5, 6)]).toThrow('no tree grows from 6 to 5');
    expect(() => [...tilesOf(-1)]).toThrow('no tree grows');
    expect(() => [...entryBundlesOf(0.5)]).toThrow('no tree grows');
  });
});
