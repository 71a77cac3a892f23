import { FactsAsked, Unknown, type FactTable, type Facts, type Value } from '../law/evaluate.ts';
import { PAPER_FACTS } from './paper-facts.ts';
import { RECORD_FACTS } from './record-facts.ts';
import type { Fact, SeenGround } from './seen.ts';

/**
 * The facts of each ground that a table of rules may ask for. What the record says is the same on every ground and is
 * worked out on the first; a fact that nobody can work out is unknown.
 */
export function factsAsked(table: FactTable, grounds: readonly SeenGround[]): FactsAsked[] {
  const plan = planOf(table);
  const asked: FactsAsked[] = [];
  for (const ground of grounds) {
    const [first] = asked;
    const workOut = (place: number): Value => {
      const { fact, isOfRecord } = plan[place] as Planned;
      return isOfRecord && first !== undefined ? first.at(place) : fact(ground);
    };
    asked.push(new FactsAsked(plan.length, workOut));
  }
  return asked;
}

/** All facts of a ground as the record that rules name, for the judge of the evaluator (Cedar) and for the curious. */
export function factsOf(seen: SeenGround): Facts {
  const facts: Record<string, Value | Record<string, Value>> = {};
  for (const [name, fact] of Object.entries({ ...RECORD_FACTS, ...PAPER_FACTS })) {
    const [first = '', second] = name.split('.');
    if (second === undefined) facts[first] = fact(seen);
    else facts[first] = { ...(facts[first] as Record<string, Value>), [second]: fact(seen) };
  }
  return facts;
}

/** How the fact at one place of a table is worked out. */
interface Planned {
  readonly fact: Fact<SeenGround>;
  readonly isOfRecord: boolean;
}

const plans = new WeakMap<FactTable, readonly Planned[]>();

/** A table grows when the law of another jurisdiction is compiled; its plan is then made anew. */
function planOf(table: FactTable): readonly Planned[] {
  const known = plans.get(table);
  if (known?.length === table.size) return known;
  const plan = table.names().map((name) => {
    const nobody = new Unknown([`context.${name}`]);
    const fact: Fact<SeenGround> = RECORD_FACTS[name] ?? PAPER_FACTS[name] ?? ((): Value => nobody);
    return { fact, isOfRecord: name in RECORD_FACTS };
  });
  plans.set(table, plan);
  return plan;
}
