import { concernsPerson, type Act, type Case } from '../case/case.ts';
import { clockOf, type Clock } from '../clock/clock.ts';
import { stateCustodyOf } from '../clock/state-custody.ts';
import { Unknown, type FactsAsked } from '../law/evaluate.ts';
import { factTable, type CompiledRule, type LawInForce } from '../law/in-force.ts';
import type { Rule } from '../law/pack.ts';
import type { Day } from '../time/instant.ts';
import { dayAt } from '../time/zone.ts';
import { factsAsked } from './facts.ts';
import { groundsOf, type Ground } from './grounds.ts';
import type { Seen, SeenGround } from './seen.ts';

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

/** What does not depend on the act: the record as it is seen, and the grounds with their clocks. */
export interface Situation extends Seen {
  /** The grounds, with the service as it was made. */
  readonly grounds: readonly SeenGround[];
  /** Facts of each ground, so that what was worked out for one act need not be for the next. */
  readonly known: { asMade: readonly FactsAsked[] | undefined; now: readonly FactsAsked[] | undefined };
}

/** @returns the situation with the papers that the question asks about: the warrant that it names, or all. */
export function situationOf(question: Case, law: LawInForce, today = dayOfAct(question)): Situation {
  const stateCustody = stateCustodyOf(question, law.outProcessing);
  return situationWith({ question, law, today, stateCustody }, question.question.warrant);
}

/** The day of the act, where it is done. */
export function dayOfAct({ question, facility }: Case): Day {
  return dayAt(question.at, facility.timeZone);
}

/** The situation with every paper: what becomes of the person turns on all, whichever the question names. */
export function withEveryPaper(situation: Situation): Situation {
  return situation.question.question.warrant === undefined ? situation : situationWith(situation, undefined);
}

function situationWith({ question, law, today, stateCustody }: Seen, named: string | undefined): Situation {
  const grounds = groundsOf(question, named).map((ground): SeenGround => {
    const clock = clockOf(question, law, ground, stateCustody);
    return { question, law, today, stateCustody, ground, clock, isServedNow: false };
  });
  return { question, law, today, stateCustody, grounds, known: { asMade: undefined, now: undefined } };
}

/**
 * The verdict on every ground of an act. Cedar's order holds: default deny, forbid wins. What missing facts cannot
 * change is decided: a true forbid, or no permit that could ever hold. Everything else that is open is undetermined.
 */
export function judge(situation: Situation, act: Act): Verdict[] {
  const facts = factsSeenFrom(situation, act);
  return facts.map((each, index) => verdictOn(each, act, situation.grounds[index] as SeenGround));
}

/** The grounds as an act sees them: a service that it makes itself is made now. */
export function groundsSeenFrom({ grounds }: Situation, act: Act): readonly SeenGround[] {
  return act === 'serve-warrant' ? grounds.map(servedNow) : grounds;
}

// Written out: what `...` copies is an object of another kind to the engine, and every fact would be read from two.
function servedNow({ question, law, today, stateCustody, ground, clock }: SeenGround): SeenGround {
  return { question, law, today, stateCustody, ground, clock, isServedNow: true };
}

function factsSeenFrom(situation: Situation, act: Act): readonly FactsAsked[] {
  const { known } = situation;
  const facts = act === 'serve-warrant' ? known.now : concernsPerson(act) ? known.asMade : undefined;
  if (facts !== undefined) return facts;
  const asked = factsAsked(factTable(act), groundsSeenFrom(situation, act));
  if (act === 'serve-warrant') known.now = asked;
  else if (concernsPerson(act)) known.asMade = asked;
  return asked;
}

function verdictOn(facts: FactsAsked, act: Act, { law, ground, clock }: SeenGround): Verdict {
  const forbids: Rule[] = [];
  const permits: Rule[] = [];
  const openForbids: OpenRule[] = [];
  const openPermits: OpenRule[] = [];
  sort(law.forbids.get(act), facts, forbids, openForbids);
  sort(law.permits.get(act), facts, permits, openPermits);
  const outcome = outcomeOf(forbids.length, openForbids.length, permits.length, openPermits.length);
  return { outcome, ground, clock, forbids, permits, openForbids, openPermits };
}

/** Rules that speak, and rules that a missing fact keeps open, each in their order. */
function sort(rules: readonly CompiledRule[] = [], facts: FactsAsked, holding: Rule[], open: OpenRule[]): void {
  for (const { rule, holds } of rules) {
    const value = holds(facts);
    // Most rules do not hold, and that is told without asking what the value is.
    if (value === false) continue;
    if (value === true) holding.push(rule);
    else if (value instanceof Unknown) open.push({ rule, missing: value.paths });
  }
}

/** Whether the person may be held, on the best of the grounds, and the clock of that one. */
export interface Hold {
  readonly outcome: Outcome;
  readonly clock: Clock;
}

/**
 * What the rules come to for a hold, without their reasons.
 * @param seenFrom `serve-warrant`: the hold that would follow if the warrant asked about were served now.
 */
export function holdOn(situation: Situation, seenFrom: Act): Hold {
  return best(holdsOn(situation, seenFrom));
}

/** The hold as it stands on papers other than one warrant; undefined: there are none. */
export function holdApartFrom(situation: Situation, warrant: string): Hold | undefined {
  const { grounds } = situation;
  const apart = holdsOn(situation, 'hold').filter((_, index) => grounds[index]?.ground.warrant?.id !== warrant);
  return apart.length === 0 ? undefined : best(apart);
}

function holdsOn(situation: Situation, seenFrom: Act): Hold[] {
  const { law, grounds } = situation;
  return factsSeenFrom(situation, seenFrom).map((facts, index) => ({
    outcome: outcomeOn(facts, law),
    clock: (grounds[index] as SeenGround).clock,
  }));
}

function outcomeOn(facts: FactsAsked, { forbids, permits }: LawInForce): Outcome {
  const forbidden = strongest(forbids.get('hold'), facts);
  if (forbidden === true) return 'prohibited';
  const permitted = strongest(permits.get('hold'), facts);
  return outcomeOf(0, forbidden === 'open' ? 1 : 0, permitted === true ? 1 : 0, permitted === 'open' ? 1 : 0);
}

/** True where a rule holds, `open` where none does and one is kept open. */
function strongest(rules: readonly CompiledRule[] | undefined, facts: FactsAsked): boolean | 'open' {
  let open = false;
  for (const { holds } of rules ?? []) {
    const value = holds(facts);
    if (value === false) continue;
    if (value === true) return true;
    if (value instanceof Unknown) open = true;
  }
  return open ? 'open' : false;
}

function outcomeOf(forbids: number, openForbids: number, permits: number, openPermits: number): Outcome {
  if (forbids > 0) return 'prohibited';
  if (permits === 0 && openPermits === 0) return 'prohibited';
  if (openForbids > 0 || permits === 0) return 'undetermined';
  return 'permitted';
}

const RANK: Readonly<Record<Outcome, number>> = { permitted: 2, undetermined: 1, prohibited: 0 };

/** One good ground is enough, and an open one is more than a bad one; of equals the first paper counts. */
export function best<Found extends Pick<Verdict, 'outcome'>>(found: readonly Found[]): Found {
  let kept = found[0];
  if (kept === undefined) throw new Error('a case always has at least one ground');
  for (const each of found) if (RANK[each.outcome] > RANK[kept.outcome]) kept = each;
  return kept;
}
