import { describe, expect, it } from 'vitest';
import { primitives } from '../../adapters/system/primitives.ts';
import { openState, sealState, shellOf, type KeptState } from './kept-state.ts';
import { newHandle } from './key-tree.ts';
import { erasedState, type SubjectState } from './subject-state.ts';

const key = primitives.random(32);
const owner = { agency: 'us/fl/monroe-county/sheriff', subject: newHandle(primitives) };
const state: SubjectState = {
  about: 'booking',
  openedAt: '2026-11-20T04:17:38.291Z',
  lastSequence: 7,
  lastChange: 5,
  holds: { 5: { until: '2026-12-03T12:00:00Z', begunAt: '2026-12-01T12:00:00.000Z' } },
};
const kept = sealState(state, owner, key, primitives);

describe('a projection as it is kept', () => {
  it('opens with its subject’s key to the same state', () => {
    expect(openState(kept, owner, key, primitives)).toEqual(state);
  });

  it('tells no time without the key', () => {
    expect(Object.keys(kept)).toEqual(['about', 'lastSequence', 'lastChange', 'sealed']);
    const { sealed } = kept as Extract<KeptState, { sealed: string }>;
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('2026');
  });

  it('of an erased subject is only that, in the clear, and needs no key', () => {
    const erased = erasedState(state, { how: 'expunged', by: 9 });
    const tombstone = sealState(erased, owner, undefined, primitives);
    expect(tombstone).toEqual({ about: 'booking', lastSequence: 7, lastChange: 9, erased: { how: 'expunged', by: 9 } });
    expect(openState(tombstone, owner, undefined, primitives)).toEqual(erased);
  });

  it('whose key is gone is nothing but that there is one', () => {
    expect(openState(kept, owner, undefined, primitives)).toBeUndefined();
    expect(shellOf(kept)).toEqual({ about: 'booking', lastSequence: 7, lastChange: 5 });
  });

  it.each<[string, object, typeof owner, Uint8Array]>([
    ['another key', {}, owner, primitives.random(32)],
    ['another subject', {}, { ...owner, subject: newHandle(primitives) }, key],
    ['another agency', {}, { ...owner, agency: 'us/tx/harris-county/sheriff' }, key],
    ['an older last entry', { lastSequence: 6 }, owner, key],
    ['something beside it in the clear', { citizenshipClaim: 'resolved' }, owner, key],
    ['no ciphertext', { sealed: '' }, owner, key],
    ['what is no base64', { sealed: '%' }, owner, key],
  ])('does not open with %s', (_, change, whose, withKey) => {
    expect(openState({ ...kept, ...change }, whose, withKey, primitives)).toBeUndefined();
  });
});
