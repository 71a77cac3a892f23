import { describe, expect, test } from 'vitest';
import { readBase } from '../../../test/support/bases.ts';
import { builtPacks, packsOf } from '../../../test/support/packs.ts';
import { best, judge, situationOf } from '../decision/judge.ts';
import { lawOf } from '../law/in-force.ts';
import { instantFrom, isoOf, type Instant } from '../time/instant.ts';
import { dayAt } from '../time/zone.ts';
import type { Clock } from './clock.ts';

const all = builtPacks();

function clock(base: string, set: Record<string, unknown> = {}, remove: string[] = []): Clock {
  const asked = readBase(base, set, remove);
  const { jurisdiction, question, facility } = asked;
  const law = lawOf(packsOf(all, jurisdiction), jurisdiction)(dayAt(question.at, facility.timeZone));
  return best(judge(situationOf(asked, law), question.act)).clock;
}

const at = (text: string): Instant => instantFrom(text) ?? (0 as Instant);
const ids = (found: Clock): string[] => found.limits.map(({ limit }) => limit.id);

describe('the state of the clock', () => {
  test.each([
    ['2026-12-01T13:59:59Z', 'not-started'],
    ['2026-12-01T14:00:00Z', 'running'],
    ['2026-12-03T13:59:59Z', 'running'],
    ['2026-12-03T14:00:00Z', 'expired'],
  ])('at %s it is %s', (instant, state) => {
    const found = clock('wso-hold', { 'question.at': instant });
    expect(found.state).toBe(state);
    expect(found.startsAt).toBe(at('2026-12-01T14:00:00Z'));
    expect(found.deadline).toBe(at('2026-12-03T14:00:00Z'));
  });
  test('no limit speaks of the papers: it runs, and has no deadline', () => {
    const found = clock('wso-hold', { 'detainers[0].form': 'I-247G' }, ['agreement']);
    expect([found.state, found.deadline, ids(found)]).toEqual(['running', undefined, []]);
  });
  test('one basis has no end: not started, no limit, no deadline', () => {
    const found = clock('wso-hold', {}, ['custody.bases[0].endedAt', 'custody.bases[0].endedBy']);
    expect([found.state, found.startsAt, found.deadline, ids(found)]).toEqual([
      'not-started',
      undefined,
      undefined,
      [],
    ]);
  });
});

describe('the end of state custody is in doubt', () => {
  const told = ({ state, startsAt, deadline }: Clock): unknown[] => [state, startsAt, deadline && isoOf(deadline)];
  test.each([
    ['its hour was not written down', ['custody.bases[0].endedAt']],
    ['custody was not recorded at all', ['custody']],
  ])('%s: what counts from service stands, before its end and at it', (_, remove) => {
    const before = clock('wso-hold', { 'question.at': '2026-12-03T13:59:59Z' }, remove);
    expect([ids(before), told(before)]).toEqual([
      ['us.limit.moa-service'],
      ['not-started', undefined, '2026-12-03T14:00:00Z'],
    ]);
    expect(told(clock('wso-hold', { 'question.at': '2026-12-03T14:00:00Z' }, remove))).toEqual([
      'expired',
      undefined,
      '2026-12-03T14:00:00Z',
    ]);
  });
  test('where all limits count from that end, none can be told', () =>
    expect(told(clock('detainer', {}, ['custody.bases[0].endedAt']))).toEqual(['not-started', undefined, undefined]));
});

describe('which limits speak', () => {
  test('of a hold after service: the form, the regulation, and both anchors of the agreement', () => {
    expect(ids(clock('wso-hold'))).toEqual([
      'us.limit.detainer-form',
      'us.limit.regulation',
      'us.limit.moa-release',
      'us.limit.moa-service',
    ]);
  });
  test('before service that of service is silent', () => {
    expect(ids(clock('wso-hold', {}, ['warrants[0].service']))).not.toContain('us.limit.moa-service');
    expect(ids(clock('wso-hold', { 'warrants[0].service.at': '2026-12-01T14:10:01Z' }))).not.toContain(
      'us.limit.moa-service',
    );
    expect(ids(clock('wso-hold', { 'warrants[0].service.at': '2026-12-01T14:10:00Z' }))).toContain(
      'us.limit.moa-service',
    );
  });
  test('ICE’s own officer served in jail days before release: the agreement’s limit of service is silent', () => {
    const service = { at: '2026-11-28T15:00:00Z', by: 'ice-officer', facility: 'main-jail' };
    const found = clock('wso-hold', { 'warrants[0].service': service });
    expect(ids(found)).not.toContain('us.limit.moa-service');
    expect(found.deadline).toBe(at('2026-12-03T14:00:00Z'));
  });
  test('of a judge’s warrant alone: its own, although the agency has an agreement', () => {
    const agreement = { model: 'WSO', effectiveOn: '2025-01-01', approvedBy: ['sheriff'], facilities: ['main-jail'] };
    expect(ids(clock('judicial-warrant', { agreement }))).toEqual(['us.limit.judicial-warrant']);
  });
  test('the reading without weekends is later and does not bind', () => {
    const found = clock('wso-hold', {
      'question.at': '2026-12-05T00:05:00Z',
      'facility.timeZone': 'America/Chicago',
      'custody.bases[0].endedAt': '2026-12-05T00:00:00Z',
      'warrants[0].service.at': '2026-12-05T00:00:00Z',
    });
    expect(found.limits.map(({ limit, deadline }) => `${limit.id} ${isoOf(deadline)}`)).toContain(
      'us.limit.regulation 2026-12-09T00:00:00Z',
    );
    expect(found.deadline).toBe(at('2026-12-07T00:00:00Z'));
  });
  test('North Carolina before October 2025 counted from the first detainer received, whichever stands first', () => {
    const second = {
      id: 'd2',
      form: 'I-247A',
      issuedOn: '2025-09-01',
      receivedAt: '2025-09-02T09:00:00Z',
      probableCause: [],
      warrants: [],
    };
    const early = {
      jurisdiction: 'us/nc/example-county',
      'question.at': '2025-09-03T10:00:00Z',
      'custody.bases[0].since': '2025-08-01T00:00:00Z',
      'custody.bases[0].endedAt': '2025-09-03T09:00:00Z',
      'detainers[0].receivedAt': '2025-09-03T08:00:00Z',
    };
    const deadlineOf = (set: Record<string, unknown>): string | undefined => {
      const reached = clock('detainer', { ...early, ...set }).limits.find(
        ({ limit }) => limit.id === 'us.nc.limit.from-receipt',
      );
      return reached && isoOf(reached.deadline);
    };
    expect(deadlineOf({})).toBe('2025-09-05T08:00:00Z');
    expect(deadlineOf({ 'detainers[1]': second })).toBe('2025-09-04T09:00:00Z');
    expect(deadlineOf({ 'detainers[1]': { ...second, receivedAt: '2025-09-03T09:30:00Z' } })).toBe(
      '2025-09-05T08:00:00Z',
    );
    expect(deadlineOf({ 'detainers[1]': { ...second, form: 'I-247G' } })).toBe('2025-09-05T08:00:00Z');
  });
});
