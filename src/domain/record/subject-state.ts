import { instantFrom } from '../time/instant.ts';
import { unreachable } from '../unreachable.ts';
import { CATALOGUE, type About, type Content, type EventType } from './catalogue.ts';
import type { EventRead } from './event.ts';

/**
 * What the ledger's entries on one subject come to: the projection that queries read. It is worked out from the entries
 * and from nothing else, holds no name and no free text, and can be thrown away and worked out again to the same text.
 * It tells times, so it lies in the database under the subject's key (kept-state.ts).
 */
export interface SubjectState {
  readonly about: About;
  /** Undefined: sealed or expunged, and with it all that tells a time. */
  readonly openedAt?: string;
  /** The last entry on the subject. */
  readonly lastSequence: number;
  /** The last entry that a decision must have seen; reads, alarms and notices are none. */
  readonly lastChange: number;
  /** Sealed or expunged by this entry: nothing else is known, and nothing more may be added. */
  readonly erased?: { readonly how: 'sealed' | 'expunged'; readonly by: number };
  /** Things by the entry that brought them. */
  readonly bases?: ById<{ kind: string; since: string; endedAt?: string }>;
  readonly detainers?: ById<{ form: string; receivedAt: string; servedAt?: string; cancelledAt?: string }>;
  readonly warrants?: ById<{ form: string; servedAt?: string }>;
  readonly decisions?: ById<{ act: string; outcome: string; deadline?: string }>;
  readonly holds?: ById<{ until: string; begunAt: string; endedAt?: string; endedBy?: number }>;
  readonly duties?: ById<{ dueAt?: string; doneAt?: string }>;
  readonly alarms?: ById<{ milestone: string; dueAt: string; acknowledgedAt?: string; escalated?: number }>;
  readonly costs?: ById<{ cents: number; approved?: true }>;
  readonly citizenshipClaim?: 'open' | 'resolved';
  /** How the episode of custody ended. */
  readonly left?: { readonly how: 'released' | 'handed-over'; readonly at: string; readonly by: number };
  /** Of a thing with stages (agreement, officer, account, agency): the last entry of each kind. */
  readonly stages?: Readonly<Partial<Record<EventType, number>>>;
}

/** A hold, by the entry that began it, and the one that ended it. */
export interface HoldEnd {
  readonly hold: number;
  readonly sequence: number;
}

export function holdEndsIn(state: SubjectState | undefined): HoldEnd[] {
  return Object.entries(state?.holds ?? {}).flatMap(([hold, { endedBy }]) =>
    endedBy === undefined ? [] : [{ hold: Number(hold), sequence: endedBy }],
  );
}

type ById<Thing> = Readonly<Record<string, Readonly<Thing>>>;

/** Why an event does not fit what is on record. `winner` is the entry that stands against it. */
export interface Refusal {
  readonly code:
    | 'unknown-subject'
    | 'subject-exists'
    | 'erased'
    | 'unknown-entry'
    | 'already-done'
    | 'already-left'
    | 'no-authority'
    | 'stale'
    | 'not-correctable'
    // The request made another entry before.
    | 'request-taken';
  readonly message: string;
  readonly winner?: number;
}

export type Folded =
  { readonly ok: true; readonly state: SubjectState } | { readonly ok: false; readonly refusal: Refusal };

/** Kinds that begin a subject. */
const BEGINS: Readonly<Partial<Record<EventType, About>>> = {
  'booking.opened': 'booking',
  'agreement.drafted': 'agreement',
  'officer.nominated': 'officer',
  'account.created': 'account',
};

/**
 * The state after one more entry, or why it does not fit. Corrections and unsealings are not folded one by one: they
 * change what earlier entries mean, so all entries are folded anew (`foldAll`).
 */
export function fold(before: SubjectState | undefined, event: EventRead): Folded {
  const { occurredAt } = event;
  const { type, sequence } = event.envelope;
  const begins = BEGINS[type];
  if (begins !== undefined) {
    if (before !== undefined)
      return refused('subject-exists', 'this subject has begun already; open another', before.lastSequence);
    return fits({ ...begun(begins, occurredAt, sequence), stages: { [type]: sequence } });
  }
  // The agency itself has no beginning: its first entry makes it.
  const state = before ?? (isOfAgency(type) ? begun('agency', occurredAt, sequence) : undefined);
  if (state === undefined) return refused('unknown-subject', 'nothing is recorded of this subject; begin it first');
  if (state.erased !== undefined)
    return refused(
      'erased',
      `the record is ${state.erased.how} by a court’s order; nothing may be added`,
      state.erased.by,
    );
  const { about } = CATALOGUE[type];
  if (about !== 'any' && about !== state.about)
    return refused('unknown-subject', `${type} is not about one ${state.about}`);
  const changed = change(state, event);
  if (!changed.ok) return changed;
  const lastChange = QUIET.has(type) ? state.lastChange : sequence;
  return fits({ ...changed.state, lastSequence: sequence, lastChange });
}

