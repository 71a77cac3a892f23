import { describe, expect, test } from 'vitest';
import {
  compile,
  PartlyKnown,
  Unknown,
  UnsupportedExpression,
  type CedarExpression,
  type Facts,
  type Value,
} from './evaluate.ts';

const context = { Var: 'context' };
const fact = (name: string): CedarExpression => ({ '.': { left: context, attr: name } });
const value = (each: unknown): CedarExpression => ({ Value: each });
const op = (name: string, left: CedarExpression, right: CedarExpression): CedarExpression => ({
  [name]: { left, right },
});

const facts: Facts = {
  yes: true,
  no: false,
  maybe: new Unknown(['a.b']),
  other: new Unknown(['c.d']),
  three: 3,
  word: 'I-247A',
  set: ['x', 'y'],
  none: [],
  at: Date.UTC(2026, 1, 17),
  record: { inner: 'deep', open: new Unknown(['record.open']) },
};

function result(expression: CedarExpression): Value {
  return compile(expression)(facts);
}

function paths(expression: CedarExpression): readonly string[] | Value {
  const found = result(expression);
  return found instanceof Unknown ? found.paths : found;
}

describe('Kleene logic, whichever side the unknown stands on', () => {
  const table: [string, string, string, Value | readonly string[]][] = [
    ['&&', 'no', 'maybe', false],
    ['&&', 'maybe', 'no', false],
    ['&&', 'yes', 'maybe', ['a.b']],
    ['&&', 'maybe', 'yes', ['a.b']],
    ['&&', 'maybe', 'other', ['a.b', 'c.d']],
    ['&&', 'yes', 'yes', true],
    ['&&', 'yes', 'no', false],
    ['||', 'yes', 'maybe', true],
    ['||', 'maybe', 'yes', true],
    ['||', 'no', 'maybe', ['a.b']],
    ['||', 'maybe', 'no', ['a.b']],
    ['||', 'maybe', 'other', ['a.b', 'c.d']],
    ['||', 'no', 'no', false],
    ['||', 'no', 'yes', true],
  ];
  test.each(table)('%s: %s, %s', (operator, left, right, expected) => {
    expect(paths(op(operator, fact(left), fact(right)))).toEqual(expected);
  });
  test('not', () => {
    expect(result({ '!': { arg: fact('no') } })).toBe(true);
    expect(result({ '!': { arg: fact('yes') } })).toBe(false);
    expect(paths({ '!': { arg: fact('maybe') } })).toEqual(['a.b']);
  });
  test('the same missing fact is named once', () => {
    expect(paths(op('&&', fact('maybe'), fact('maybe')))).toEqual(['a.b']);
    expect(paths(op('||', op('&&', fact('maybe'), fact('other')), fact('other')))).toEqual(['a.b', 'c.d']);
  });
});

describe('if-then-else', () => {
  const choice = (condition: string, yes: CedarExpression, no: CedarExpression): CedarExpression => ({
    'if-then-else': { if: fact(condition), then: yes, else: no },
  });
  test('takes the branch of a known condition, and does not ask for the other', () => {
    expect(result(choice('yes', value(1), fact('maybe')))).toBe(1);
    expect(result(choice('no', fact('maybe'), value(2)))).toBe(2);
  });
  test('is decided under an unknown condition only where both branches agree', () => {
    expect(result(choice('maybe', value(true), value(true)))).toBe(true);
    expect(paths(choice('maybe', value(true), value(false)))).toEqual(['a.b']);
    expect(paths(choice('maybe', fact('other'), value(true)))).toEqual(['a.b', 'c.d']);
    expect(paths(choice('maybe', value(true), fact('other')))).toEqual(['a.b', 'c.d']);
  });
});

