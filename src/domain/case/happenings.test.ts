import { describe, expect, test } from 'vitest';
import { instantFrom, NEVER, type Instant } from '../time/instant.ts';
import type { Case, Custody } from './case.ts';
import { happenedAt, hasHappened, isOver } from './happenings.ts';

const at = (text: string): Instant => instantFrom(text) ?? (0 as Instant);
const NOW = at('2026-12-01T14:10:00Z');

function recorded(custody?: Partial<Custody>, triedOnAnotherDay = false): Case {
  return { question: { at: NOW }, custody: custody && { bases: [], ...custody }, triedOnAnotherDay } as unknown as Case;
}

describe('whether the person has left', () => {
  test.each<[string, 'releasedAt' | 'handedOverAt', string, boolean]>([
    ['released a second before', 'releasedAt', '2026-12-01T14:09:59Z', true],
    ['released at this moment', 'releasedAt', '2026-12-01T14:10:00Z', true],
    ['released a second later', 'releasedAt', '2026-12-01T14:10:01Z', false],
    ['handed over at this moment', 'handedOverAt', '2026-12-01T14:10:00Z', true],
    ['handed over a second later', 'handedOverAt', '2026-12-01T14:10:01Z', false],
  ])('%s', (_, key, text, over) => expect(isOver(recorded({ [key]: at(text) }))).toBe(over));
  test('of custody that nobody recorded, and of custody without an end, nothing is over', () => {
    expect(isOver(recorded())).toBe(false);
    expect(isOver(recorded({}))).toBe(false);
  });
});

describe('when a thing happened, as seen from the act', () => {
  const later = at('2026-12-20T00:00:00Z');
  test('what is not recorded never did', () => expect(happenedAt(recorded(), undefined)).toBe(NEVER));
  test('what lies later has not happened yet', () => {
    expect(happenedAt(recorded(), later)).toBe(later);
    expect(hasHappened(recorded(), later)).toBe(false);
  });
  test('of a booking tried on another day, that it was recorded counts and not when', () => {
    expect(happenedAt(recorded({}, true), later)).toBeLessThan(NOW);
    expect(hasHappened(recorded({}, true), later)).toBe(true);
    expect(hasHappened(recorded({}, true), undefined)).toBe(false);
    expect(happenedAt(recorded({}, true), at('2026-11-01T00:00:00Z'))).toBe(at('2026-11-01T00:00:00Z'));
  });
});
