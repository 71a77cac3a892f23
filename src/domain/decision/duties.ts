import type { Case } from '../case/case.ts';
import type { Clock } from '../clock/clock.ts';
import type { LawInForce } from '../law/in-force.ts';
import type { Duty, Trigger } from '../law/pack.ts';
import { addHours, isoOf, type Instant } from '../time/instant.ts';
import type { DutyDue } from './answer.ts';
import { withDoubt } from './findings.ts';
import type { Verdict } from './judge.ts';

/** What else the law wants done, by when. A duty stands until somebody records that it is done: the case does not say. */
export function dutiesOf(question: Case, law: LawInForce, verdict: Verdict): DutyDue[] {
  const { act } = question.question;
  const due: DutyDue[] = [];
  for (const duty of law.duties.get(act) ?? []) {
    const since = triggeredAt(duty.trigger, question, verdict);
    if (since !== undefined) due.push(dueOf(duty, since));
  }
  return due;
}

function dueOf({ duty, doubt, withinHours, citation }: Duty, since: Instant): DutyDue {
  const words = withDoubt(duty, doubt);
  if (withinHours === undefined) return { duty: words, citation };
  return { duty: words, dueAt: isoOf(addHours(since, withinHours)), citation };
}

/** The instant from which a duty runs; undefined: nothing has called for it. */
function triggeredAt(trigger: Trigger, question: Case, { outcome, ground, clock }: Verdict): Instant | undefined {
  const { act, at } = question.question;
  switch (trigger) {
    case 'request-received':
      return earliest(ground.received.map((detainer) => detainer.receivedAt));
    case 'detainer-not-served':
      return earliest(
        ground.received
          .filter(({ servedOnPersonAt }) => servedOnPersonAt === undefined || servedOnPersonAt > at)
          .map((detainer) => detainer.receivedAt),
      );
    case 'request-declined':
      return ground.received.length > 0 && outcome === 'prohibited' && isRequested(act, clock) ? at : undefined;
    case 'act-permitted':
      return outcome === 'permitted' ? at : undefined;
    case 'citizenship-claimed': {
      const claimedAt = question.person.citizenship?.claimedAt;
      return claimedAt !== undefined && claimedAt <= at ? claimedAt : undefined;
    }
    case 'warrant-served': {
      if (act === 'serve-warrant') return outcome === 'permitted' ? at : undefined;
      const service = ground.warrant?.service;
      return service !== undefined && service.at <= at ? service.at : undefined;
    }
    case 'custody-ended': {
      const { startsAt } = clock;
      return startsAt !== undefined && startsAt <= at ? startsAt : undefined;
    }
    case 'victim-or-witness':
      return question.person.victimOrWitness ? at : undefined;
  }
}

/** Whether the request asks for this act now: for notice at any time, for custody only once the state's own has ended. */
function isRequested(act: string, clock: Clock): boolean {
  return act === 'notify' || ((act === 'hold' || act === 'transfer') && clock.state !== 'not-started');
}

function earliest(instants: readonly Instant[]): Instant | undefined {
  return instants.reduce<Instant | undefined>(
    (first, each) => (first === undefined || each < first ? each : first),
    undefined,
  );
}