describe('operators that need all their operands', () => {
  test.each([
    ['==', 3, true],
    ['!=', 3, false],
    ['<', 4, true],
    ['<', 3, false],
    ['<=', 3, true],
    ['<=', 2, false],
    ['>', 2, true],
    ['>', 3, false],
    ['>=', 3, true],
    ['>=', 4, false],
  ])('3 %s %s is %s', (operator, right, expected) => {
    expect(result(op(operator, fact('three'), value(right)))).toBe(expected);
  });
  test.each(['==', '!=', '<', '<=', '>', '>=', '+', '-', '*', 'contains', 'containsAll', 'containsAny'])(
    '%s of an unknown is unknown, on either side and on both',
    (operator) => {
      expect(paths(op(operator, fact('maybe'), fact('three')))).toEqual(['a.b']);
      expect(paths(op(operator, fact('set'), fact('maybe')))).toEqual(['a.b']);
      expect(paths(op(operator, fact('maybe'), fact('other')))).toEqual(['a.b', 'c.d']);
    },
  );
  test('sums, differences, products, negatives', () => {
    expect(result(op('+', fact('three'), value(4)))).toBe(7);
    expect(result(op('-', fact('three'), value(4)))).toBe(-1);
    expect(result(op('*', fact('three'), value(4)))).toBe(12);
    expect(result({ neg: { arg: fact('three') } })).toBe(-3);
    expect(paths({ neg: { arg: fact('word') } })).toEqual([]);
  });
  test('a sum past 2^53 could err in Cedar, and is unknown', () => {
    expect(result(op('+', value(Number.MAX_SAFE_INTEGER), value(0)))).toBe(Number.MAX_SAFE_INTEGER);
    expect(paths(op('+', value(Number.MAX_SAFE_INTEGER), value(1)))).toEqual([]);
    expect(paths(op('+', fact('word'), value(1)))).toEqual([]);
    expect(paths(op('+', value(1), fact('word')))).toEqual([]);
  });
  test('what cannot be compared is unknown, never false', () => {
    expect(paths(op('<', fact('word'), value(1)))).toEqual([]);
    expect(paths(op('<', value(1), fact('word')))).toEqual([]);
    expect(paths(op('contains', fact('word'), value('I')))).toEqual([]);
    expect(paths(op('containsAny', fact('set'), fact('word')))).toEqual([]);
    expect(paths(op('containsAll', fact('word'), fact('set')))).toEqual([]);
    expect(paths({ isEmpty: { arg: fact('word') } })).toEqual([]);
  });
});

describe('sets and texts', () => {
  const set = (...items: unknown[]): CedarExpression => ({ Set: items.map(value) });
  test('contains, containsAny, containsAll, isEmpty', () => {
    expect(result(op('contains', fact('set'), value('x')))).toBe(true);
    expect(result(op('contains', fact('set'), value('z')))).toBe(false);
    expect(result(op('containsAny', fact('set'), set('z', 'y')))).toBe(true);
    expect(result(op('containsAny', fact('set'), set('z', 'w')))).toBe(false);
    expect(result(op('containsAll', fact('set'), set('x', 'y')))).toBe(true);
    expect(result(op('containsAll', fact('set'), set('x', 'z')))).toBe(false);
    expect(result({ isEmpty: { arg: fact('none') } })).toBe(true);
    expect(result({ isEmpty: { arg: fact('set') } })).toBe(false);
  });
  test('two sets are the same whatever the order', () => {
    expect(result(op('==', fact('set'), set('y', 'x')))).toBe(true);
    expect(result(op('==', fact('set'), set('x')))).toBe(false);
    expect(result(op('==', set('x'), fact('set')))).toBe(false);
  });
  test('a set with an unknown member is unknown', () => {
    expect(paths({ Set: [value('x'), fact('maybe')] })).toEqual(['a.b']);
  });
  test('like: a star stands for anything, all else for itself', () => {
    const like = (pattern: unknown[]): CedarExpression => ({ like: { left: fact('word'), pattern } });
    expect(result(like(['Wildcard', { Literal: '2' }, { Literal: '4' }, 'Wildcard']))).toBe(true);
    expect(result(like([{ Literal: 'I-247A' }]))).toBe(true);
    expect(result(like([{ Literal: 'I.247A' }]))).toBe(false);
    expect(result(like([{ Literal: 'I-247' }]))).toBe(false);
    expect(paths({ like: { left: fact('maybe'), pattern: ['Wildcard'] } })).toEqual(['a.b']);
    expect(paths({ like: { left: fact('three'), pattern: ['Wildcard'] } })).toEqual([]);
  });
});

describe('facts', () => {
  test('a fact of a record, known and unknown', () => {
    expect(result({ '.': { left: fact('record'), attr: 'inner' } })).toBe('deep');
    expect(paths({ '.': { left: fact('record'), attr: 'open' } })).toEqual(['record.open']);
  });
  test('a fact that is not there at all is unknown under its own name', () => {
    expect(paths(fact('absent'))).toEqual(['context.absent']);
    expect(paths({ '.': { left: fact('record'), attr: 'absent' } })).toEqual(['context.record.absent']);
    expect(paths({ '.': { left: fact('nowhere'), attr: 'absent' } })).toEqual(['context.nowhere.absent']);
  });
});

