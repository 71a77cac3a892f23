import { Unknown, type FactTable, type Facts, type Value } from '../law/evaluate.ts';
import { PAPER_FACTS } from './paper-facts.ts';
import { RECORD_FACTS } from './record-facts.ts';
import type { Fact, Seen, SeenGround } from './seen.ts';

/**
 * The values that a table of rules reads. Only facts that some rule asks for are worked out, those of the record once
 * for all grounds; a fact that nobody can work out is unknown.
 */
export function valuesOn(table: FactTable, seen: Seen, grounds: readonly SeenGround[]): (readonly Value[])[] {
  const { record, paper, size } = planOf(table);
  const shared = new Array<Value>(size).fill(false);
  for (const { place, fact } of record) shared[place] = fact(seen);
  return grounds.map((ground, index) => {
    // The last one may write where all have read.
    const values = index === grounds.length - 1 ? shared : [...shared];
    for (const { place, fact } of paper) values[place] = fact(ground);
    return values;
  });
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

/** Where each fact of a table comes from. */
interface Plan {
  readonly size: number;
  readonly record: readonly { readonly place: number; readonly fact: Fact<Seen> }[];
  readonly paper: readonly { readonly place: number; readonly fact: Fact<SeenGround> }[];
}

const plans = new WeakMap<FactTable, Plan>();

/** A table grows when the law of another jurisdiction is compiled; its plan is then made anew. */
function planOf(table: FactTable): Plan {
  const known = plans.get(table);
  if (known?.size === table.size) return known;
  const places = table.names().map((name, place) => ({ name, place }));
  const plan: Plan = {
    size: places.length,
    record: places.flatMap(({ name, place }) => {
      const fact = RECORD_FACTS[name];
      if (fact !== undefined) return [{ place, fact }];
      const nobody = new Unknown([`context.${name}`]);
      return name in PAPER_FACTS ? [] : [{ place, fact: () => nobody }];
    }),
    paper: places.flatMap(({ name, place }) => {
      const fact = PAPER_FACTS[name];
      return fact === undefined ? [] : [{ place, fact }];
    }),
  };
  plans.set(table, plan);
  return plan;
}
