import type { Outcome } from './judge.ts';

/** The answer of the case contract (`docs/contract.md`): plain JSON, the same bytes wherever it is made. */
export interface Answer {
  readonly outcome: Outcome;
  /** A law commands the act; only where it is permitted. */
  readonly required: boolean;
  /** What the sergeant does now; absent for acts that concern no one person. */
  readonly instruction?: Instruction;
  readonly findings: readonly Finding[];
  /** Paths of the facts whose absence kept the answer open. */
  readonly missing: readonly string[];
  readonly clock: AnswerClock;
  readonly duties: readonly DutyDue[];
  readonly rulePacks: readonly { readonly path: string; readonly version: string; readonly sha256: string }[];
  /** SHA-256 of the canonical case. */
  readonly case: string;
}

export type Instruction = 'continue-state-custody' | 'hold-until' | 'release' | 'hand-over' | 'ask-a-person';

export interface Finding {
  readonly rule: string;
  readonly effect: 'permits' | 'forbids' | 'requires' | 'limits';
  readonly citation: string;
  readonly text: string;
}

export interface AnswerClock {
  readonly state: 'not-started' | 'running' | 'expired' | 'stopped';
  readonly startsAt?: string;
  readonly deadline?: string;
  readonly limits: readonly { readonly citation: string; readonly deadline: string }[];
}

export interface DutyDue {
  readonly duty: string;
  readonly dueAt?: string;
  readonly citation: string;
}
