import { describe, expect, it } from 'vitest';
import type { Content, EventType } from './catalogue.ts';
import type { EventRead } from './event.ts';
import type { Handle } from './key-tree.ts';
import { erasedState, fold, foldAll, type Refusal, type SubjectState } from './subject-state.ts';

const SUBJECT = '00112233445566778899aabbccddeeff' as Handle;

type Step = readonly [type: EventType, content: object, corrects?: number];

/** Entries on one booking, numbered from 0. */
function entries(...drafts: readonly Step[]): EventRead[] {
  return drafts.map(([type, content, corrects], sequence) => ({
    envelope: {
      v: 1,
      agency: 'us/fl/monroe-county/sheriff',
      sequence,
      type,
      recordedOn: '2026-12-01',
      subject: SUBJECT,
      commitment: '',
      ciphertext: '',
      ...(corrects === undefined ? {} : { corrects }),
    },
    actor: 'sergeant.one',
    occurredAt: `2026-12-01T00:0${sequence}:00.000Z`,
    recordedAt: `2026-12-01T00:0${sequence}:00.000Z`,
    request: '',
    content: content as EventRead['content'],
  }));
}

function stateAfter(...drafts: readonly Step[]): SubjectState {
  const folded = foldAll(entries(...drafts));
  if (!folded.ok) throw new Error(JSON.stringify(folded.refusal));
  return folded.state;
}

function refusalOf(...drafts: readonly Step[]): Refusal | undefined {
  const folded = foldAll(entries(...drafts));
  return folded.ok ? undefined : folded.refusal;
}

const OPENED = ['booking.opened', {}] as const;
const BASIS = ['custody.basis-began', { kind: 'charge', since: '2026-11-20T10:00:00Z' }] as const;
const BAIL = ['custody.basis-ended', { basis: 1, endedAt: '2026-12-01T10:00:00Z', endedBy: 'bail' }] as const;
const decided = (outcome: string, deadline?: string, act = 'hold') =>
  [
    'decision.made',
    { question: { act, at: '2026-12-01T10:00:00Z' }, answer: { outcome, clock: { deadline } } },
  ] as const;
const PERMITTED = decided('permitted', '2026-12-03T10:00:00Z');
const holdUntil = (until: string, decision = 1) => ['hold.begun', { decision, until }] as const;
const HOLD = holdUntil('2026-12-03T10:00:00Z');
const RELEASED = ['custody.released', { releasedAt: '2026-12-01T12:00:00Z' }] as const;

describe('what entries come to', () => {
  it('keeps a basis with its end', () => {
    expect(stateAfter(OPENED, BASIS, BAIL).bases).toEqual({
      1: { kind: 'charge', since: '2026-11-20T10:00:00Z', endedAt: '2026-12-01T10:00:00Z' },
    });
  });

  it('refuses the end of a basis that nobody began', () => {
    expect(refusalOf(OPENED, BAIL)).toMatchObject({ code: 'unknown-entry' });
  });

  it('refuses anything before the booking is opened, and to open it twice', () => {
    expect(refusalOf(BASIS)).toMatchObject({ code: 'unknown-subject' });
    expect(refusalOf(OPENED, OPENED)).toMatchObject({ code: 'subject-exists', winner: 0 });
  });

  it('refuses on a booking what is about an officer', () => {
    expect(refusalOf(OPENED, ['officer.left', { on: '2026-12-01' }])).toMatchObject({ code: 'unknown-subject' });
  });

  it('ends the running hold with the release, by the entry of the release', () => {
    const { holds, left } = stateAfter(OPENED, PERMITTED, HOLD, RELEASED);
    expect(holds?.['2']).toMatchObject({ endedAt: '2026-12-01T12:00:00Z', endedBy: 3 });
    expect(left).toEqual({ how: 'released', at: '2026-12-01T12:00:00Z', by: 3 });
  });

  it('lets a person leave once', () => {
    const handedOver = ['custody.handed-over', { handedOverAt: '2026-12-01T13:00:00Z' }] as const;
    expect(refusalOf(OPENED, RELEASED, handedOver)).toMatchObject({ code: 'already-left', winner: 1 });
  });

  it('does not count reads, alarms and notices as a change that a decision must have seen', () => {
    const state = stateAfter(
      OPENED,
      BASIS,
      ['record.read', { what: 'booking' }],
      ['notice.given', { of: 'release', to: 'ICE', at: '2026-12-01T10:00:00Z' }],
    );
    expect(state).toMatchObject({ lastChange: 1, lastSequence: 3 });
  });
});

