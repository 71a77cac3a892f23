import type { Case, Warrant } from '../case/case.ts';
import { isByThisOfficer, isOver, serviceMade } from '../case/happenings.ts';
import type { Ground } from '../decision/grounds.ts';
import type { LawInForce } from '../law/in-force.ts';
import type { Limit } from '../law/pack.ts';
import { addHours, type Instant } from '../time/instant.ts';
import { afterCountedHours, timeOfDay } from './excluded-days.ts';
import { isEndInDoubt, type StateCustody } from './state-custody.ts';

/**
 * The clock of custody past the state's own. It starts when the person would otherwise have been released, runs in
 * elapsed hours, and nothing restarts it: neither a second detainer, nor a second service, nor an override
 * (docs/adr/0005). `expired` and `stopped` differ: past the deadline the person must be out, whoever is late, unless
 * the state holds the person anew: then the time for ICE is up all the same, and state custody goes on.
 * While the end of state custody is in doubt, limits that count from elsewhere still stand, and so do those that count
 * from the earlier of two ends that contradict each other: whatever the true end, the deadline is no later than theirs.
 */
export interface Clock {
  readonly state: 'not-started' | 'running' | 'expired' | 'stopped';
  readonly startsAt?: Instant | undefined;
  /** The earliest of all limits. */
  readonly deadline?: Instant | undefined;
  readonly limits: readonly LimitReached[];
}

export interface LimitReached {
  readonly limit: Limit;
  readonly deadline: Instant;
}

/** @param stateCustody of the same case: the clock starts where it ends. */
export function clockOf(
  question: Case,
  law: LawInForce,
  ground: Ground,
  stateCustody: StateCustody | undefined,
): Clock {
  const startsAt = stateCustody?.endsAt;
  const limits = startsAt === undefined && !isEndInDoubt(stateCustody) ? [] : limitsOf(question, law, ground, startsAt);
  let deadline: Instant | undefined;
  for (const each of limits) if (deadline === undefined || each.deadline < deadline) deadline = each.deadline;
  return { state: stateOf(question, startsAt, deadline), startsAt, deadline, limits };
}

function stateOf(question: Case, startsAt?: Instant, deadline?: Instant): Clock['state'] {
  const { at } = question.question;
  if (isOver(question)) return 'stopped';
  if (startsAt !== undefined && at < startsAt) return 'not-started';
  if (deadline !== undefined && at >= deadline) return 'expired';
  return startsAt === undefined ? 'not-started' : 'running';
}

function limitsOf(question: Case, law: LawInForce, ground: Ground, startsAt: Instant | undefined): LimitReached[] {
  const reached: LimitReached[] = [];
  for (const limit of law.limits) {
    if (limit.acts.length > 0 && !limit.acts.includes(question.question.act)) continue;
    if (!speaksOf(limit, question, ground)) continue;
    const anchor = anchorOf(limit, question, ground, startsAt);
    if (anchor !== undefined) reached.push({ limit, deadline: deadlineOf(limit, anchor, question, law) });
  }
  return reached;
}

function speaksOf(limit: Limit, question: Case, ground: Ground): boolean {
  switch (limit.appliesTo) {
    case 'detainer':
      return ground.detainer !== undefined && isOfForm(limit, ground.detainer.form);
    case 'agreement':
      return question.agreement !== undefined && (ground.detainer !== undefined || isOfIce(ground.warrant));
    case 'court-order':
      return ground.order !== undefined;
    case 'judicial-warrant':
      return ground.warrant?.form === 'judicial';
  }
}

function isOfIce(warrant: Warrant | undefined): boolean {
  return warrant !== undefined && warrant.form !== 'judicial';
}

function isOfForm(limit: Limit, form: string): boolean {
  return limit.forms.length === 0 || limit.forms.includes(form);
}

function anchorOf(limit: Limit, question: Case, ground: Ground, startsAt: Instant | undefined): Instant | undefined {
  switch (limit.anchor) {
    case 'custody-ended':
      return startsAt;
    case 'warrant-served': {
      const service = serviceMade(question, ground.warrant);
      if (service === undefined) return undefined;
      // A limit of the agreement counts from a service under it: ICE's own officer serves in jail days before release.
      return limit.appliesTo === 'agreement' && !isByThisOfficer(question, service) ? undefined : service.at;
    }
    case 'detainer-received':
      // The first that came counts: a later one starts nothing anew.
      return ground.received.reduce<Instant | undefined>(
        (first, { form, receivedAt }) =>
          isOfForm(limit, form) && (first === undefined || receivedAt < first) ? receivedAt : first,
        undefined,
      );
  }
}

function deadlineOf(limit: Limit, anchor: Instant, question: Case, law: LawInForce): Instant {
  const { timeZone } = question.facility;
  if (limit.hours === undefined) return timeOfDay(anchor, timeZone, limit.untilMinute);
  if (limit.excludes.length === 0) return addHours(anchor, limit.hours);
  return afterCountedHours(anchor, limit.hours, timeZone, limit.excludes, law.isHoliday);
}
