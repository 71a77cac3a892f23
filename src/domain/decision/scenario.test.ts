import { describe, expect, test } from 'vitest';
import type { Answer } from './answer.ts';
import { differences, type Expectation } from './scenario.ts';

// What tells a right answer from a wrong one must itself be right: each way of differing is seen, each way of agreeing passes.

const answer: Answer = {
  outcome: 'permitted',
  required: true,
  instruction: 'hold-until',
  findings: [
    { rule: 'us.a', effect: 'requires', citation: 'Fla. Stat. 908.105; Form I-247A', text: 'Honor it.' },
    { rule: 'us.b', effect: 'limits', citation: 'Form I-247A (03/17)', text: '48 hours.' },
  ],
  missing: ['person.identity', 'warrants[0].signed'],
  clock: {
    state: 'running',
    startsAt: '2026-12-01T14:00:00Z',
    deadline: '2026-12-03T14:00:00Z',
    limits: [
      { citation: 'Form I-247A (03/17)', deadline: '2026-12-03T14:00:00Z' },
      { citation: '8 CFR 287.7(d)', deadline: '2026-12-04T14:00:00Z' },
    ],
  },
  duties: [
    { duty: 'Tell the ICE officer.', dueAt: '2026-12-01T15:00:00Z', citation: 'MOA' },
    { duty: 'Give the person a copy.', citation: 'TRUTH Act' },
  ],
  rulePacks: [],
  case: '0',
};

const lines = (expectation: Expectation): string[] => differences(expectation, answer);

describe('an answer as it must be', () => {
  test.each<[string, Expectation]>([
    ['nothing is asked', {}],
    ['outcome, instruction, required', { outcome: 'permitted', instruction: 'hold-until', required: true }],
    ['the same instant, written with another offset', { deadline: '2026-12-03T09:00:00-05:00' }],
    ['a part of a limit’s citation', { limits: [{ cites: '287.7', deadline: '2026-12-04T14:00:00Z' }] }],
    ['parts of the findings’ citations', { cites: ['908.105', '03/17'] }],
    ['some of what is missing', { missing: ['warrants[0].signed'] }],
    ['a duty’s words in any case', { duties: [{ contains: 'ice OFFICER' }, { contains: 'copy' }] }],
    ['a duty and when it is due', { duties: [{ contains: 'Tell', dueAt: '2026-12-01T15:00:00.000Z' }] }],
  ])('%s', (_, expectation) => expect(lines(expectation)).toEqual([]));
});

describe('an answer that differs', () => {
  test.each<[string, Expectation, string]>([
    ['outcome', { outcome: 'prohibited' }, 'outcome is permitted, must be prohibited'],
    ['instruction', { instruction: 'release' }, 'instruction is hold-until, must be release'],
    ['required', { required: false }, 'required is true, must be false'],
    [
      'deadline',
      { deadline: '2026-12-03T14:00:01Z' },
      'clock.deadline is 2026-12-03T14:00:00Z, must be 2026-12-03T14:00:01Z',
    ],
    [
      'a limit of another hour',
      { limits: [{ cites: '287.7', deadline: '2026-12-03T14:00:00Z' }] },
      'no limit that cites "287.7" ends at 2026-12-03T14:00:00Z: [{',
    ],
    [
      'a limit of another law',
      { limits: [{ cites: 'MOA', deadline: '2026-12-03T14:00:00Z' }] },
      'no limit that cites "MOA" ends at',
    ],
    ['a citation that is not there', { cites: ['908.105', '7284.6'] }, 'no finding cites "7284.6"'],
    [
      'a fact that is not missing',
      { missing: ['custody.bases'] },
      'missing lacks custody.bases; it is [person.identity, warrants[0].signed]',
    ],
    ['a duty that is not there', { duties: [{ contains: 'report' }] }, 'no duty says "report"'],
    [
      'a duty due at another time',
      { duties: [{ contains: 'Tell', dueAt: '2026-12-01T15:00:01Z' }] },
      'no duty says "Tell" due 2026-12-01T15:00:01Z',
    ],
    [
      'a duty that has no time',
      { duties: [{ contains: 'copy', dueAt: '2026-12-01T15:00:00Z' }] },
      'no duty says "copy" due 2026-12-01T15:00:00Z',
    ],
  ])('%s', (_, expectation, line) => {
    expect(lines(expectation)).toHaveLength(1);
    expect(lines(expectation)[0]).toContain(line);
  });
  test('what is absent is called absent', () => {
    const { instruction, ...bare } = answer;
    expect(instruction).toBe('hold-until');
    const without: Answer = { ...bare, clock: { state: 'not-started', limits: [] } };
    expect(differences({ instruction: 'release', deadline: '2026-12-03T14:00:00Z' }, without)).toEqual([
      'instruction is absent, must be release',
      'clock.deadline is absent, must be 2026-12-03T14:00:00Z',
    ]);
  });
  test('every difference has a line of its own', () =>
    expect(lines({ outcome: 'prohibited', required: false, cites: ['x', 'y'] })).toHaveLength(4));
});