describe('nobody extends custody', () => {
  it('takes a hold within the hour of the decision that permits it', () => {
    expect(stateAfter(OPENED, PERMITTED, HOLD).holds?.['2']).toMatchObject({ until: '2026-12-03T10:00:00Z' });
  });

  it.each([
    ['a minute past it', PERMITTED, holdUntil('2026-12-03T10:01:00Z')],
    ['the same hour in a zone where it is later', PERMITTED, holdUntil('2026-12-03T10:00:00-05:00')],
    ['on a decision without an hour', decided('permitted'), HOLD],
    ['on a decision that prohibits', decided('prohibited', '2026-12-03T10:00:00Z'), HOLD],
    ['on a decision that is open', decided('undetermined', '2026-12-03T10:00:00Z'), HOLD],
    ['on a decision about another act', decided('permitted', '2026-12-03T10:00:00Z', 'notify'), HOLD],
  ])('refuses a hold %s', (_, decision, hold) => {
    expect(refusalOf(OPENED, decision, hold)).toMatchObject({ code: 'no-authority', winner: 1 });
  });

  it('refuses a hold on no decision at all', () => {
    expect(refusalOf(OPENED, BASIS, HOLD)).toMatchObject({ code: 'unknown-entry' });
  });

  it('refuses a second hold beside the first, and one of a person who has left', () => {
    expect(refusalOf(OPENED, PERMITTED, HOLD, HOLD)).toMatchObject({ code: 'already-done', winner: 2 });
    expect(refusalOf(OPENED, PERMITTED, RELEASED, HOLD)).toMatchObject({ code: 'already-left', winner: 2 });
  });

  it('ends a hold once', () => {
    const ended = ['hold.ended', { hold: 2, endedAt: '2026-12-02T10:00:00Z', how: 'cancelled' }] as const;
    expect(refusalOf(OPENED, PERMITTED, HOLD, ended, ended)).toMatchObject({ code: 'already-done', winner: 3 });
  });
});

describe('a correction', () => {
  const corrected = (content: object) => ['correction', { content, reason: 'typing slip' }, 1] as const;

  it('has the corrected entry say what it should have said', () => {
    const state = stateAfter(OPENED, BASIS, corrected({ kind: 'sentence', since: '2026-11-21T10:00:00Z' }));
    expect(state.bases).toEqual({ 1: { kind: 'sentence', since: '2026-11-21T10:00:00Z' } });
    expect(state).toMatchObject({ lastSequence: 2, lastChange: 2 });
  });

  it('undoes an entry where it leaves nothing of it', () => {
    expect(stateAfter(OPENED, BASIS, corrected({})).bases).toBeUndefined();
  });

  it('is refused where a later entry rests on what it would undo', () => {
    expect(refusalOf(OPENED, BASIS, BAIL, corrected({}))).toMatchObject({ code: 'unknown-entry' });
  });

  it('leaves a decision as it was made: what was answered was answered', () => {
    const shorter = { question: { act: 'hold' }, answer: { outcome: 'permitted' } };
    expect(refusalOf(OPENED, PERMITTED, corrected(shorter))).toMatchObject({ code: 'not-correctable' });
  });

  it('corrects no correction, nothing of another subject, and not the beginning away', () => {
    expect(refusalOf(OPENED, BASIS, corrected({}), ['correction', { content: {}, reason: 'x' }, 2])).toMatchObject({
      code: 'not-correctable',
    });
    expect(refusalOf(OPENED, BASIS, ['correction', { content: {}, reason: 'x' }, 99])).toMatchObject({
      code: 'unknown-entry',
    });
    expect(refusalOf(OPENED, BASIS, ['correction', { content: {}, reason: 'x' }, 0])).toMatchObject({
      code: 'not-correctable',
    });
  });

  it('follows the last of several corrections of one entry', () => {
    const state = stateAfter(
      OPENED,
      BASIS,
      corrected({ kind: 'sentence', since: '2026-11-21T10:00:00Z' }),
      corrected({ kind: 'charge', since: '2026-11-22T10:00:00Z' }),
    );
    expect(state.bases?.['1']?.since).toBe('2026-11-22T10:00:00Z');
  });
});

describe('an erased record', () => {
  it('keeps nothing but that it is erased, no time of day and no day, and takes nothing more', () => {
    const before = stateAfter(OPENED, BASIS, BAIL);
    const erased = erasedState(before, { how: 'expunged', by: 9 });
    expect(erased).toEqual({
      about: 'booking',
      lastSequence: 2,
      lastChange: 9,
      erased: { how: 'expunged', by: 9 },
    });
    const [, release] = entries(OPENED, RELEASED) as [EventRead, EventRead];
    expect(fold(erased, release)).toMatchObject({ ok: false, refusal: { code: 'erased', winner: 9 } });
  });
});

describe('the projection', () => {
  it('holds no word that somebody wrote freely', () => {
    const marker = 'Xiomara';
    const content: Record<string, Content<EventType>> = {
      'detainer.received': {
        detainer: { id: marker, form: marker, receivedAt: '2026-12-01T10:00:00Z', addressedTo: marker },
      },
      'warrant.received': { warrant: { id: marker, form: 'I-200', issuerTitle: marker } },
      'notice.given': { of: marker, to: marker, at: '2026-12-01T10:00:00Z' },
      'record.read': { what: marker },
      'duty.arisen': { duty: marker },
      'person.described': { person: {} },
    };
    const drafts = Object.entries(content).map(([type, each]) => [type as EventType, each] as const);
    expect(JSON.stringify(stateAfter(OPENED, ...drafts))).not.toContain(marker);
  });
});
