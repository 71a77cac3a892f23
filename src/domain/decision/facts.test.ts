import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBase } from '../../../test/support/bases.ts';
import { builtPacks, packsOf, RULE_PACKS } from '../../../test/support/packs.ts';
import { compileOver, FactTable, Unknown, type Compiled } from '../law/evaluate.ts';
import { lawOf } from '../law/in-force.ts';
import { factsAsked, factsOf } from './facts.ts';
import { dayOfAct, groundsSeenFrom, situationOf } from './judge.ts';
import type { SeenGround } from './seen.ts';

const second = {
  'detainers[1]': { id: 'd2', form: 'I-247G', receivedAt: '2026-11-25T15:00:00Z', signed: false, warrants: ['w1'] },
};

function seen(set: Record<string, unknown> = {}): { grounds: readonly SeenGround[] } {
  const question = readBase('wso-hold', set);
  const law = lawOf(packsOf(builtPacks(), 'us/xx'), 'us/xx')(dayOfAct(question));
  const situation = situationOf(question, law);
  return { grounds: groundsSeenFrom(situation, 'hold') };
}

/** The facts that rules may read, from the schema: `person.age`, `today`. */
function declared(): string[] {
  const schema = readFileSync(join(RULE_PACKS, 'facts.cedarschema'), 'utf8');
  const types = new Map(
    [...schema.matchAll(/type (\w+) = \{([^}]*)\}/g)].map(([, name = '', body = '']) => [
      name,
      [...body.matchAll(/^ {2}(\w+): (\w+)/gm)].map(([, fact = '', type = '']) => [fact, type] as const),
    ]),
  );
  const top = types.get('Facts') ?? [];
  return top.flatMap(([fact, type]) =>
    (types.get(type) ?? [['', '']]).map(([inner]) => (inner === '' ? fact : `${fact}.${inner}`)),
  );
}

test('every fact of the schema is worked out, and no other', () => {
  const [ground] = seen().grounds;
  if (ground === undefined) throw new Error('no ground');
  const names = Object.entries(factsOf(ground)).flatMap(([name, value]) =>
    typeof value === 'object' && !Array.isArray(value) && !(value instanceof Unknown)
      ? Object.keys(value).map((inner) => `${name}.${inner}`)
      : [name],
  );
  expect(names.sort()).toEqual(declared().sort());
  expect(names.length).toBeGreaterThan(60);
});

test('each ground has its own papers and all share the record', () => {
  const table = new FactTable();
  const fact = (first: string, attr: string): object => ({
    '.': { left: { '.': { left: { Var: 'context' }, attr: first } }, attr },
  });
  const form = compileOver(fact('detainer', 'form') as Record<string, unknown>, table);
  const identity = compileOver(fact('person', 'identity') as Record<string, unknown>, table);
  const { grounds } = seen(second);
  const values = factsAsked(table, grounds);
  expect(values.map((each) => form(each))).toEqual(['I-247A', 'I-247G']);
  expect(values.map((each) => identity(each))).toEqual(['matched', 'matched']);
});

describe('whether an agreement is in force', () => {
  const inForce = (set: Record<string, unknown>, remove: readonly string[] = []): unknown => {
    const question = readBase('wso-hold', set, remove);
    const law = lawOf(packsOf(builtPacks(), 'us/xx'), 'us/xx')(dayOfAct(question));
    const [ground] = situationOf(question, law).grounds;
    if (ground === undefined) throw new Error('no ground');
    return (factsOf(ground)['agreement'] as Record<string, unknown>)['inForce'];
  };
  // The act is on 1 December 2026 at 14:10Z; 90 days before it is 2 September at 14:10Z.
  test.each<[string, Record<string, unknown>, boolean]>([
    ['approved and in effect', {}, true],
    ['in effect from today', { 'agreement.effectiveOn': '2026-12-01' }, true],
    ['in effect from tomorrow', { 'agreement.effectiveOn': '2026-12-02' }, false],
    ['approved by nobody', { 'agreement.approvedBy': [] }, false],
    ['suspended now', { 'agreement.suspendedAt': '2026-12-01T14:10:00Z' }, false],
    ['to be suspended', { 'agreement.suspendedAt': '2026-12-01T14:10:01Z' }, true],
    [
      'given notice of, whose 90 days end now',
      { 'agreement.terminationNoticeReceivedAt': '2026-09-02T14:10:00Z' },
      false,
    ],
    [
      'given notice of, a second short of them',
      { 'agreement.terminationNoticeReceivedAt': '2026-09-02T14:10:01Z' },
      true,
    ],
    ['of any model and for other houses', { 'agreement.model': 'TFM', 'agreement.facilities': [] }, true],
  ])('%s', (_, set, expected) => expect(inForce(set)).toBe(expected));
  test('none', () => expect(inForce({}, ['agreement'])).toBe(false));
  test('a part that nobody has recorded leaves it open, by its path', () => {
    const [approval, start] = ['agreement.approvedBy', 'agreement.effectiveOn'];
    expect(inForce({}, [approval])).toEqual(new Unknown([approval]));
    expect(inForce({}, [start])).toEqual(new Unknown([start]));
    expect(inForce({}, [approval, start])).toEqual(new Unknown([approval, start]));
  });
  test('what is known against it decides whatever else is missing', () => {
    expect(inForce({ 'agreement.effectiveOn': '2027-01-01' }, ['agreement.approvedBy'])).toBe(false);
    expect(inForce({ 'agreement.approvedBy': [] }, ['agreement.effectiveOn'])).toBe(false);
    const suspended = { 'agreement.suspendedAt': '2026-11-30T15:00:00Z' };
    expect(inForce(suspended, ['agreement.approvedBy', 'agreement.effectiveOn'])).toBe(false);
  });
});

test('a table that has grown since is read whole', () => {
  const table = new FactTable();
  const read = (attr: string): Compiled => compileOver({ '.': { left: { Var: 'context' }, attr } }, table);
  const kind = read('facilityKind');
  const { grounds } = seen();
  expect(factsAsked(table, grounds).map((each) => kind(each))).toEqual(['jail']);
  const counsel = read('counsel');
  expect(factsAsked(table, grounds).map((each) => [kind(each), counsel(each)])).toEqual([['jail', []]]);
});

test('a fact that nobody can work out is unknown, by its name', () => {
  const table = new FactTable();
  const made = compileOver({ '.': { left: { Var: 'context' }, attr: 'weather' } }, table);
  const { grounds } = seen();
  const [value] = factsAsked(table, grounds).map((each) => made(each));
  expect(value).toEqual(new Unknown(['context.weather']));
});