describe('time, to the millisecond', () => {
  const datetime = (text: string): CedarExpression => ({ datetime: [value(text)] });
  const duration = (text: string): CedarExpression => ({ duration: [value(text)] });
  test('a date is its midnight in UTC; an instant is itself', () => {
    expect(result(op('==', fact('at'), datetime('2026-02-17')))).toBe(true);
    expect(result(op('<', fact('at'), datetime('2026-02-17T00:00:00.001Z')))).toBe(true);
    expect(result(datetime('2026-02-17T00:00:00+0500'))).toBe(Date.UTC(2026, 1, 16, 19));
  });
  test.each([
    ['90d', 7_776_000_000],
    ['48h', 172_800_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['-1h', -3_600_000],
  ])('the duration %s', (text, expected) => expect(result(duration(text))).toBe(expected));
  test('offset, durationSince and toDate', () => {
    expect(result({ offset: [fact('at'), duration('48h')] })).toBe(Date.UTC(2026, 1, 19));
    expect(result({ durationSince: [datetime('2026-02-19'), fact('at')] })).toBe(172_800_000);
    expect(result({ toDate: [{ offset: [fact('at'), duration('23h')] }] })).toBe(Date.UTC(2026, 1, 17));
    expect(paths({ toDate: [fact('word')] })).toEqual([]);
    expect(paths({ offset: [fact('maybe'), duration('48h')] })).toEqual(['a.b']);
  });
  test.each(['', '-', 'soon', '5', '1h1d'])('"%s" is no duration', (text) => {
    expect(() => compile(duration(text))).toThrow('duration needs a literal such as "90d" or "48h"');
  });
  test('what no calendar has is no datetime', () => {
    expect(() => compile(datetime('2026-02-30'))).toThrow('datetime needs a literal');
    expect(() => compile({ datetime: [fact('at')] })).toThrow('datetime needs a literal');
  });
});

describe('what is refused', () => {
  test.each<[string, CedarExpression, string]>([
    ['has', { has: { left: context, attr: 'x' } }, '"has" would read an unknown fact as "no"'],
    ['is', { is: { left: context, entity_type: 'X' } }, 'the operator "is" has no meaning here'],
    ['principal', { '.': { left: { Var: 'principal' }, attr: 'x' } }, 'a rule reads facts of "context" only'],
    ['an entity', { Value: { __entity: { type: 'A', id: 'b' } } }, 'entities cannot be compared here'],
    ['a fact of a fact of a fact', { '.': { left: { '.': { left: fact('a'), attr: 'b' } }, attr: 'c' } }, 'is no fact'],
    ['nothing', {}, 'the operator "nothing" has no meaning here'],
  ])('%s', (_, expression, message) => {
    expect(() => compile(expression)).toThrow(UnsupportedExpression);
    expect(() => compile(expression)).toThrow(message);
  });
});

describe('a set of which some members are not recorded', () => {
  const ask = (expression: CedarExpression, known: readonly string[]): unknown => {
    const value = compile(expression)({ convictions: new PartlyKnown(known, ['convictions[1].class']) });
    return value instanceof Unknown ? value.paths : value;
  };
  const set = { '.': { left: { Var: 'context' }, attr: 'convictions' } };
  const literal = (...items: string[]): CedarExpression => ({ Set: items.map((item) => ({ Value: item })) });
  test.each<[string, CedarExpression, readonly string[], unknown]>([
    ['holds what it is known to hold', { contains: { left: set, right: { Value: 'a' } } }, ['a'], true],
    [
      'may hold what it is not known to',
      { contains: { left: set, right: { Value: 'b' } } },
      ['a'],
      ['convictions[1].class'],
    ],
    ['holds one of several', { containsAny: { left: set, right: literal('b', 'a') } }, ['a'], true],
    [
      'may hold one of several',
      { containsAny: { left: set, right: literal('b', 'c') } },
      ['a'],
      ['convictions[1].class'],
    ],
    ['holds all', { containsAll: { left: set, right: literal('a') } }, ['a', 'c'], true],
    ['may hold all', { containsAll: { left: set, right: literal('a', 'b') } }, ['a'], ['convictions[1].class']],
    ['is not empty', { isEmpty: { arg: set } }, ['a'], false],
    ['may be empty', { isEmpty: { arg: set } }, [], ['convictions[1].class']],
    ['is no known set', { '==': { left: set, right: literal('a') } }, ['a'], ['convictions[1].class']],
  ])('%s', (_, expression, known, result) => expect(ask(expression, known)).toEqual(result));
});
