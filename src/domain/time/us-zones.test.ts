import { describe, expect, test } from 'vitest';
import { isZoneOfUnitedStates } from './us-zones.ts';
import { isTimeZone } from './zone.ts';

const zones = (names: string): string[] => names.split(' ');

describe('zones of the United States', () => {
  test.each([
    ['a state in two zones', 'America/New_York America/Chicago'],
    ['places with hours of their own', 'America/Phoenix America/Boise America/Adak America/Indiana/Tell_City'],
    ['Puerto Rico and the Virgin Islands', 'America/Puerto_Rico America/St_Thomas America/Virgin'],
    ['Guam, the Northern Marianas, American Samoa', 'Pacific/Guam Pacific/Saipan Pacific/Pago_Pago US/Samoa'],
    ['older names', 'US/Pacific Navajo America/Shiprock America/Fort_Wayne US/East-Indiana EST5EDT HST'],
    ['another spelling of the letters', 'america/new_york AMERICA/CHICAGO'],
  ])('%s', (_, names) => {
    expect(zones(names).map((name) => [name, isTimeZone(name), isZoneOfUnitedStates(name)])).toEqual(
      zones(names).map((name) => [name, true, true]),
    );
  });
});

test('every United States place of the run time’s own list is known', () => {
  const places = Intl.supportedValuesOf('timeZone').filter((name) =>
    /^(US\/|America\/(Indiana|Kentucky|North_Dakota)\/)/.test(name),
  );
  expect(places.filter((name) => !isZoneOfUnitedStates(name))).toEqual([]);
});

describe('zones of other places', () => {
  test.each([
    ['across the sea', 'Europe/Paris Asia/Tokyo'],
    ['across the border, with the same hours', 'America/Toronto America/Tijuana America/Matamoros'],
    ['islands with Puerto Rico’s hours', 'America/Lower_Princes America/Kralendijk'],
    ['no place at all', 'UTC Etc/UTC GMT Etc/GMT+5'],
    ['a name that has come to mean Panama', 'EST'],
  ])('%s', (_, names) => {
    expect(zones(names).map((name) => [name, isTimeZone(name), isZoneOfUnitedStates(name)])).toEqual(
      zones(names).map((name) => [name, true, false]),
    );
  });
});
