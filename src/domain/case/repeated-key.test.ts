import { expect, test } from 'vitest';
import { repeatedKey } from './repeated-key.ts';

test.each<[string, string, string | undefined]>([
  ['none', '{"a": {"b": 1}, "b": [{"b": 1}, {"b": 2}]}', undefined],
  ['at the top', '{"a": 1, "b": 2, "a": 3}', 'a'],
  [
    'in a list item',
    '{"detainers": [{"id": 1}, {"signed": true, "x": [1, 2], "signed": false}]}',
    'detainers[1].signed',
  ],
  ['written in two ways', '{"a": 1, "\\u0061": 2}', 'a'],
  ['in a text, which is no key', '{"a": "{\\"b\\": 1, \\"b\\": 2}", "b": "\\\\"}', undefined],
  ['no object at all', '[1, "a", null]', undefined],
  ['the same word as key and as value', '{"a": "a", "b": "a"}', undefined],
])('%s', (_, text, path) => {
  JSON.parse(text);
  expect(repeatedKey(text)).toBe(path);
});
