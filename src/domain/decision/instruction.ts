import { isOver } from '../clock/clock.ts';
import { unreachable } from '../unreachable.ts';
import type { Instruction } from './answer.ts';
import { outcomeOfHold, type Outcome, type Situation, type Verdict } from './judge.ts';

/**
 * What the sergeant does with the person now. While the state's own custody runs, it goes on; after that only a
 * permitted hold or hand-over keeps the person, and where the answer is open somebody is asked while the clock runs.
 */
export function instructionOf(situation: Situation, verdict: Verdict): Instruction | undefined {
  const { question } = situation;
  const { act, at } = question.question;
  if (act === 'sign-agreement' || act === 'house') return undefined;
  if (verdict.outcome === 'undetermined') return 'ask-a-person';
  if (isOver(question.custody, at)) return 'release';
  if (situation.stateCustody?.runs === true) return 'continue-state-custody';
  if (act === 'transfer' && verdict.outcome === 'permitted') return 'hand-over';
  if (act === 'serve-warrant' && verdict.outcome === 'permitted') {
    // Service is the arrest on which a hold may rest; whether the law then lets the jail hold is a question of its own.
    return whetherHeld(outcomeOfHold(situation, 'serve-warrant'));
  }
  return whetherHeld(act === 'hold' ? verdict.outcome : outcomeOfHold(situation, 'hold'));
}

function whetherHeld(hold: Outcome): Instruction {
  switch (hold) {
    case 'permitted':
      return 'hold-until';
    case 'prohibited':
      return 'release';
    case 'undetermined':
      return 'ask-a-person';
    default:
      return unreachable(hold);
  }
}
