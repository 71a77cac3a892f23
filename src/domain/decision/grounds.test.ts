import { describe, expect, test } from 'vitest';
import { readBase } from '../../../test/support/bases.ts';
import type { Case } from '../case/case.ts';
import { groundsOf } from './grounds.ts';

/** Each ground as `d1+w1`, `d1` or `w1`; a ground without any paper as `nothing`. */
function grounds(set: Record<string, unknown>, remove: string[] = []): string[] {
  const question = readBase('wso-hold', { ...PAPERS, ...set }, remove);
  return groundsOf(question, question.question.warrant).map((ground) => {
    expect(ground.detainer).toBe(question.detainers[ground.detainerIndex]);
    expect(ground.warrant).toBe(question.warrants[ground.warrantIndex]);
    return [ground.detainer?.id, ground.warrant?.id].filter((id) => id !== undefined).join('+') || 'nothing';
  });
}

const detainer = (id: string, warrants?: string[]): Record<string, unknown> => ({
  id,
  form: 'I-247A',
  receivedAt: '2026-11-25T15:00:00Z',
  ...(warrants === undefined ? {} : { warrants }),
});
const PAPERS = {
  detainers: [detainer('d1', ['w1']), detainer('d2', ['w2'])],
  warrants: [
    { id: 'w1', form: 'I-200' },
    { id: 'w2', form: 'I-205' },
  ],
};
const judge = { id: 'j1', form: 'judicial' };

describe('each detainer with the warrants that came with it', () => {
  test('two detainers, two warrants', () => expect(grounds({})).toEqual(['d1+w1', 'd2+w2']));
  test('where nobody has looked what came with it, every warrant may have', () =>
    expect(grounds({ 'detainers[0]': detainer('d1') })).toEqual(['d1+w1', 'd1+w2', 'd2+w2']));
  test('a detainer without a warrant stands alone', () =>
    expect(grounds({ 'detainers[0]': detainer('d1', []) })).toEqual(['d1', 'd2+w2']));
  test('one received at the very moment of the act is there', () =>
    expect(grounds({ 'detainers[0].receivedAt': '2026-12-01T14:10:00Z' })).toEqual(['d1+w1', 'd2+w2']));
  test('one received a second later is not, and its warrant grounds nothing beside a detainer', () =>
    expect(grounds({ 'detainers[0].receivedAt': '2026-12-01T14:10:01Z' })).toEqual(['d2+w2']));
});

describe('the warrant that is asked about', () => {
  test('is tested with every detainer, and no other warrant is', () =>
    expect(grounds({ 'question.warrant': 'w2' })).toEqual(['d1+w2', 'd2+w2']));
  test('is tested alone where there is no detainer', () =>
    expect(grounds({ 'question.warrant': 'w2', detainers: [] })).toEqual(['w2']));
  test('none is asked about and there is no detainer: each warrant alone', () =>
    expect(grounds({ detainers: [] })).toEqual(['w1', 'w2']));
});

describe('a judge’s warrant', () => {
  test('never stands with a detainer, and is a ground of its own beside one', () =>
    expect(grounds({ 'warrants[2]': judge })).toEqual(['d1+w1', 'd2+w2', 'j1']));
  test('also where nobody has looked what came with the detainer', () =>
    expect(grounds({ 'warrants[2]': judge, 'detainers[0]': detainer('d1') })).toEqual([
      'd1+w1',
      'd1+w2',
      'd2+w2',
      'j1',
    ]));
  test('asked about: the detainers then stand alone', () =>
    expect(grounds({ 'warrants[2]': judge, 'question.warrant': 'j1' })).toEqual(['d1', 'd2', 'j1']));
});

test('no paper at all is one ground, and it is empty', () =>
  expect(grounds({ detainers: [], warrants: [] })).toEqual(['nothing']));

test.each(['sign-agreement', 'house'])('%s concerns no one person and rests on no person’s paper', (act) =>
  expect(grounds({ 'question.act': act, 'warrants[2]': judge })).toEqual(['nothing']),
);

test('of a booking tried on another day every detainer is there', () => {
  const autumn = { 'question.at': '2026-10-31T18:05:00Z', 'custody.bases[0].endedAt': '2026-10-31T18:00:00Z' };
  expect(grounds(autumn)).toEqual(['d1+w1', 'd2+w2']);
});

test('what was received is the same on every ground', () => {
  const question: Case = readBase('wso-hold', { ...PAPERS, 'detainers[0].receivedAt': '2026-12-01T14:10:01Z' });
  for (const ground of groundsOf(question, question.question.warrant))
    expect(ground.received.map(({ id }) => id)).toEqual(['d2']);
});
