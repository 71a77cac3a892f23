import { expect, test } from 'vitest';
import { nextOrigin, originsUpTo } from './origin.ts';

const AGENCY = 'us/fl/monroe-county/sheriff';

test('a log goes on under the next number', () => {
  expect(nextOrigin(AGENCY, `jail.example/${AGENCY}`)).toBe(`jail.example/${AGENCY}/2`);
  expect(nextOrigin(AGENCY, `jail.example/${AGENCY}/2`)).toBe(`jail.example/${AGENCY}/3`);
  expect(nextOrigin(AGENCY, `jail.example/${AGENCY}/19`)).toBe(`jail.example/${AGENCY}/20`);
});

test('an agency whose own name ends in a number keeps it', () => {
  expect(nextOrigin('us/fl/precinct/2', 'jail.example/us/fl/precinct/2')).toBe('jail.example/us/fl/precinct/2/2');
  expect(originsUpTo('us/fl/precinct/2', 'jail.example/us/fl/precinct/2')).toEqual(['jail.example/us/fl/precinct/2']);
});

test('all names that a log has had', () => {
  expect(originsUpTo(AGENCY, `jail.example/${AGENCY}`)).toEqual([`jail.example/${AGENCY}`]);
  expect(originsUpTo(AGENCY, `jail.example/${AGENCY}/3`)).toEqual([
    `jail.example/${AGENCY}`,
    `jail.example/${AGENCY}/2`,
    `jail.example/${AGENCY}/3`,
  ]);
});
