import { expect, test } from 'vitest';
import { canonicalJson } from './canonical.ts';

// RFC 8785: the examples of its sections 3.2.2 and 3.2.3, worked by hand.

test('keys stand in the order of their UTF-16 code units, whatever their script', () => {
  const value = {
    '\u20ac': 'Euro',
    '\r': 'CR',
    '\ufb33': 'Hebrew',
    '1': 'One',
    '\ud83d\ude00': 'Emoji',
    '\u0080': 'Control',
    '\u00f6': 'O',
  };
  expect(canonicalJson(value)).toBe(
    '{"\\r":"CR","1":"One","\u0080":"Control","\u00f6":"O","\u20ac":"Euro","\ud83d\ude00":"Emoji","\ufb33":"Hebrew"}',
  );
});

test('numbers as ECMAScript writes them', () => {
  expect(canonicalJson([333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, -0])).toBe(
    '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
  );
});

test('literals, strings with controls, nesting, no space', () => {
  expect(canonicalJson({ b: [null, true, false], a: { z: '\u000f\n"\\/' } })).toBe(
    '{"a":{"z":"\\u000f\\n\\"\\\\/"},"b":[null,true,false]}',
  );
});

test.each([[NaN], [Infinity], ['\ud800'], [undefined], [() => 1]])('%s has no canonical form', (value) => {
  expect(() => canonicalJson([value])).toThrow(TypeError);
});