function begun(about: About, openedAt: string, sequence: number): SubjectState {
  return { about, openedAt, lastSequence: sequence, lastChange: sequence };
}

/** What the first entry on a subject begins, whatever it says. */
export function aboutOf(type: EventType): About {
  return BEGINS[type] ?? CATALOGUE[type].about;
}

/** Kinds that change nothing a decision rests on. */
const QUIET: ReadonlySet<EventType> = new Set([
  'record.read',
  'notice.given',
  'duty.arisen',
  'duty.done',
  'alarm.raised',
  'alarm.acknowledged',
  'alarm.escalated',
]);

/** Whether a kind begins its subject, so that nothing can be known of it before. */
export function beginsSubject(type: EventType): boolean {
  return BEGINS[type] !== undefined;
}

/** The state of a subject that was sealed or expunged by an entry: only that. */
export function erasedState(
  { about, lastSequence }: Pick<SubjectState, 'about' | 'lastSequence'>,
  { how, by }: NonNullable<SubjectState['erased']>,
): SubjectState {
  return { about, lastSequence, lastChange: by, erased: { how, by } };
}

/** Folds all entries on a subject, each as its last correction has it. */
export function foldAll(events: readonly EventRead[]): Folded {
  const corrected = new Map<number, EventRead>();
  for (const event of events) {
    const { type, corrects } = event.envelope;
    if (type !== 'correction' || corrects === undefined) continue;
    const target = events.find(({ envelope }) => envelope.sequence === corrects);
    if (target === undefined) return refused('unknown-entry', `entry ${corrects} is none of this subject’s`);
    if (target.envelope.type === 'correction')
      return refused(
        'not-correctable',
        `entry ${corrects} is a correction itself; correct entry ${target.envelope.corrects ?? ''}`,
      );
    if (!isCorrectable(target.envelope.type)) {
      return refused(
        'not-correctable',
        `entry ${corrects} is a ${target.envelope.type}: what was decided or ordered stays`,
      );
    }
    corrected.set(corrects, event);
  }
  let state: SubjectState | undefined;
  for (const event of events) {
    const next = foldOne(state, event, corrected.get(event.envelope.sequence));
    if (!next.ok) return next;
    state = next.state;
  }
  return state === undefined ? refused('unknown-subject', 'nothing is recorded of this subject') : fits(state);
}

/** An answer that was given and a court's order that was carried out are no slips of the pen. */
function isCorrectable(type: EventType): boolean {
  return type !== 'decision.made' && !type.startsWith('subject.');
}

function foldOne(state: SubjectState | undefined, event: EventRead, correction: EventRead | undefined): Folded {
  const { sequence, type } = event.envelope;
  if (type === 'correction') {
    return state === undefined
      ? refused('unknown-subject', 'a correction begins nothing')
      : fits({ ...state, lastSequence: sequence, lastChange: sequence });
  }
  if (correction === undefined) return fold(state, event);
  const content = correction.content['content'] as EventRead['content'];
  const isUndone = Object.keys(content).length === 0;
  if (!isUndone) return fold(state, { ...event, content });
  if (state === undefined)
    return refused('not-correctable', `entry ${sequence} began the subject and cannot be undone`);
  return fits({ ...state, lastSequence: sequence, lastChange: sequence });
}

