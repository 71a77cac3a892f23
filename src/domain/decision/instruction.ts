import { concernsPerson } from '../case/case.ts';
import { isOver } from '../case/happenings.ts';
import type { Clock } from '../clock/clock.ts';
import { unreachable } from '../unreachable.ts';
import type { Instruction } from './answer.ts';
import {
  best,
  holdApartFrom,
  holdOn,
  withEveryPaper,
  type Hold,
  type Outcome,
  type Situation,
  type Verdict,
} from './judge.ts';

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
  if (stateCustody === undefined || (stateCustody.runs && stateCustody.doubt !== undefined))
    return { instruction: 'ask-a-person', clock };
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
  if (outcome === 'undetermined') return holdWhileServiceIsOpen(situation, served, asMade());
  return served.outcome === 'permitted' ? served : best([served, asMade()]);
}

/**
 * While nobody can say whether the warrant may be served, only a hold that stands either way is told: one on papers that
 * the service does not touch. A state's mandate holds the person as long as nobody serves, and a service by an officer
 * without authority would end that hold; so it is open as well, and somebody is asked while the clock runs.
 */
function holdWhileServiceIsOpen(situation: Situation, served: Hold, asMade: Hold): Hold {
  const { warrant } = situation.question.question;
  const apart = warrant === undefined ? undefined : holdApartFrom(withEveryPaper(situation), warrant);
  return apart?.outcome === 'permitted' ? apart : best([open(served), open(asMade)]);
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
