import { concernsPerson } from '../case/case.ts';
import { isOver } from '../case/happenings.ts';
import { unreachable } from '../unreachable.ts';
import type { Instruction } from './answer.ts';
import { outcomeOfHold, type Outcome, type Situation, type Verdict } from './judge.ts';

/**
 * What the sergeant does with the person now, which is not always what was asked. Who has left is not taken back. While
 * the state's own custody runs, it goes on. After that only a hold or a hand-over that the law permits keeps the person;
 * where that is open somebody is asked while the clock runs, and no open question about a notice keeps anybody.
 */
export function instructionOf(situation: Situation, { outcome }: Verdict): Instruction | undefined {
  const { question, stateCustody } = situation;
  const { act } = question.question;
  if (!concernsPerson(act)) return undefined;
  if (isOver(question)) return 'release';
  // Whether the state holds the person, somebody must say before anybody is let go.
  if (stateCustody === undefined || stateCustody.doubt !== undefined) return 'ask-a-person';
  if (stateCustody.runs) return 'continue-state-custody';
  if (act === 'hold') return whetherHeld(outcome);
  if (outcome === 'prohibited') return whetherHeld(outcomeOfHold(situation, 'hold'));
  if (act === 'transfer') return outcome === 'permitted' ? 'hand-over' : 'ask-a-person';
  if (act !== 'serve-warrant') return whetherHeld(outcomeOfHold(situation, 'hold'));
  // Service is the arrest on which a hold may rest; whether the law then lets the jail hold is a question of its own.
  const held = whetherHeld(outcomeOfHold(situation, 'serve-warrant'));
  return outcome === 'undetermined' && held === 'hold-until' ? 'ask-a-person' : held;
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
