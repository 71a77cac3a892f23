import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
