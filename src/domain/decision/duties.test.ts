import { describe, expect, test } from 'vitest';
import { readBase } from '../../../test/support/bases.ts';
import { builtPacks, packsOf } from '../../../test/support/packs.ts';
import type { Duty, Pack, Trigger } from '../law/pack.ts';
import { SILENT_STATE } from '../law/silent-state.ts';
import { dayFrom, type Day } from '../time/instant.ts';
import type { DutyDue } from './answer.ts';
import { deciderFor } from './decide.ts';

const federal = builtPacks()[0];

/** The duties of a case under federal law whose only duty is this one. */
function due(
  duty: Partial<Duty> & { trigger: Trigger },
  base: string,
  set: Record<string, unknown> = {},
  remove: string[] = [],
): readonly DutyDue[] {
  if (federal === undefined) throw new Error('no packs');
  const whole: Duty = {
    id: 'us.duty.only',
    citation: 'Law 1',
    duty: 'Do it.',
    acts: [],
    from: dayFrom('2000-01-01') ?? (0 as Day),
    ...duty,
  };
  const pack: Pack = { ...federal, duties: [whole] };
  return deciderFor([pack, SILENT_STATE], SILENT_STATE.path)(readBase(base, set, remove)).duties;
}

const dueAt = (...args: Parameters<typeof due>): string | undefined => due(...args)[0]?.dueAt;
const isDue = (...args: Parameters<typeof due>): boolean => due(...args).length === 1;

const second = { id: 'd2', form: 'I-247A', receivedAt: '2026-11-20T15:00:00Z', probableCause: [], warrants: [] };

test('a duty says what, by when and by what law; where no hour is fixed it names none', () => {
  expect(due({ trigger: 'custody-ended', withinHours: 2 }, 'wso-hold')).toEqual([
    { duty: 'Do it.', dueAt: '2026-12-01T16:00:00Z', citation: 'Law 1' },
  ]);
  expect(due({ trigger: 'custody-ended' }, 'wso-hold')).toEqual([{ duty: 'Do it.', citation: 'Law 1' }]);
  expect(due({ trigger: 'custody-ended', withinHours: 0 }, 'wso-hold')[0]?.dueAt).toBe('2026-12-01T14:00:00Z');
  expect(due({ trigger: 'custody-ended', doubt: 'not read' }, 'wso-hold')[0]?.duty).toBe(
    'Do it. UNCONFIRMED: not read',
  );
});

test('a duty of other acts is not shown', () => {
  expect(isDue({ trigger: 'custody-ended', acts: ['notify'] }, 'wso-hold')).toBe(false);
  expect(isDue({ trigger: 'custody-ended', acts: ['notify', 'hold'] }, 'wso-hold')).toBe(true);
});

