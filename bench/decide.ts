import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { Engine } from 'json-rules-engine';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sha256 } from '../src/adapters/system/sha256.ts';
import type { Case } from '../src/domain/case/case.ts';
import { parseCase } from '../src/domain/case/parse.ts';
import { deciderFor, type Decider } from '../src/domain/decision/decide.ts';
import { factsOf } from '../src/domain/decision/facts.ts';
import { dayOfAct, groundsSeenFrom, situationOf } from '../src/domain/decision/judge.ts';
import { compile, type CedarExpression, type Facts } from '../src/domain/law/evaluate.ts';
import { lawOf, type CompiledRule, type LawInForce } from '../src/domain/law/in-force.ts';
import { cedarContext, holdsUnknown } from '../test/support/cedar-context.ts';
import { completeCase } from '../test/support/generated-cases.ts';
import { builtPacks, jurisdictionsOf, packsOf, RULE_PACKS } from '../test/support/packs.ts';
import { randomFrom } from '../test/support/random.ts';
import { perSecond, percentiles, WARM_UP, type Figure } from './figures.ts';

const JURISDICTION = 'us/fl/example-county';
const packs = builtPacks();
const classes = packs.flatMap((pack) => pack.convictionClasses.map((each) => each.code));

/** One decision with findings and citations, packs loaded, against two engines on the same rules in the same run. */
export async function benchDecide(): Promise<Figure[]> {
  const cases = parsedCases(4000, [JURISDICTION]).filter((each) => each.question.act === 'hold');
  const decide = deciderFor(packsOf(packs, JURISDICTION), JURISDICTION);
  const law = lawOf(packsOf(packs, JURISDICTION), JURISDICTION);
  const asked = cases.flatMap((question) => {
    const inForce = law(dayOfAct(question));
    const [ground] = groundsSeenFrom(situationOf(question, inForce), 'hold');
    if (ground === undefined) throw new Error('no ground');
    // Unknown in every case, and read by none of these rules.
    const facts = { ...factsOf(ground), lawIsSettled: false };
    return holdsUnknown(facts) ? [] : [{ inForce, facts }];
  });
  const ours = percentiles(cases, decide, 20);
  const theirs = percentiles(asked.slice(0, 400), cedarPeer(), 1);
  const jsonRules = await jsonRulesPeer(asked.slice(0, 400));
  return [
    { name: 'one decision, p50', value: ours.p50, unit: 'µs', limit: '≤ 30', met: ours.p50 <= 30 },
    { name: 'one decision, p99', value: ours.p99, unit: 'µs', limit: '≤ 300', met: ours.p99 <= 300 },
    { name: 'cedar-wasm (stateful, validated), p50', value: theirs.p50, unit: 'µs' },
    {
      name: 'faster than cedar-wasm',
      value: theirs.p50 / ours.p50,
      unit: '×',
      limit: '≥ 30',
      met: theirs.p50 / ours.p50 >= 30,
    },
    { name: 'json-rules-engine, p50', value: jsonRules.p50, unit: 'µs' },
    {
      name: 'faster than json-rules-engine',
      value: jsonRules.p50 / ours.p50,
      unit: '×',
      limit: '≥ 50',
      met: jsonRules.p50 / ours.p50 >= 50,
    },
  ];
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;

/** A million generated cases of every jurisdiction and act on one core; only deciding is timed, not making them up. */
export function benchBatch(): Figure[] {
  const names = jurisdictionsOf(packs);
  const deciders = new Map<string, Decider>(names.map((name) => [name, deciderFor(packsOf(packs, name), name)]));
  const random = randomFrom(1_000_000);
  let milliseconds = 0;
  let decided = 0;
  const outcomes = { permitted: 0, prohibited: 0, undetermined: 0 };
  while (decided < 1_000_000) {
    const cases = parsedCases(10_000, names, random);
    // What making the cases up has left behind is not the decision's to clear away. Only the young is cleared: a full
    // collection throws away compiled code that knows the shapes of dead objects, and the time would be the compiler's.
    // Twice, since the first only moves what lives, and the next one would move it again in the time that is measured.
    for (let times = 0; times < 2; times += 1) collectGarbage({ type: 'minor' });
    const started = performance.now();
    for (const each of cases) {
      const answer = deciders.get(each.jurisdiction)?.(each);
      if (answer !== undefined) outcomes[answer.outcome] += 1;
    }
    milliseconds += performance.now() - started;
    decided += cases.length;
  }
  const rate = perSecond(decided, milliseconds);
  const spread = Object.entries(outcomes).map(([name, count]) => `${((count / decided) * 100).toFixed(0)} % ${name}`);
  return [
    {
      name: `a million cases (${spread.join(', ')})`,
      value: rate,
      unit: 'cases/s',
      limit: '≥ 100,000',
      met: rate >= 100_000,
    },
  ];
}

function parsedCases(count: number, jurisdictions: readonly string[], random = randomFrom(2026)): Case[] {
  return Array.from({ length: count }, () => {
    const parsed = parseCase(completeCase(random, jurisdictions, classes), sha256);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.failures));
    return parsed.value;
  });
}

