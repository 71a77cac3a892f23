import { describe, expect, test } from 'vitest';
import { builtPacks, packsOf } from '../../../test/support/packs.ts';
import { deciderFor } from '../decision/decide.ts';
import { custodyFormsOf } from '../law/in-force.ts';
import { dayFrom, instantFrom, type Day, type Instant } from '../time/instant.ts';
import type { BookingTimes } from './booking.ts';
import { answerUnder, type Regime, type RegimeAnswer } from './regime.ts';

const ZONE = 'America/Los_Angeles';
const packs = builtPacks();

function at(text: string): Instant {
  const instant = instantFrom(text);
  if (instant === undefined) throw new Error(text);
  return instant;
}

function under(jurisdiction: string, times: Partial<BookingTimes>, lawOn?: string): RegimeAnswer {
  const law = lawOn === undefined ? undefined : (dayFrom(lawOn) as Day);
  const regime: Regime = {
    name: 'asked',
    jurisdiction,
    lawOn: law,
    decide: deciderFor(packsOf(packs, jurisdiction), jurisdiction, law),
    formOn: custodyFormsOf(packsOf(packs, jurisdiction)),
    underAgreement: jurisdiction === SILENT || jurisdiction === UNREAD,
  };
  const booking: BookingTimes = {
    bookedAt: at('2018-01-01T16:00:00Z'),
    endedAt: at('2018-01-08T20:00:00Z'),
    releasedAt: at('2018-01-08T23:00:00Z'),
    cancelledAt: undefined,
    ...times,
  };
  return answerUnder(regime, booking, ZONE);
}

const SILENT = 'us/xx';
const UNREAD = 'us/ks/some-county';
const WASHINGTON = 'us/wa/pierce-county';
const FLORIDA = 'us/fl/example-county';
const TODAY = '2026-11-24';

describe('what a regime would have allowed at most', () => {
  test('Washington today: nothing past state custody, by its own statute', () => {
    expect(under(WASHINGTON, {}, TODAY)).toMatchObject({
      atMost: 'prohibited',
      atMostUntil: null,
      hoursPast: 3,
      lawOn: TODAY,
      because: { rule: 'us.wa.no-hold' },
    });
  });
  test('Washington before its statute: nothing either, but because no law gives the power', () => {
    expect(under(WASHINGTON, {})).toMatchObject({
      atMost: 'prohibited',
      lawOn: '2018-01-08',
      because: { rule: 'us.default-deny' },
    });
  });
  test('a booking of the day on which the statute began is under it, one of the day before is not', () => {
    const on = (day: string): string =>
      under(WASHINGTON, { endedAt: at(`${day}T20:00:00Z`), releasedAt: at(`${day}T21:00:00Z`) }).because.rule;
    expect([on('2019-05-20'), on('2019-05-21')]).toEqual(['us.default-deny', 'us.wa.no-hold']);
  });
  test('a mandate: 48 hours from the end of state custody', () => {
    expect(under(FLORIDA, {}, TODAY)).toMatchObject({
      atMost: 'permitted',
      atMostUntil: '2018-01-10T20:00:00Z',
      hoursPast: 0,
      because: { rule: 'us.fl.honor-detainers', effect: 'requires' },
    });
  });
  test('federal WSO: 48 hours from the end of state custody, at which the warrant was served', () => {
    expect(under(SILENT, {}, TODAY)).toMatchObject({
      atMost: 'permitted',
      atMostUntil: '2018-01-10T20:00:00Z',
      because: { rule: 'us.grant.hold-after-service' },
    });
  });
  test.each([FLORIDA, SILENT])(
    '%s: released at the limit is not past it; an hour and a half later is',
    (jurisdiction) => {
      expect(under(jurisdiction, { releasedAt: at('2018-01-10T20:00:00Z') }, TODAY).hoursPast).toBe(0);
      expect(under(jurisdiction, { releasedAt: at('2018-01-10T21:30:00Z') }, TODAY).hoursPast).toBe(1.5);
    },
  );
  test.each([WASHINGTON, FLORIDA, SILENT])(
    '%s: a hold that ICE cancelled before custody ended allows nothing',
    (jurisdiction) => {
      const answer = under(jurisdiction, { cancelledAt: at('2018-01-05T20:00:00Z') }, TODAY);
      expect(answer).toMatchObject({ atMost: 'prohibited', hoursPast: 3 });
    },
  );
  test('one that is cancelled only afterwards was good when custody ended', () => {
    expect(under(FLORIDA, { cancelledAt: at('2018-01-08T20:00:01Z') }, TODAY).atMost).toBe('permitted');
  });
});

describe('on the data alone', () => {
  test.each([WASHINGTON, FLORIDA, SILENT])('%s: it turns on papers that the file does not hold', (jurisdiction) => {
    expect(under(jurisdiction, {}, TODAY).onTheDataAlone).toBe('undetermined');
  });
  test('a regime that says the same whatever the papers are is known', () => {
    const regime: Regime = {
      name: 'all is forbidden',
      jurisdiction: SILENT,
      lawOn: undefined,
      decide: (question) => ({
        ...deciderFor(packsOf(packs, SILENT), SILENT)({ ...question, detainers: [], warrants: [] }),
      }),
      formOn: custodyFormsOf(packsOf(packs, SILENT)),
      underAgreement: false,
    };
    const times = {
      bookedAt: at('2018-01-01T16:00:00Z'),
      endedAt: at('2018-01-08T20:00:00Z'),
      releasedAt: at('2018-01-08T23:00:00Z'),
      cancelledAt: undefined,
    };
    expect(answerUnder(regime, times, ZONE)).toMatchObject({ onTheDataAlone: 'prohibited', atMost: 'prohibited' });
  });
});

test('where the most cannot be told either, no hour is said to be past it', () => {
  // An agreement in a state whose law nobody has read.
  expect(under(UNREAD, {}, TODAY)).toMatchObject({
    atMost: 'undetermined',
    atMostUntil: null,
    hoursPast: null,
  });
});