describe('what calls for it', () => {
  test('a request: from the first that was received', () => {
    expect(dueAt({ trigger: 'request-received', withinHours: 1 }, 'wso-hold')).toBe('2026-11-21T16:00:00Z');
    expect(dueAt({ trigger: 'request-received', withinHours: 1 }, 'wso-hold', { 'detainers[1]': second })).toBe(
      '2026-11-20T16:00:00Z',
    );
    expect(isDue({ trigger: 'request-received' }, 'wso-hold', { detainers: [] })).toBe(false);
  });
  test('a detainer of which the person has no copy', () => {
    const trigger = 'detainer-not-served';
    expect(isDue({ trigger }, 'wso-hold')).toBe(false);
    expect(isDue({ trigger }, 'wso-hold', { 'detainers[0].servedOnPersonAt': '2026-12-01T14:10:00Z' })).toBe(false);
    expect(isDue({ trigger }, 'wso-hold', { 'detainers[0].servedOnPersonAt': '2026-12-01T14:10:01Z' })).toBe(true);
    expect(dueAt({ trigger, withinHours: 0 }, 'wso-hold', {}, ['detainers[0].servedOnPersonAt'])).toBe(
      '2026-11-21T15:00:00Z',
    );
  });
  test('a request that is declined once state custody has ended', () => {
    const trigger = 'request-declined';
    expect(isDue({ trigger }, 'wso-hold')).toBe(false);
    expect(dueAt({ trigger, withinHours: 1 }, 'wso-hold', { 'detainers[0].signed': false })).toBe(
      '2026-12-01T15:10:00Z',
    );
    expect(isDue({ trigger }, 'wso-hold', { 'question.act': 'transfer', 'detainers[0].signed': false })).toBe(true);
    expect(
      isDue({ trigger }, 'wso-hold', { 'detainers[0].signed': false }, [
        'custody.bases[0].endedAt',
        'custody.bases[0].endedBy',
      ]),
    ).toBe(false);
    expect(isDue({ trigger }, 'wso-hold', { detainers: [] })).toBe(false);
    expect(isDue({ trigger }, 'wso-serve', { 'detainers[0].signed': false })).toBe(false);
    expect(isDue({ trigger }, 'wso-hold', {}, ['person.identity'])).toBe(false);
  });
  test('nothing was refused to whom had left, whose time was up, or who is kept for a later hand-over', () => {
    const trigger = 'request-declined';
    expect(isDue({ trigger }, 'wso-hold', { 'custody.handedOverAt': '2026-12-01T14:05:00Z' })).toBe(false);
    expect(isDue({ trigger }, 'wso-hold', { 'question.at': '2026-12-03T14:00:00Z' })).toBe(false);
    const tooLate = { 'question.act': 'transfer', 'question.completesAt': '2026-12-03T14:00:01Z' };
    expect(isDue({ trigger }, 'wso-hold', tooLate)).toBe(false);
    expect(isDue({ trigger }, 'wso-hold', { ...tooLate, 'detainers[0].signed': false })).toBe(true);
  });
  test('a request for notice that is declined, at any time', () => {
    const cancelled = { 'question.act': 'notify', 'detainers[0].cancelledAt': '2026-11-30T00:00:00Z' };
    expect(isDue({ trigger: 'request-declined' }, 'wso-hold', cancelled)).toBe(true);
    expect(
      isDue({ trigger: 'request-declined' }, 'wso-hold', cancelled, [
        'custody.bases[0].endedAt',
        'custody.bases[0].endedBy',
      ]),
    ).toBe(true);
  });
  test('an act that may be done', () => {
    expect(dueAt({ trigger: 'act-permitted', withinHours: 0 }, 'wso-hold')).toBe('2026-12-01T14:10:00Z');
    expect(isDue({ trigger: 'act-permitted' }, 'wso-hold', { 'detainers[0].signed': false })).toBe(false);
    expect(isDue({ trigger: 'act-permitted' }, 'wso-hold', {}, ['person.identity'])).toBe(false);
  });
  test('a claim of citizenship that was made', () => {
    const trigger = 'citizenship-claimed';
    expect(isDue({ trigger }, 'wso-hold')).toBe(false);
    expect(
      dueAt({ trigger, withinHours: 1 }, 'wso-hold', { 'person.citizenship.claimedAt': '2026-12-01T14:10:00Z' }),
    ).toBe('2026-12-01T15:10:00Z');
    expect(isDue({ trigger }, 'wso-hold', { 'person.citizenship.claimedAt': '2026-12-01T14:10:01Z' })).toBe(false);
  });
  test('citizenship that is suspected and not claimed, from now on', () => {
    const trigger = 'citizenship-suspected';
    expect(dueAt({ trigger, withinHours: 1 }, 'wso-hold', { 'person.citizenship.evidence': 'probative' })).toBe(
      '2026-12-01T15:10:00Z',
    );
    expect(isDue({ trigger }, 'wso-hold', { 'person.citizenship.evidence': 'none' })).toBe(false);
    const claimed = { evidence: 'probative', claimedAt: '2026-12-01T14:10:00Z' };
    expect(isDue({ trigger }, 'wso-hold', { 'person.citizenship': claimed })).toBe(false);
  });
  test('service of the warrant: as it was made, or as it may be made now', () => {
    const trigger = 'warrant-served';
    expect(dueAt({ trigger, withinHours: 0 }, 'wso-hold')).toBe('2026-12-01T14:00:00Z');
    expect(isDue({ trigger }, 'wso-hold', { 'warrants[0].service.at': '2026-12-01T14:10:00Z' })).toBe(true);
    expect(isDue({ trigger }, 'wso-hold', { 'warrants[0].service.at': '2026-12-01T14:10:01Z' })).toBe(false);
    expect(isDue({ trigger }, 'wso-hold', {}, ['warrants[0].service'])).toBe(false);
    expect(dueAt({ trigger, withinHours: 0 }, 'wso-serve')).toBe('2026-12-01T14:05:00Z');
    expect(isDue({ trigger }, 'wso-serve', { 'officer.usCitizen': false })).toBe(false);
  });
  test('an interpreter’s name, where a service has none on record', () => {
    const trigger = 'interpreter-unnamed';
    expect(isDue({ trigger }, 'wso-hold')).toBe(false);
    expect(dueAt({ trigger, withinHours: 0 }, 'wso-hold', {}, ['warrants[0].service.interpreter'])).toBe(
      '2026-12-01T14:00:00Z',
    );
    expect(isDue({ trigger }, 'wso-serve')).toBe(true);
    expect(isDue({ trigger }, 'wso-hold', {}, ['warrants[0].service'])).toBe(false);
  });
  test('neither follows from a service by somebody else: ICE’s own officer knows that it served', () => {
    const byIce = { 'warrants[0].service': { at: '2026-12-01T14:00:00Z', by: 'ice-1', facility: 'main-jail' } };
    for (const trigger of ['warrant-served', 'interpreter-unnamed'] as const) {
      expect(isDue({ trigger }, 'wso-hold', byIce)).toBe(false);
      expect(isDue({ trigger }, 'wso-hold', byIce, ['officer'])).toBe(false);
    }
  });
  test('the end of state custody', () => {
    expect(isDue({ trigger: 'custody-ended' }, 'wso-hold', { 'question.at': '2026-12-01T14:00:00Z' })).toBe(true);
    expect(isDue({ trigger: 'custody-ended' }, 'wso-hold', { 'question.at': '2026-12-01T13:59:59Z' })).toBe(false);
    expect(isDue({ trigger: 'custody-ended' }, 'agency')).toBe(false);
  });
  test('a victim or a witness', () => {
    expect(
      dueAt({ trigger: 'victim-or-witness', withinHours: 0 }, 'wso-hold', { 'person.victimOrWitness': true }),
    ).toBe('2026-12-01T14:10:00Z');
    expect(isDue({ trigger: 'victim-or-witness' }, 'wso-hold')).toBe(false);
  });
});

