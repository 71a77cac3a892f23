import repairs from './repairs.json' with { type: 'json' };
import { notRead, read, REASON, type Reading } from './reading.ts';
import { squeezed, uniqueNearest } from './text.ts';

/** The postal code of a state, district or territory. */
export type StateCode = string & { readonly __brand: 'state-code' };

const NAMES: Readonly<Record<string, string>> = {
  ALABAMA: 'AL',
  ALASKA: 'AK',
  ARIZONA: 'AZ',
  ARKANSAS: 'AR',
  CALIFORNIA: 'CA',
  COLORADO: 'CO',
  CONNECTICUT: 'CT',
  DELAWARE: 'DE',
  'DISTRICT OF COLUMBIA': 'DC',
  FLORIDA: 'FL',
  GEORGIA: 'GA',
  HAWAII: 'HI',
  IDAHO: 'ID',
  ILLINOIS: 'IL',
  INDIANA: 'IN',
  IOWA: 'IA',
  KANSAS: 'KS',
  KENTUCKY: 'KY',
  LOUISIANA: 'LA',
  MAINE: 'ME',
  MARYLAND: 'MD',
  MASSACHUSETTS: 'MA',
  MICHIGAN: 'MI',
  MINNESOTA: 'MN',
  MISSISSIPPI: 'MS',
  MISSOURI: 'MO',
  MONTANA: 'MT',
  NEBRASKA: 'NE',
  NEVADA: 'NV',
  'NEW HAMPSHIRE': 'NH',
  'NEW JERSEY': 'NJ',
  'NEW MEXICO': 'NM',
  'NEW YORK': 'NY',
  'NORTH CAROLINA': 'NC',
  'NORTH DAKOTA': 'ND',
  OHIO: 'OH',
  OKLAHOMA: 'OK',
  OREGON: 'OR',
  PENNSYLVANIA: 'PA',
  'RHODE ISLAND': 'RI',
  'SOUTH CAROLINA': 'SC',
  'SOUTH DAKOTA': 'SD',
  TENNESSEE: 'TN',
  TEXAS: 'TX',
  UTAH: 'UT',
  VERMONT: 'VT',
  VIRGINIA: 'VA',
  WASHINGTON: 'WA',
  'WEST VIRGINIA': 'WV',
  WISCONSIN: 'WI',
  WYOMING: 'WY',
  GUAM: 'GU',
  'PUERTO RICO': 'PR',
  'AMERICAN SAMOA': 'AS',
  'NORTHERN MARIANA ISLANDS': 'MP',
  'VIRGIN ISLANDS': 'VI',
};
const CODES = new Map(Object.entries(NAMES).map(([name, code]) => [code, name]));
const TABLE = new Map(repairs.states.map((repair) => [repair.printed, repair]));
/** Two wrong letters in eight still point to one state; in a short name they could make another. */
const LONG_NAME = 8;

/** Reads a state's name: as it is, then by the table of repairs, then by the only name near enough. */
export function readState(printed: string): Reading<StateCode> {
  const text = squeezed(printed);
  const upper = text.toUpperCase();
  const repaired = [...(text === printed ? [] : [REASON.space]), ...(upper === text ? [] : [REASON.capitals])];
  if (upper === '') return notRead('', 'the state is missing');
  const byTable = TABLE.get(upper);
  if (byTable) return read(codeOf(byTable.state), byTable.state, [...repaired, `${REASON.table}: ${byTable.reason}`]);
  if (upper in NAMES) return read(codeOf(upper), upper, repaired);
  const byCode = CODES.get(upper);
  if (byCode !== undefined) return read(upper as StateCode, byCode, repaired);
  const nearest = uniqueNearest(upper, Object.keys(NAMES), upper.length >= LONG_NAME ? 2 : 1);
  if (nearest === undefined) return notRead(upper, 'no state of this name, and none near enough', repaired);
  return read(codeOf(nearest), nearest, [...repaired, REASON.stateSpelling]);
}

export function stateNameOf(code: StateCode): string {
  return CODES.get(code) ?? code;
}

export function codeOfState(text: string): StateCode | undefined {
  return readState(text).value;
}

function codeOf(name: string): StateCode {
  const code = NAMES[name];
  if (code === undefined) throw new Error(`repairs.json names no state: ${name}`);
  return code as StateCode;
}