function change(state: SubjectState, event: EventRead): Folded {
  const { occurredAt } = event;
  const { type, sequence } = event.envelope;
  const id = String(sequence);
  switch (type) {
    case 'custody.basis-began': {
      const { kind, since } = contentOf<typeof type>(event);
      return fits({ ...state, bases: { ...state.bases, [id]: { kind, since } } });
    }
    case 'custody.basis-ended': {
      const { basis, endedAt } = contentOf<typeof type>(event);
      return within(state.bases, basis, 'custody basis', (found) => ({
        ...state,
        bases: { ...state.bases, [basis]: { ...found, endedAt } },
      }));
    }
    case 'detainer.received': {
      const { form, receivedAt } = contentOf<typeof type>(event).detainer;
      return fits({ ...state, detainers: { ...state.detainers, [id]: { form: plainForm(form), receivedAt } } });
    }
    case 'detainer.served': {
      const { detainer, servedOnPersonAt } = contentOf<typeof type>(event);
      return within(state.detainers, detainer, 'detainer', (found) => ({
        ...state,
        detainers: { ...state.detainers, [detainer]: { ...found, servedAt: servedOnPersonAt } },
      }));
    }
    case 'detainer.cancelled': {
      const { detainer, cancelledAt } = contentOf<typeof type>(event);
      return within(state.detainers, detainer, 'detainer', (found) => ({
        ...state,
        detainers: { ...state.detainers, [detainer]: { ...found, cancelledAt } },
      }));
    }
    case 'warrant.received': {
      const { form } = contentOf<typeof type>(event).warrant;
      return fits({ ...state, warrants: { ...state.warrants, [id]: { form } } });
    }
    case 'warrant.served': {
      const { warrant, service } = contentOf<typeof type>(event);
      return within(state.warrants, warrant, 'warrant', (found) => ({
        ...state,
        warrants: { ...state.warrants, [warrant]: { ...found, servedAt: service.at } },
      }));
    }
    case 'citizenship.claimed':
      return fits({ ...state, citizenshipClaim: 'open' });
    case 'citizenship.resolved':
      return fits({ ...state, citizenshipClaim: 'resolved' });
    case 'decision.made': {
      const { question, answer } = contentOf<typeof type>(event);
      const { deadline } = answer.clock ?? {};
      const made = { act: question.act, outcome: answer.outcome, ...(deadline === undefined ? {} : { deadline }) };
      return fits({ ...state, decisions: { ...state.decisions, [id]: made } });
    }
    case 'hold.begun':
      return begunHold(state, contentOf<typeof type>(event), id, occurredAt);
    case 'hold.ended': {
      const { hold, endedAt } = contentOf<typeof type>(event);
      return endedHold(state, hold, endedAt, sequence);
    }
    case 'custody.handed-over':
      return left(state, 'handed-over', contentOf<typeof type>(event).handedOverAt, sequence);
    case 'custody.released':
      return left(state, 'released', contentOf<typeof type>(event).releasedAt, sequence);
    case 'duty.arisen': {
      const { dueAt } = contentOf<typeof type>(event);
      return fits({ ...state, duties: { ...state.duties, [id]: dueAt === undefined ? {} : { dueAt } } });
    }
    case 'duty.done': {
      const { duty, doneAt } = contentOf<typeof type>(event);
      return within(state.duties, duty, 'duty', (found) => ({
        ...state,
        duties: { ...state.duties, [duty]: { ...found, doneAt } },
      }));
    }
    case 'alarm.raised': {
      const { milestone, dueAt } = contentOf<typeof type>(event);
      return fits({ ...state, alarms: { ...state.alarms, [id]: { milestone, dueAt } } });
    }
    case 'alarm.acknowledged': {
      const { alarm } = contentOf<typeof type>(event);
      return within(state.alarms, alarm, 'alarm', (found) => ({
        ...state,
        alarms: { ...state.alarms, [alarm]: { ...found, acknowledgedAt: occurredAt } },
      }));
    }
    case 'alarm.escalated': {
      const { alarm } = contentOf<typeof type>(event);
      return within(state.alarms, alarm, 'alarm', (found) => ({
        ...state,
        alarms: { ...state.alarms, [alarm]: { ...found, escalated: (found.escalated ?? 0) + 1 } },
      }));
    }
    case 'cost.recorded': {
      const { cents } = contentOf<typeof type>(event);
      return fits({ ...state, costs: { ...state.costs, [id]: { cents } } });
    }
    case 'cost.approved': {
      const { cost } = contentOf<typeof type>(event);
      return within(state.costs, cost, 'cost', (found) => ({
        ...state,
        costs: { ...state.costs, [cost]: { ...found, approved: true } },
      }));
    }
    // What these say is personal or in words: it is read from the entries, and the projection only knows that they came.
    case 'person.described':
    case 'conviction.recorded':
    case 'order.received':
    case 'identity.checked':
    case 'notice.given':
    case 'record.read':
    case 'stance.recorded':
    case 'statement.published':
    case 'rule-pack.adopted':
    case 'training.scheduled':
    case 'import.vouched':
    case 'key.rotated':
    case 'log.continued':
    case 'agreement.reviewed':
    case 'agreement.approved':
    case 'agreement.sent':
    case 'agreement.signed':
    case 'agreement.effective':
    case 'agreement.amended':
    case 'agreement.suspended':
    case 'agreement.notice-given':
    case 'agreement.ended':
    case 'officer.investigated':
    case 'officer.authorized':
    case 'officer.suspended':
    case 'officer.withdrawn':
    case 'officer.left':
    case 'training.attended':
    case 'training.examined':
    case 'credential.issued':
    case 'credential.ended':
    case 'account.role-given':
    case 'account.role-taken':
    case 'account.signed-in':
    case 'account.sign-in-failed':
    case 'account.denied':
    case 'account.disabled':
    case 'subject.sealed':
    case 'subject.unsealed':
    case 'subject.expunged':
      return fits({ ...state, stages: { ...state.stages, [type]: sequence } });
    case 'booking.opened':
    case 'agreement.drafted':
    case 'officer.nominated':
    case 'account.created':
    case 'correction':
      throw new Error(`${type} is not folded here`);
    default:
      return unreachable(type);
  }
}

