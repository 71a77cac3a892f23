import { expect, test } from 'vitest';
import { edited, keysOf } from './edit.ts';

const document = { list: [{ a: 1 }, { a: 2 }], deep: { b: true } };

function result(set: Record<string, unknown>, remove: string[] = []): unknown {
  const found = edited(document, set, remove);
  return found.ok ? found.value : found.failures.map((failure) => failure.where);
}

test('a path as its keys', () => expect(keysOf('detainers[0].signed')).toEqual(['detainers', 0, 'signed']));
test('sets a value, in a list, at the end of a list, and under objects that are not there yet', () => {
  expect(result({ 'list[1].a': 3 })).toEqual({ list: [{ a: 1 }, { a: 3 }], deep: { b: true } });
  expect(result({ 'list[2]': { a: 9 } })).toMatchObject({ list: [{ a: 1 }, { a: 2 }, { a: 9 }] });
  expect(result({ 'new.inner': 1 })).toMatchObject({ new: { inner: 1 } });
});
test('removes a key and a list item', () => {
  expect(result({}, ['deep.b', 'list[0]'])).toEqual({ list: [{ a: 2 }], deep: {} });
});
test('the document given stays as it is', () => {
  result({ 'deep.b': false }, ['list[0]']);
  expect(document).toEqual({ list: [{ a: 1 }, { a: 2 }], deep: { b: true } });
});
test('a place that is not there is named, and nothing else happens', () => {
  expect(result({ 'list[3]': 1 })).toEqual(['list[3]']);
  expect(result({ 'none[0].a': 1 })).toEqual(['none[0].a']);
  expect(result({ 'deep.b.c': 1 })).toEqual(['deep.b.c']);
  expect(result({ 'list.a': 1 })).toEqual(['list.a']);
  expect(result({}, ['deep.c', 'none.x', ''])).toEqual(['deep.c', 'none.x', '']);
});
