import type { Case } from '../case/case.ts';
import type { Clock } from '../clock/clock.ts';
import type { StateCustody } from '../clock/state-custody.ts';
import { Unknown, type Known, type Value } from '../law/evaluate.ts';
import type { LawInForce } from '../law/in-force.ts';
import { DAY, type Day } from '../time/instant.ts';
import type { Ground } from './grounds.ts';

/** The record as it is seen from the moment of the act: what every fact is worked out from. */
export interface Seen {
  readonly question: Case;
  readonly law: LawInForce;
  /** The facility's own calendar day at that moment. */
  readonly today: Day;
  /** Undefined: nobody has recorded custody. */
  readonly stateCustody: StateCustody | undefined;
}

/** One ground of custody, looked at for one act. */
export interface SeenGround extends Seen {
  readonly ground: Ground;
  readonly clock: Clock;
  /** The act that is asked about serves the warrant itself; otherwise service is seen as it was made. */
  readonly isServedNow: boolean;
}

export type Fact<From> = (seen: From) => Value;

/** Facts by the names under which rules read them (rule-packs/facts.cedarschema). */
export type FactsFrom<From> = Readonly<Record<string, Fact<From>>>;

/** A state that nobody has recorded carries its path into the case. */
export function unknown(path: string): Unknown {
  return new Unknown([path]);
}

export function known(value: Known | undefined, path: string): Value {
  return value ?? unknown(path);
}

export function dated(day: Day | undefined, path: string): Value {
  return day === undefined ? unknown(path) : day * DAY;
}