test('a duty that names no act is one about a person, and is not shown where the house signs or takes people in', () => {
  const trigger = 'request-received';
  expect(isDue({ trigger }, 'wso-hold', { 'question.act': 'interview' })).toBe(true);
  for (const act of ['sign-agreement', 'house']) {
    expect(isDue({ trigger }, 'wso-hold', { 'question.act': act })).toBe(false);
    expect(isDue({ trigger, acts: ['sign-agreement', 'house'] }, 'wso-hold', { 'question.act': act })).toBe(true);
  }
});

describe('what it rests on', () => {
  const judge = { id: 'j1', form: 'judicial', issuerTitle: 'U.S. Magistrate Judge', signed: true };
  test('a duty of the agreement binds under one', () => {
    const duty = { trigger: 'warrant-served', appliesTo: 'agreement' } as const;
    expect(isDue(duty, 'wso-hold')).toBe(true);
    expect(isDue(duty, 'wso-hold', {}, ['agreement'])).toBe(false);
  });
  test('… and not for a judge’s warrant', () => {
    const served = { service: { at: '2026-12-01T14:00:00Z', by: 'o1', facility: 'main-jail' } };
    const alone = { detainers: [], warrants: [{ ...judge, ...served }] };
    expect(isDue({ trigger: 'warrant-served', appliesTo: 'agreement' }, 'wso-hold', alone)).toBe(false);
    expect(isDue({ trigger: 'warrant-served' }, 'wso-hold', alone)).toBe(true);
  });
  test('a duty of the form binds where a detainer is on file', () => {
    const duty = { trigger: 'victim-or-witness', appliesTo: 'detainer' } as const;
    expect(isDue(duty, 'wso-hold', { 'person.victimOrWitness': true })).toBe(true);
    expect(isDue(duty, 'wso-hold', { 'person.victimOrWitness': true, detainers: [] })).toBe(false);
  });
  test('what follows from an act that rests on a judge’s warrant does not follow from a detainer beside it', () => {
    const duty = { trigger: 'act-permitted', appliesTo: 'detainer' } as const;
    const beside = {
      'detainers[0].signed': false,
      'warrants[1]': { ...judge, issuedOn: '2026-11-30', namesPerson: true, received: 'document' },
    };
    expect(isDue(duty, 'wso-hold')).toBe(true);
    expect(isDue({ trigger: 'act-permitted' }, 'wso-hold', beside)).toBe(true);
    expect(isDue(duty, 'wso-hold', beside)).toBe(false);
  });
});

