import { describe, expect, test } from 'vitest';
import { builtPacks, packsOf } from '../../../test/support/packs.ts';
import { dayOfDate } from '../time/instant.ts';
import { lawOf, type LawInForce } from './in-force.ts';
import { isUnderLaw, unreadPlaceOf } from './whose-law.ts';

const all = builtPacks();

const isUnder = (agency: string, jurisdiction: string): boolean =>
  isUnderLaw(agency, jurisdiction, lawRead(jurisdiction));
const unread = (agency: string, jurisdiction: string): string | undefined =>
  unreadPlaceOf(agency, jurisdiction, lawRead(jurisdiction));

function lawRead(jurisdiction: string): LawInForce {
  return lawOf(packsOf(all, jurisdiction), jurisdiction)(dayOfDate(2026, 12, 1));
}

describe('an agency lies under the law', () => {
  test.each([
    ['of its own county', 'us/fl/monroe-county/sheriff', 'us/fl/monroe-county'],
    ['of its state, where no county is named', 'us/fl/monroe-county/sheriff', 'us/fl'],
    ['of its county by another name', 'us/la/new-orleans/sheriff', 'us/la/orleans-parish'],
    ['of the county around its city', 'us/fl/key-west/police', 'us/fl/monroe-county'],
    ['of the county around its city, called by another name', 'us/la/city-park/police', 'us/la/new-orleans'],
    ['of the county in which it acts for the state', 'us/fl/highway-patrol', 'us/fl/monroe-county'],
    ['that the question names, where its name tells no place', 'Monroe County Sheriff', 'us/il/cook-county'],
    ['that the question names, where it is none of a state', 'us/marshals', 'us/il/cook-county'],
    ['of a county whose own pack was read', 'us/la/orleans-parish/sheriff', 'us/la/orleans-parish'],
    ['of that county by two other names', 'us/la/new-orleans/sheriff', 'us/la/orleans'],
    ['of the state, some of whose counties have packs', 'us/ca/highway-patrol', 'us/ca'],
    ['of a county without a pack, beside one that has one', 'us/ca/kern-county/sheriff', 'us/ca'],
    ['of a place whose name begins like that of a pack', 'us/la/orleansville/police', 'us/la'],
  ])('%s', (_, agency, jurisdiction) => expect(isUnder(agency, jurisdiction)).toBe(true));
});

describe('a contradiction that a person must resolve', () => {
  test.each([
    ['two states', 'us/fl/monroe-county/sheriff', 'us/il'],
    ['two states, a county in each', 'us/fl/monroe-county/sheriff', 'us/il/monroe-county'],
    ['a state’s agency in another state', 'us/fl/highway-patrol', 'us/il/cook-county'],
    ['a county, and a place that may be it or not', 'us/fl/lee-county/sheriff', 'us/fl/lee'],
    ['two counties', 'us/fl/monroe-county/sheriff', 'us/fl/lee-county'],
    ['a county as an agency, and another', 'us/fl/monroe-county', 'us/fl/lee-county'],
    ['two counties, one called by another name', 'us/ca/orange-county/sheriff', 'us/ca/los-angeles'],
    ['two cities', 'us/fl/tampa/police', 'us/fl/miami'],
    ['a county’s agency under a city’s law', 'us/il/cook-county/sheriff', 'us/il/chicago'],
    ['a county whose pack was not read, where only its state is named', 'us/la/orleans-parish/sheriff', 'us/la'],
    ['by another of its names', 'us/la/new-orleans/sheriff', 'us/la'],
    ['the county itself as an agency', 'us/la/orleans', 'us/la'],
    ['the same under a county that has none', 'us/la/new-orleans/police', 'us/la/caddo-parish'],
    ['a city that a pack is called by, under another county', 'us/ca/los-angeles/police', 'us/ca/orange-county'],
  ])('%s', (_, agency, jurisdiction) => expect(isUnder(agency, jurisdiction)).toBe(false));
});

describe('the place whose own law was not read', () => {
  test.each([
    ['none where it is the jurisdiction', 'us/fl/monroe-county/sheriff', 'us/fl/monroe-county', undefined],
    ['none where it is the jurisdiction by another name', 'us/ca/la-county/sheriff', 'us/ca/los-angeles', undefined],
    ['the county, where only its state was named', 'us/ca/kern-county/sheriff', 'us/ca', 'us/ca/kern-county'],
    [
      'none of a county with a pack of its own: that is no finding beside an answer',
      'us/ca/orange-county/sheriff',
      'us/ca',
      undefined,
    ],
    ['the city in the county', 'us/fl/key-west/police', 'us/fl/monroe-county', 'us/fl/key-west'],
    ['none of a state’s agency', 'us/fl/highway-patrol', 'us/fl', undefined],
    ['none where the places contradict each other', 'us/fl/lee-county/sheriff', 'us/fl/monroe-county', undefined],
  ])('%s', (_, agency, jurisdiction, place) => expect(unread(agency, jurisdiction)).toBe(place));
});