interface Asked {
  readonly inForce: LawInForce;
  readonly facts: Facts;
}

function cedarPeer(): (asked: Asked) => unknown {
  const schema = readFileSync(join(RULE_PACKS, 'facts.cedarschema'), 'utf8');
  succeed(cedar.preparseSchema('schema', schema));
  const sets = new Map<LawInForce, string>();
  const contexts = new Map<Facts, cedar.Context>();
  return ({ inForce, facts }) => {
    let set = sets.get(inForce);
    if (set === undefined) {
      set = `set ${sets.size}`;
      sets.set(inForce, set);
      const policies = rulesFor(inForce).map(({ rule }) => [rule.id, rule.source]);
      succeed(cedar.preparsePolicySet(set, { staticPolicies: Object.fromEntries(policies) as Record<string, string> }));
    }
    const context = contexts.get(facts) ?? cedarContext(facts);
    contexts.set(facts, context);
    return cedar.statefulIsAuthorized({
      principal: { type: 'Agency', id: 'a' },
      action: { type: 'Action', id: 'hold' },
      resource: { type: 'Jurisdiction', id: 'j' },
      context,
      preparsedPolicySetId: set,
      preparsedSchemaName: 'schema',
      validateRequest: true,
      entities: [],
    });
  };
}

function rulesFor(law: LawInForce): CompiledRule[] {
  return [law.forbids, law.permits].flatMap((rules) => rules.get('hold') ?? []);
}

/**
 * The same conditions as nested all / any / not. A leaf (a comparison) is an operator of its own that runs our compiled
 * expression, so that the peer pays for its engine only, and not for a clumsy translation.
 */
async function jsonRulesPeer(asked: readonly Asked[]): Promise<{ p50: number; p99: number }> {
  const engines = new Map<LawInForce, Engine>();
  for (const { inForce } of asked) if (!engines.has(inForce)) engines.set(inForce, engineFor(inForce));
  const run = async ({ inForce, facts }: Asked): Promise<unknown> => engines.get(inForce)?.run({ context: facts });
  for (let round = 0; round < WARM_UP; round += 1) for (const each of asked) await run(each);
  const times: number[] = [];
  for (const each of asked) {
    const started = performance.now();
    await run(each);
    times.push((performance.now() - started) * 1000);
  }
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(times.length / 2)] ?? 0, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

type Condition =
  { all: Condition[] } | { any: Condition[] } | { not: Condition } | { fact: string; operator: string; value: boolean };

function engineFor(law: LawInForce): Engine {
  const engine = new Engine([], { allowUndefinedFacts: true });
  let leaves = 0;
  const conditionOf = (expression: CedarExpression): Condition => {
    const [operator, operand] = Object.entries(expression)[0] ?? ['', undefined];
    const parts = operand as { left: CedarExpression; right: CedarExpression; arg: CedarExpression };
    if (operator === '&&') return { all: [conditionOf(parts.left), conditionOf(parts.right)] };
    if (operator === '||') return { any: [conditionOf(parts.left), conditionOf(parts.right)] };
    if (operator === '!') return { not: conditionOf(parts.arg) };
    const leaf = `leaf${(leaves += 1)}`;
    const evaluate = compile(expression);
    engine.addOperator(leaf, (facts: Facts) => evaluate(facts) === true);
    return { fact: 'context', operator: leaf, value: true };
  };
  for (const { rule } of rulesFor(law)) {
    engine.addRule({
      conditions: { all: rule.conditions.map(conditionOf) },
      event: { type: rule.effect, params: { id: rule.id, citation: rule.citation } },
    });
  }
  return engine;
}

function succeed(answer: { type: string }): void {
  if (answer.type !== 'success') throw new Error(JSON.stringify(answer));
}
