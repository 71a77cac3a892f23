import type { Act, Case } from '../case/case.ts';
import { hasHappened, isByThisOfficer, serviceMade } from '../case/happenings.ts';
import type { Clock } from '../clock/clock.ts';
import type { LawInForce } from '../law/in-force.ts';
import type { Duty, Trigger } from '../law/pack.ts';
import { addHours, isoOf, type Instant } from '../time/instant.ts';
import { unreachable } from '../unreachable.ts';
import type { DutyDue, Instruction } from './answer.ts';
import { withDoubt } from './findings.ts';
import type { Verdict } from './judge.ts';

/** What else the law wants done, by when. Most stand until somebody records that they are done, for which a case has no place. */
export function dutiesOf(
  question: Case,
  law: LawInForce,
  verdict: Verdict,
  instruction: Instruction | undefined,
): DutyDue[] {
  const { act } = question.question;
  const due: DutyDue[] = [];
  for (const duty of law.duties.get(act) ?? []) {
    if (!restsOn(duty, question, verdict)) continue;
    const since = triggeredAt(duty.trigger, question, verdict, instruction);
    if (since !== undefined) due.push(dueOf(duty, since));
  }
  return due;
}

/**
 * A duty of the agreement binds under one, and a duty of the form where one is on file; but what follows from an act that
 * rests on a judge's warrant does not follow from a detainer that lies beside it.
 */
function restsOn({ appliesTo, trigger }: Duty, { agreement }: Case, { ground }: Verdict): boolean {
  switch (appliesTo) {
    case undefined:
      return true;
    case 'agreement':
      return agreement !== undefined && ground.warrant?.form !== 'judicial';
    case 'detainer':
      return trigger === 'act-permitted' ? ground.detainer !== undefined : ground.received.length > 0;
    default:
      return unreachable(appliesTo);
  }
}

function dueOf({ duty, doubt, withinHours, citation }: Duty, since: Instant): DutyDue {
  const words = withDoubt(duty, doubt);
  if (withinHours === undefined) return { duty: words, citation };
  return { duty: words, dueAt: isoOf(addHours(since, withinHours)), citation };
}

/** The instant from which a duty runs; undefined: nothing has called for it. */
function triggeredAt(
  trigger: Trigger,
  question: Case,
  { outcome, permits, ground, clock }: Verdict,
  instruction: Instruction | undefined,
): Instant | undefined {
  const { act, at } = question.question;
  switch (trigger) {
    case 'request-received':
      return earliest(ground.received.map((detainer) => detainer.receivedAt));
    case 'detainer-not-served':
      return earliest(
        ground.received
          .filter(({ servedOnPersonAt }) => !hasHappened(question, servedOnPersonAt))
          .map((detainer) => detainer.receivedAt),
      );
    case 'request-declined':
      return ground.received.length > 0 && outcome === 'prohibited' && isRefusal(act, clock, instruction)
        ? at
        : undefined;
    case 'act-permitted':
      return outcome === 'permitted' ? at : undefined;
    case 'act-required':
      return outcome === 'permitted' && permits.some((rule) => rule.requires) ? at : undefined;
    case 'citizenship-claimed': {
      const { claimedAt } = question.person.citizenship ?? {};
      return hasHappened(question, claimedAt) ? claimedAt : undefined;
    }
    case 'citizenship-suspected': {
      const { claimedAt, evidence } = question.person.citizenship ?? {};
      return evidence === 'probative' && !hasHappened(question, claimedAt) ? at : undefined;
    }
    case 'interpreter-unnamed':
    case 'warrant-served': {
      if (act === 'serve-warrant') return outcome === 'permitted' ? at : undefined;
      const service = serviceMade(question, ground.warrant);
      // What the jail owes for a service it owes for its own officer's: ICE's knows that it served.
      if (service === undefined || !isByThisOfficer(question, service)) return undefined;
      return trigger === 'interpreter-unnamed' && service.interpreter !== undefined ? undefined : service.at;
    }
    case 'custody-ended': {
      const { startsAt } = clock;
      return startsAt !== undefined && startsAt <= at ? startsAt : undefined;
    }
    case 'victim-or-witness':
      return question.person.victimOrWitness ? at : undefined;
  }
}

/**
 * Whether a prohibited act is the refusal of a request: of notice at any time; of custody while it could still be given,
 * and the person goes. Who has left, whose time is up, or who is kept for a later hand-over was not refused.
 */
function isRefusal(act: Act, clock: Clock, instruction: Instruction | undefined): boolean {
  if (act === 'notify') return true;
  return (act === 'hold' || act === 'transfer') && clock.state === 'running' && instruction === 'release';
}

function earliest(instants: readonly Instant[]): Instant | undefined {
  return instants.reduce<Instant | undefined>(
    (first, each) => (first === undefined || each < first ? each : first),
    undefined,
  );
}
