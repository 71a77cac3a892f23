import { describe, expect, test } from 'vitest';
import { formatEntryBundle, parseEntryBundle } from './entry-bundle.ts';

const bytes = (...each: number[]): Uint8Array => Uint8Array.from(each);

test('each entry stands after its length, high byte first', () => {
  const formatted = formatEntryBundle([bytes(1, 2, 3), bytes(), new Uint8Array(256)]);
  expect(formatted).toEqual({ ok: true, value: bytes(0, 3, 1, 2, 3, 0, 0, 1, 0, ...new Uint8Array(256)) });
});

test('a bundle is read as it was written', () => {
  const entries = Array.from({ length: 256 }, (_, index) => new Uint8Array(index * 3).fill(index));
  const formatted = formatEntryBundle(entries);
  expect(formatted.ok && parseEntryBundle(formatted.value)).toEqual({ ok: true, value: entries });
});

test('an entry of 65,535 bytes is taken, one byte more is not', () => {
  expect(formatEntryBundle([new Uint8Array(65_535)])).toMatchObject({ ok: true });
  expect(formatEntryBundle([bytes(1), new Uint8Array(65_536)])).toMatchObject({ failure: { code: 'entry-too-large' } });
});

test('a bundle of nothing, or of more than 256, is a mistake of ours', () => {
  expect(() => formatEntryBundle([])).toThrow('1 to 256 entries');
  expect(() => formatEntryBundle(Array.from({ length: 257 }, () => bytes()))).toThrow('1 to 256 entries');
});

describe('what is no bundle', () => {
  test.each<[string, Uint8Array]>([
    ['nothing', bytes()],
    ['half a length', bytes(0)],
    ['an entry cut off', bytes(0, 3, 1, 2)],
    ['half a length after an entry', bytes(0, 1, 1, 0)],
    ['257 entries', new Uint8Array(257 * 2)],
  ])('%s', (_, read) => expect(parseEntryBundle(read)).toMatchObject({ failure: { code: 'malformed-bundle' } }));
});