/** A form that is none of ICE's may be called anything, also something personal. */
function plainForm(form: string): string {
  return /^I-\d{3}[A-Z]?$/.test(form) ? form : 'other';
}

/** A hold rests on a decision that permitted it, and ends no later than that decision's clock: nobody extends custody. */
function begunHold(
  state: SubjectState,
  { decision, until }: Content<'hold.begun'>,
  id: string,
  begunAt: string,
): Folded {
  if (state.left !== undefined)
    return refused('already-left', `the person was ${state.left.how} by entry ${state.left.by}`, state.left.by);
  const made = state.decisions?.[String(decision)];
  if (made === undefined) return refused('unknown-entry', `entry ${decision} is no decision on this booking`);
  if (made.outcome !== 'permitted' || (made.act !== 'hold' && made.act !== 'serve-warrant')) {
    return refused(
      'no-authority',
      `decision ${decision} did not permit a hold: it says ${made.outcome} on ${made.act}`,
      decision,
    );
  }
  if (made.deadline === undefined || isAfter(until, made.deadline)) {
    return refused(
      'no-authority',
      `decision ${decision} permits a hold until ${made.deadline ?? 'no hour at all'} and no later`,
      decision,
    );
  }
  const running = Object.entries(state.holds ?? {}).find(([, hold]) => hold.endedAt === undefined);
  if (running !== undefined)
    return refused('already-done', `hold ${running[0]} is running already`, Number(running[0]));
  return fits({ ...state, holds: { ...state.holds, [id]: { until, begunAt } } });
}

function endedHold(state: SubjectState, hold: number, endedAt: string, sequence: number): Folded {
  const found = state.holds?.[String(hold)];
  if (found === undefined) return refused('unknown-entry', `entry ${hold} is no hold of this booking`);
  if (found.endedBy !== undefined)
    return refused('already-done', `hold ${hold} was ended by entry ${found.endedBy}`, found.endedBy);
  return fits({ ...state, holds: { ...state.holds, [hold]: { ...found, endedAt, endedBy: sequence } } });
}

/** Who has left is in no hold any more. A person leaves once: the first record of it stands. */
function left(state: SubjectState, how: 'released' | 'handed-over', at: string, by: number): Folded {
  if (state.left !== undefined)
    return refused('already-left', `the person was ${state.left.how} by entry ${state.left.by}`, state.left.by);
  const holds = Object.entries(state.holds ?? {}).map(([id, hold]) => [
    id,
    hold.endedBy === undefined ? { ...hold, endedAt: at, endedBy: by } : hold,
  ]);
  return fits({
    ...state,
    left: { how, at, by },
    ...(holds.length === 0 ? {} : { holds: Object.fromEntries(holds) as SubjectState['holds'] & object }),
  });
}

function isAfter(one: string, other: string): boolean {
  return (instantFrom(one) ?? Infinity) > (instantFrom(other) ?? -Infinity);
}

function within<Thing>(
  things: ById<Thing> | undefined,
  id: number,
  what: string,
  then: (found: Readonly<Thing>) => SubjectState,
): Folded {
  const found = things?.[String(id)];
  return found === undefined
    ? refused('unknown-entry', `entry ${id} is no ${what} of this subject`)
    : fits(then(found));
}

/** The catalogue has tested the content before it was sealed; its kind says its type. */
function contentOf<Type extends EventType>({ content }: EventRead): Content<Type> {
  return content as Content<Type>;
}

function isOfAgency(type: EventType): boolean {
  return CATALOGUE[type].about === 'agency';
}

function fits(state: SubjectState): Folded {
  return { ok: true, state };
}

function refused(code: Refusal['code'], message: string, winner?: number): Folded {
  return { ok: false, refusal: winner === undefined ? { code, message } : { code, message, winner } };
}
