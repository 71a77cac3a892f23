import { describe, expect, test } from 'vitest';
import { dayFrom, type Day } from '../time/instant.ts';
import { lawOf, packsFor, prefixesOf } from './in-force.ts';
import { plainTitle } from './issuers.ts';
import type { Pack } from './pack.ts';
import { SILENT_STATE } from './silent-state.ts';

const day = (text: string): Day => dayFrom(text) ?? (0 as Day);

function pack(path: string, more: Partial<Pack> = {}): Pack {
  return { ...SILENT_STATE, path, ...more };
}

const federal = pack('us', { defaultDeny: { id: 'us.default-deny', citation: 'P1', title: 'No.' } });
const limit = {
  citation: 'x',
  title: 'x',
  hours: 48,
  excludes: [],
  anchor: 'custody-ended',
  appliesTo: 'detainer',
  acts: [],
  forms: [],
  displaces: [],
  from: day('2020-01-01'),
} as const;

test('the packs of a jurisdiction are those of every prefix', () => {
  expect(prefixesOf('us/fl/monroe-county')).toEqual(['us', 'us/fl', 'us/fl/monroe-county']);
  expect(prefixesOf('us')).toEqual(['us']);
});

test('a county is found by its other names, and by no part of one', () => {
  const all = [pack('us'), pack('us/la'), pack('us/la/orleans-parish', { alsoCalled: ['new-orleans'] })];
  const paths = (jurisdiction: string): string[] => packsFor(all, jurisdiction).map(({ path }) => path);
  expect(paths('us/la/new-orleans')).toEqual(['us', 'us/la', 'us/la/orleans-parish']);
  expect(paths('us/la/orleans-parish')).toEqual(['us', 'us/la', 'us/la/orleans-parish']);
  expect(paths('us/la/orleans')).toEqual(['us', 'us/la']);
  expect(paths('us/tx/new-orleans')).toEqual(['us']);
});

describe('whether the county’s law was read', () => {
  const unread = (paths: string[], jurisdiction: string): boolean =>
    lawOf([federal, ...paths.map((path) => pack(path))], jurisdiction)(day('2026-01-01')).localLawUnread;
  test('a county without a pack', () => expect(unread(['us/fl'], 'us/fl/a')).toBe(true));
  test('a county with one', () => expect(unread(['us/fl', 'us/fl/a'], 'us/fl/a')).toBe(false));
  test('a state by itself: no county was named', () => expect(unread(['us/fl'], 'us/fl')).toBe(true));
});

describe('places whose own law was not read', () => {
  const orleans = pack('us/la/orleans-parish', { alsoCalled: ['new-orleans'] });
  const louisiana = pack('us/la', { placesBelow: ['us/la/orleans-parish', 'us/la/new-orleans', 'us/la/caddo-parish'] });
  const unread = (...packs: Pack[]): readonly string[] =>
    lawOf([federal, louisiana, ...packs], 'us/la')(day('2026-01-01')).unreadPlaces;
  test('all that the state’s pack names, where it alone was read', () =>
    expect(unread()).toEqual(['us/la/orleans-parish', 'us/la/new-orleans', 'us/la/caddo-parish']));
  test('none of the names of one that was', () => expect(unread(orleans)).toEqual(['us/la/caddo-parish']));
});

test('the days of notice are those of the packs in force', () => {
  const days = (on: string): number | undefined =>
    lawOf([{ ...federal, terminationNotice: [{ citation: 'x', days: 90, from: day('2019-05-06') }] }], 'us')(day(on))
      .noticeDays;
  expect([days('2019-05-05'), days('2019-05-06')]).toEqual([undefined, 90]);
});

describe('whether the state’s law was read', () => {
  test('a pack of the state was loaded', () =>
    expect(lawOf([federal, pack('us/fl')], 'us/fl/a')(day('2026-01-01')).stateLawRead).toBe(true));
  test('only the county’s pack was loaded', () =>
    expect(lawOf([federal, pack('us/fl/a')], 'us/fl/a')(day('2026-01-01')).stateLawRead).toBe(false));
  test('no state was named: federal law alone is not the law of any jail', () =>
    expect(lawOf([federal], 'us')(day('2026-01-01')).stateLawRead).toBe(false));
});

test('packs that do not say what holds where no rule permits are refused', () => {
  expect(() => lawOf([pack('us')], 'us')(day('2026-01-01'))).toThrow('defaultDeny');
});

describe('counsel’s choices', () => {
  const decided = (on: boolean, from: string): Pack['decisions'][number] => ({
    choice: 'us.choice.a',
    on,
    decidedBy: 'c',
    note: 'n',
    from: day(from),
  });
  const counsel = (state: boolean | undefined, county: boolean | undefined, on: string): readonly string[] =>
    lawOf(
      [
        federal,
        pack('us/fl', { decisions: state === undefined ? [] : [decided(state, '2026-01-01')] }),
        pack('us/fl/a', { decisions: county === undefined ? [] : [decided(county, '2026-06-01')] }),
      ],
      'us/fl/a',
    )(day(on)).counsel;
  test('are off until somebody decides', () => expect(counsel(undefined, undefined, '2026-12-01')).toEqual([]));
  test('are on from the day of the decision', () => {
    expect(counsel(true, undefined, '2025-12-31')).toEqual([]);
    expect(counsel(true, undefined, '2026-01-01')).toEqual(['us.choice.a']);
  });
  test('are decided by the nearest jurisdiction', () => {
    expect(counsel(true, false, '2026-05-31')).toEqual(['us.choice.a']);
    expect(counsel(true, false, '2026-06-01')).toEqual([]);
    expect(counsel(false, true, '2026-06-01')).toEqual(['us.choice.a']);
  });
});

describe('a limit that waits for counsel', () => {
  const limits = (on: boolean): string[] => {
    const waiting = { ...limit, id: 'us.nh.b', choice: 'us.nh.choice', displaces: ['us.a'] };
    const nh = pack('us/nh', {
      limits: [waiting],
      decisions: [{ choice: 'us.nh.choice', on, decidedBy: 'c', note: 'n', from: day('2020-01-01') }],
    });
    return lawOf(
      [{ ...federal, limits: [{ ...limit, id: 'us.a' }] }, nh],
      'us/nh',
    )(day('2026-01-01')).limits.map((each) => each.id);
  };
  test('displaces nothing and is not there while the choice is off', () => expect(limits(false)).toEqual(['us.a']));
  test('takes the place of those it names once it is on', () => expect(limits(true)).toEqual(['us.nh.b']));
});

describe('titles', () => {
  test.each([
    ['Supervisory Detention and Deportation Officer', 'supervisory detention and deportation officer'],
    ['SUPERVISORY DETENTION & DEPORTATION OFFICER', 'supervisory detention and deportation officer'],
    ['(A) Field  Office Director', 'field office director'],
    ['Acting Field Office Director,', 'field office director'],
    ['U.S. Magistrate Judge', 'us magistrate judge'],
    ['The Honorable U.S. Magistrate Judge', 'us magistrate judge'],
    ['Hon. Judge of the Superior Court', 'judge superior court'],
    ['Judge, Superior Court', 'judge superior court'],
  ])('%s', (title, plain) => expect(plainTitle(title)).toBe(plain));
});
