import { concernsPerson } from '../case/case.ts';
import { isOver } from '../case/happenings.ts';
import type { Clock } from '../clock/clock.ts';
import { unreachable } from '../unreachable.ts';
import type { Instruction } from './answer.ts';
import { best, holdOn, withEveryPaper, type Hold, type Outcome, type Situation, type Verdict } from './judge.ts';

/** What is done with the person, and the clock of the ground on which it rests. */
export interface Instructed {
  readonly instruction: Instruction;
  readonly clock: Clock;
}

/**
 * What the sergeant does with the person now, which is not always what was asked. Who has left is not taken back. While
 * the state's own custody runs, it goes on. After that only a hold or a hand-over that the law permits keeps the person;
 * where that is open somebody is asked while the clock runs, and no open question about a notice keeps anybody.
 */
export function instructionOf(situation: Situation, { outcome, clock }: Verdict): Instructed | undefined {
  const { question, stateCustody } = situation;
  const { act } = question.question;
  if (!concernsPerson(act)) return undefined;
  if (isOver(question)) return { instruction: 'release', clock };
  // Whether the state holds the person, somebody must say before anybody is let go.
  if (stateCustody === undefined || stateCustody.doubt !== undefined) return { instruction: 'ask-a-person', clock };
  if (stateCustody.runs) return { instruction: 'continue-state-custody', clock };
  if (act === 'transfer' && outcome !== 'prohibited') {
    return { instruction: outcome === 'permitted' ? 'hand-over' : 'ask-a-person', clock };
  }
  const hold = holdOfPerson(situation, { outcome, clock });
  return { instruction: whetherHeld(hold.outcome), clock: hold.outcome === 'prohibited' ? clock : hold.clock };
}

/** The hold on any paper of the case: a bad paper that the question names takes nothing from a good one beside it. */
function holdOfPerson(situation: Situation, { outcome, clock }: Hold): Hold {
  const { act, warrant } = situation.question.question;
  if (act === 'hold' && (warrant === undefined || outcome === 'permitted')) return { outcome, clock };
  const asMade = (): Hold => holdOn(withEveryPaper(situation), 'hold');
  if (act !== 'serve-warrant' || outcome === 'prohibited') return asMade();
  // Service is the arrest on which a hold may rest; whether the law then lets the jail hold is a question of its own.
  const served = holdOn(situation, 'serve-warrant');
  // What rests on a service that is open is open itself.
  if (outcome === 'undetermined') return best([open(served), asMade()]);
  return served.outcome === 'permitted' ? served : best([served, asMade()]);
}

function open({ outcome, clock }: Hold): Hold {
  return { outcome: outcome === 'permitted' ? 'undetermined' : outcome, clock };
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
