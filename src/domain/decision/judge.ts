import type { Act, Case } from '../case/case.ts';
import { clockOf, type Clock } from '../clock/clock.ts';
import { Unknown } from '../law/evaluate.ts';
import type { CompiledRule, LawInForce } from '../law/in-force.ts';
import type { Rule } from '../law/pack.ts';
import { factsOf } from './facts.ts';
import { groundsOf, type Ground } from './grounds.ts';

export type Outcome = 'permitted' | 'prohibited' | 'undetermined';

/** What the rules say of one ground: which hold, which cannot be told, and what that comes to. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly ground: Ground;
  readonly clock: Clock;
  readonly forbids: readonly Rule[];
  readonly permits: readonly Rule[];
  readonly openForbids: readonly OpenRule[];
  readonly openPermits: readonly OpenRule[];
}

/** A rule that a missing fact keeps open. */
export interface OpenRule {
  readonly rule: Rule;
  readonly missing: readonly string[];
}

/**
 * The verdict on every ground of an act. Cedar's order holds: default deny, forbid wins. What missing facts cannot
 * change is decided: a true forbid, or no permit that could ever hold. Everything else that is open is undetermined.
 */
export function judge(question: Case, act: Act, law: LawInForce): Verdict[] {
  return groundsOf(question).map((ground) => judgeGround(question, act, law, ground));
}

function judgeGround(question: Case, act: Act, law: LawInForce, ground: Ground): Verdict {
  const clock = clockOf(question, law, ground);
  const facts = factsOf(question, act, law, ground, clock);
  const forbids: Rule[] = [];
  const permits: Rule[] = [];
  const openForbids: OpenRule[] = [];
  const openPermits: OpenRule[] = [];
  const sort = (rules: readonly CompiledRule[] | undefined, holding: Rule[], open: OpenRule[]): void => {
    for (const { rule, holds } of rules ?? []) {
      const value = holds(facts);
      if (value === true) holding.push(rule);
      else if (value instanceof Unknown) open.push({ rule, missing: value.paths });
    }
  };
  sort(law.forbids.get(act), forbids, openForbids);
  sort(law.permits.get(act), permits, openPermits);
  const outcome = outcomeOf(forbids.length, openForbids.length, permits.length, openPermits.length);
  return { outcome, ground, clock, forbids, permits, openForbids, openPermits };
}

function outcomeOf(forbids: number, openForbids: number, permits: number, openPermits: number): Outcome {
  if (forbids > 0) return 'prohibited';
  if (permits === 0 && openPermits === 0) return 'prohibited';
  if (openForbids > 0 || permits === 0) return 'undetermined';
  return 'permitted';
}

const RANK: Readonly<Record<Outcome, number>> = { permitted: 2, undetermined: 1, prohibited: 0 };

/** One good ground is enough, and an open one is more than a bad one; of equals the first paper counts. */
export function best(verdicts: readonly Verdict[]): Verdict {
  const [first, ...rest] = verdicts;
  if (first === undefined) throw new Error('a case always has at least one ground');
  return rest.reduce((found, each) => (RANK[each.outcome] > RANK[found.outcome] ? each : found), first);
}
