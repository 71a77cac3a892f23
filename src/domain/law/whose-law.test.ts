import { describe, expect, test } from 'vitest';
import { builtPacks, packsOf } from '../../../test/support/packs.ts';
import { isUnderLaw, unreadPlaceOf } from './whose-law.ts';

const all = builtPacks();

const isUnder = (agency: string, jurisdiction: string): boolean =>
  isUnderLaw(agency, jurisdiction, packsOf(all, jurisdiction));
const unread = (agency: string, jurisdiction: string): string | undefined =>
  unreadPlaceOf(agency, jurisdiction, packsOf(all, jurisdiction));

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
  ])('%s', (_, agency, jurisdiction) => expect(isUnder(agency, jurisdiction)).toBe(false));
});

describe('the place whose own law was not read', () => {
  test.each([
    ['none where it is the jurisdiction', 'us/fl/monroe-county/sheriff', 'us/fl/monroe-county', undefined],
    ['none where it is the jurisdiction by another name', 'us/ca/la-county/sheriff', 'us/ca/los-angeles', undefined],
    ['the county, where only its state was named', 'us/ca/orange-county/sheriff', 'us/ca', 'us/ca/orange-county'],
    ['the city in the county', 'us/fl/key-west/police', 'us/fl/monroe-county', 'us/fl/key-west'],
    ['none of a state’s agency', 'us/fl/highway-patrol', 'us/fl', undefined],
    ['none where the places contradict each other', 'us/fl/lee-county/sheriff', 'us/fl/monroe-county', undefined],
  ])('%s', (_, agency, jurisdiction, place) => expect(unread(agency, jurisdiction)).toBe(place));
});
