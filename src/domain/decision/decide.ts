import type { Case } from '../case/case.ts';
import type { Clock } from '../clock/clock.ts';
import { lawOf, type LawInForce } from '../law/in-force.ts';
import type { Pack } from '../law/pack.ts';
import { isoOf, type Day } from '../time/instant.ts';
import type { Answer, AnswerClock, Finding, Instruction } from './answer.ts';
import { dutiesOf } from './duties.ts';
import { findingsOf, heldApartFinding, openCustodyFinding, openHoldFinding } from './findings.ts';
import { instructionOf } from './instruction.ts';
import { best, dayOfAct, judge, situationOf, withEveryPaper, type Situation, type Verdict } from './judge.ts';

/** Answers cases of one jurisdiction by its rule packs. Keep it: what it compiles is used again. */
export type Decider = (question: Case) => Answer;

/**
 * @param packs the built packs of the jurisdiction's every prefix, `us` first.
 * @param byLawOf ask by the law of this day instead of the case's own: what another law would have said.
 */
export function deciderFor(packs: readonly Pack[], jurisdiction: string, byLawOf?: Day): Decider {
  const inForce = lawOf(packs, jurisdiction);
  const lawOn = byLawOf === undefined ? inForce : () => inForce(byLawOf);
  const rulePacks = packs.map(({ path, version, sha256 }) => ({ path, version, sha256 }));
  return (question) => decide(question, lawOn, rulePacks);
}

function decide(question: Case, lawOn: (day: Day) => LawInForce, rulePacks: Answer['rulePacks']): Answer {
  const { act } = question.question;
  const today = dayOfAct(question);
  const law = lawOn(today);
  const situation = situationOf(question, law, today);
  const verdicts = judge(situation, act);
  const verdict = best(verdicts);
  const instructed = instructionOf(situation, verdict);
  const instruction = instructed?.instruction;
  const { outcome } = verdict;
  const required = outcome === 'permitted' && verdict.permits.some((rule) => rule.requires);
  const reasons = {
    findings: findingsOf(question, law, verdict, verdicts, ofPerson(situation, verdict, instruction)),
    missing: outcome === 'undetermined' ? missingOf(verdicts) : [],
    clock: answerClock(instructed?.clock ?? verdict.clock),
    duties: dutiesOf(question, law, verdict, instruction),
    rulePacks,
    case: question.sha256,
  };
  return instruction === undefined ? { outcome, required, ...reasons } : { outcome, required, instruction, ...reasons };
}

/** Where what becomes of the person does not follow from the outcome, the reader must see what to ask. */
function ofPerson(
  situation: Situation,
  { outcome }: Verdict,
  instruction: Instruction | undefined,
): Finding | undefined {
  const { warrant } = situation.question.question;
  if (instruction === 'hold-until' && outcome !== 'permitted' && warrant !== undefined)
    return heldApartFinding(warrant);
  if (instruction !== 'ask-a-person' || outcome === 'undetermined') return undefined;
  const { stateCustody } = situation;
  const doubt = stateCustody?.runs === true ? stateCustody.doubt : undefined;
  const custodyOpen = stateCustody === undefined ? 'custody.bases' : doubt;
  const holdOpen = missingOf(judge(withEveryPaper(situation), 'hold'));
  if (custodyOpen === undefined) return openHoldFinding(holdOpen);
  // Where the hold is settled, it is settled against it: who may still be kept, the state keeps.
  return holdOpen.length === 0
    ? openCustodyFinding(custodyOpen)
    : openHoldFinding([...new Set([custodyOpen, ...holdOpen])]);
}

/** Facts that could still change the answer: those of every ground that is open. */
function missingOf(verdicts: readonly Verdict[]): string[] {
  const open = verdicts.filter((verdict) => verdict.outcome === 'undetermined');
  const rules = open.flatMap((verdict) => [
    ...verdict.openForbids,
    // Where one permit already holds, another adds nothing.
    ...(verdict.permits.length > 0 ? [] : verdict.openPermits),
  ]);
  return [...new Set(rules.flatMap((each) => each.missing))].sort();
}

function answerClock({ state, startsAt, deadline, limits }: Clock): AnswerClock {
  const ends = deadline === undefined ? undefined : isoOf(deadline);
  // Most limits end together, and writing an instant takes longer than finding it.
  const shown = limits.map(({ limit: { citation }, deadline: reached }) => ({
    citation,
    deadline: ends !== undefined && reached === deadline ? ends : isoOf(reached),
  }));
  if (startsAt === undefined)
    return ends === undefined ? { state, limits: shown } : { state, deadline: ends, limits: shown };
  if (ends === undefined) return { state, startsAt: isoOf(startsAt), limits: shown };
  return { state, startsAt: isoOf(startsAt), deadline: ends, limits: shown };
}
