import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sha256 } from '../../src/adapters/system/sha256.ts';
import type { Act } from '../../src/domain/case/case.ts';
import { parseCase } from '../../src/domain/case/parse.ts';
import { factsOf } from '../../src/domain/decision/facts.ts';
import { dayOfAct, groundsSeenFrom, judge, situationOf } from '../../src/domain/decision/judge.ts';
import type { Facts } from '../../src/domain/law/evaluate.ts';
import { lawOf, type LawInForce } from '../../src/domain/law/in-force.ts';
import type { Rule } from '../../src/domain/law/pack.ts';
import { cedarContext, factsNamedIn, holdsUnknown } from './cedar-context.ts';
import { completeCase } from './generated-cases.ts';
import { builtPacks, jurisdictionsOf, packsOf, RULE_PACKS } from './packs.ts';
import { randomFrom } from './random.ts';

// Cedar itself is the judge of our evaluator: on complete facts both must reach the same decision by the same rules.

/** Of so many one is also checked against the schema: that facts have the declared shape needs no more. */
const VALIDATED_OF = 20;
const schema = readFileSync(join(RULE_PACKS, 'facts.cedarschema'), 'utf8');
const packs = builtPacks();
const classes = packs.flatMap((pack) => pack.convictionClasses.map((each) => each.code));

/**
 * Asks both about `count` complete cases from a seed. Two files share the 100,000 between them, so that both cores work.
 */
export function agree(seed: number, count: number): Reached {
  const laws = new Map(jurisdictionsOf(packs).map((name) => [name, lawOf(packsOf(packs, name), name)]));
  const random = randomFrom(seed);
  const outcomes = new Map<string, number>();
  const rulesSeen = new Set<string>();
  preparse('schema');
  let compared = 0;
  while (compared < count) {
    const parsed = parseCase(completeCase(random, [...laws.keys()], classes), sha256);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.failures));
    const question = parsed.value;
    const { act } = question.question;
    const law = laws.get(question.jurisdiction)?.(dayOfAct(question));
    if (law === undefined) throw new Error('no law');
    const situation = situationOf(question, law);
    const verdicts = judge(situation, act);
    for (const [index, ground] of groundsSeenFrom(situation, act).entries()) {
      const facts = factsOf(ground);
      const verdict = verdicts[index];
      // Who served when no officer is described, which court ordered a hold, and what a law leaves unsure stay unknown even in a complete record:
      // a rule that reads them is not Cedar's to judge.
      if (verdict === undefined || holdsUnknown(facts, factsRead(law, act))) continue;
      const ours = {
        decision: verdict.outcome === 'permitted' ? 'allow' : 'deny',
        reason: (verdict.forbids.length > 0 ? verdict.forbids : verdict.permits).map((rule) => rule.id).sort(),
      };
      // What a law leaves unsure is unknown in every case, and no rule that is asked reads it: the schema gets its shape.
      const shaped = { ...facts, lawIsSettled: false };
      const theirs = ask(law, act, shaped, compared % VALIDATED_OF === 0 && !holdsUnknown(shaped));
      expect(theirs, JSON.stringify({ act, facts })).toEqual(ours);
      outcomes.set(`${act} ${ours.decision}`, (outcomes.get(`${act} ${ours.decision}`) ?? 0) + 1);
      ours.reason.forEach((rule) => rulesSeen.add(rule));
      compared += 1;
    }
  }
  return { outcomes, rulesSeen };
}

/** What the cases reached: by act and answer how often, and the rules that decided. */
interface Reached {
  readonly outcomes: ReadonlyMap<string, number>;
  readonly rulesSeen: ReadonlySet<string>;
}

/** The generator must reach both answers of every act, and every federal rule, or agreement would prove little. */
export function expectEveryRuleReached({ outcomes, rulesSeen }: Reached): void {
  for (const act of ['hold', 'serve-warrant', 'notify', 'transfer', 'interview', 'sign-agreement', 'house']) {
    expect(outcomes.get(`${act} allow`), `${act} allow`).toBeGreaterThan(50);
  }
  const federal = packs.flatMap((pack) => (pack.path === 'us' ? pack.rules.map((rule) => rule.id) : []));
  expect(federal.filter((rule) => !rulesSeen.has(rule) && !NEVER_DECISIVE.includes(rule))).toEqual([]);
}

/** Rules that complete generated cases cannot reach, each with the unit test that reaches it. */
const NEVER_DECISIVE = [
  'us.state-law-unread', // every generated jurisdiction has a pack; law/in-force.test.ts
  'us.law-of-another-place', // unknown by nature, never true; us/scenarios
  'us.person.lawful-status-open', // unknown by nature, never true; us/scenarios
  'us.grant.wso-regardless', // a counsel's choice that is off; decision/decide.test.ts
  'us.officer.supervision', // a supervisor is recorded or unknown; us/scenarios
  'us.officer.another-served', // unknown by nature, never true; us/scenarios
  'us.grant.hold-after-anothers-service', // unknown by nature, never true; us/scenarios
  'us.person.citizenship-claim-open', // unknown by nature, never true; us/scenarios
];

let policySets = 0;
const preparsed = new Map<LawInForce, Map<string, string>>();

function ask(law: LawInForce, act: Act, facts: Facts, validate: boolean): { decision: string; reason: string[] } {
  const answer = cedar.statefulIsAuthorized({
    principal: { type: 'Agency', id: 'a' },
    action: { type: 'Action', id: act },
    resource: { type: 'Jurisdiction', id: 'j' },
    context: cedarContext(facts, validate ? undefined : factsRead(law, act)),
    preparsedPolicySetId: policySetOf(law, act),
    // Reading the context by the schema is what takes Cedar its time.
    ...(validate ? { preparsedSchemaName: 'schema', validateRequest: true } : {}),
    entities: [],
  });
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  expect(answer.response.diagnostics.errors).toEqual([]);
  return { decision: answer.response.decision, reason: [...answer.response.diagnostics.reason].sort() };
}

function policySetOf(law: LawInForce, act: Act): string {
  const known = preparsed.get(law) ?? new Map<string, string>();
  preparsed.set(law, known);
  const found = known.get(act);
  if (found !== undefined) return found;
  policySets += 1;
  const id = `set ${policySets}`;
  const rules = rulesOf(law, act).map((rule) => [rule.id, rule.source]);
  const answer = cedar.preparsePolicySet(id, { staticPolicies: Object.fromEntries(rules) as Record<string, string> });
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  known.set(act, id);
  return id;
}

function rulesOf(law: LawInForce, act: Act): Rule[] {
  return [law.forbids, law.permits].flatMap((each) => (each.get(act) ?? []).map(({ rule }) => rule));
}

function preparse(name: string): void {
  const answer = cedar.preparseSchema(name, schema);
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
}

const read = new Map<string, ReadonlySet<string>>();

/** The facts that an act's rules name: handing Cedar the others too would only cost it the reading. */
function factsRead(law: LawInForce, act: Act): ReadonlySet<string> {
  const set = policySetOf(law, act);
  const found = read.get(set) ?? factsNamedIn(rulesOf(law, act));
  read.set(set, found);
  return found;
}