describe('duties of the states', () => {
  const all = builtPacks();
  function told(words: string, base: string, set: Record<string, unknown>, remove: string[] = []): boolean {
    const question = readBase(base, set, remove);
    const { jurisdiction } = question;
    const { duties } = deciderFor(packsOf(all, jurisdiction), jurisdiction)(question);
    return duties.some(({ duty }) => duty.includes(words));
  }
  const judges = { jurisdiction: 'us/tx/example-county', 'question.act': 'hold' };
  test('Texas: who is held on a detainer is told so, and who is held on a judge’s warrant is not', () => {
    expect(told('on ICE’s request', 'detainer', judges)).toBe(true);
    expect(told('on ICE’s request', 'judicial-warrant', judges)).toBe(false);
  });
  test('North Carolina: ICE is told of a release where its detainer is on file', () => {
    const here = { jurisdiction: 'us/nc/example-county' };
    expect(told('Tell ICE the date and time', 'detainer', here)).toBe(true);
    expect(told('Tell ICE the date and time', 'judicial-warrant', here)).toBe(false);
    expect(told('Tell ICE the date and time', 'detainer', { ...here, detainers: [], warrants: [] })).toBe(false);
  });
  test('Florida: the status notice goes out until an agreement is signed, and again when its end has come', () => {
    const here = { jurisdiction: 'us/fl/example-county' };
    const agreement = { model: 'WSO', effectiveOn: '2025-03-10', approvedBy: ['sheriff'], facilities: ['main-jail'] };
    expect(told('quarterly', 'agency', here)).toBe(true);
    expect(told('quarterly', 'agency', { ...here, agreement })).toBe(false);
    // Received on 1 September, ended 90 days later, on 30 November.
    const ended = { ...agreement, terminationNoticeReceivedAt: '2026-09-01T15:00:00Z' };
    expect(told('quarterly', 'agency', { ...here, agreement: ended })).toBe(true);
    expect(told('quarterly', 'agency', { ...here, 'facility.kind': 'courthouse' })).toBe(false);
  });
  test.each(['us/ca', 'us/ct', 'us/ga', 'us/il', 'us/nc', 'us/nj', 'us/or', 'us/co'])(
    '%s: no duty about a person where the house signs an agreement or takes people in',
    (state) => {
      for (const act of ['sign-agreement', 'house']) {
        const question = readBase('wso-hold', {
          jurisdiction: `${state}/example-county`,
          'question.act': act,
          'person.victimOrWitness': true,
          'person.citizenship.claimedAt': '2026-12-01T14:00:00Z',
        });
        const { jurisdiction } = question;
        expect(deciderFor(packsOf(all, jurisdiction), jurisdiction)(question).duties).toEqual([]);
      }
    },
  );
});
