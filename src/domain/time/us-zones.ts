/**
 * The zones of the IANA time zone database in which the states, the District of Columbia, Puerto Rico, Guam, the Virgin
 * Islands, American Samoa and the Northern Marianas lie (its `zone.tab`, release 2025b), with the older names that it
 * keeps for them (its `backward`). A jail anywhere else is none of the United States', and a foreign zone that keeps the
 * same hours today may part from them by its own law tomorrow.
 *
 * Which state has which of them is not tested: several lie in two, and counties along the borders keep either.
 */
const ZONES = [
  ...of('America', 'Adak Anchorage Boise Chicago Denver Detroit Juneau Los_Angeles Menominee Metlakatla New_York'),
  ...of('America', 'Nome Phoenix Puerto_Rico Sitka St_Thomas Yakutat'),
  ...of('America/Indiana', 'Indianapolis Knox Marengo Petersburg Tell_City Vevay Vincennes Winamac'),
  ...of('America/Kentucky', 'Louisville Monticello'),
  ...of('America/North_Dakota', 'Beulah Center New_Salem'),
  ...of('Pacific', 'Guam Honolulu Pago_Pago Saipan'),
  // Older names.
  ...of('America', 'Atka Fort_Wayne Indianapolis Knox_IN Louisville Shiprock Virgin'),
  ...of('Pacific', 'Johnston Samoa'),
  ...of('US', 'Alaska Aleutian Arizona Central East-Indiana Eastern Hawaii Indiana-Starke Michigan Mountain Pacific'),
  'US/Samoa',
  ...['Navajo', 'EST5EDT', 'CST6CDT', 'MST7MDT', 'PST8PDT', 'MST', 'HST'],
];

const PLAIN = new Set(ZONES.map((zone) => zone.toLowerCase()));

/** Whether a zone, in any spelling of its letters that the run time takes, is one of the United States and its territories. */
export function isZoneOfUnitedStates(name: string): boolean {
  return PLAIN.has(name.toLowerCase());
}

function of(region: string, places: string): string[] {
  return places.split(' ').map((place) => `${region}/${place}`);
}
