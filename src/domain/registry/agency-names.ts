import repairs from './repairs.json' with { type: 'json' };
import { notRead, read, REASON, type Reading } from './reading.ts';
import type { StateCode } from './states.ts';
import { folded, plainApostrophes, squeezed } from './text.ts';

/** An agency's name made comparable: two names with one key are one agency within a state, whatever the evidence. */
export type AgencyKey = string & { readonly __brand: 'agency-key' };

const TABLE = new Map(repairs.agencies.map((repair) => [`${repair.state}|${repair.printed}`.toLowerCase(), repair]));
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  '&': 'and',
  bocc: 'board of county commissioners',
  co: 'county',
  dept: 'department',
  dps: 'department of public safety',
  ft: 'fort',
  mt: 'mount',
  pct: 'precinct',
  pd: 'police department',
  so: 'sheriffs office',
  st: 'saint',
  twp: 'township',
};

/** Reads an agency's name: blanks, apostrophes and the table's spellings; any further likeness needs evidence. */
export function readAgency(printed: string, state: StateCode | undefined): Reading<string> {
  const text = squeezed(printed).replace(/ ,/g, ',').replace(/,$/, '');
  if (text === '') return notRead('', 'the agency is missing');
  const plain = plainApostrophes(text);
  const repaired = [...(text === printed ? [] : [REASON.space]), ...(plain === text ? [] : [REASON.apostrophe])];
  const repair = TABLE.get(`${state ?? ''}|${plain}`.toLowerCase());
  if (!repair) return read(plain, plain, repaired);
  return read(repair.agency, repair.agency, [...repaired, `${REASON.table}: ${repair.reason}`]);
}

/**
 * The key of a name: capitals, apostrophes, punctuation and abbreviations do not count. A county has one sheriff, so that
 * his office and his department are the same agency; and the police of a place are those of its city.
 */
export function agencyKey(name: string): AgencyKey {
  const words = folded(plainApostrophes(name))
    .replace(/'/g, '')
    .replace(/&/g, ' & ')
    .replace(/[^a-z0-9&]+/g, ' ')
    .trim()
    .split(' ')
    .map((word) => ABBREVIATIONS[word] ?? word);
  const key = words
    .join(' ')
    .replace(/\bsheriffs? (department|office)\b/, 'sheriffs office')
    .replace(/^(?:city|town|village) of (?=.+ police department$)/, '');
  return key as AgencyKey;
}

/** The numbers in a name: District 1 is not District 7, however near the spelling. */
export function numbersIn(key: string): string {
  return (key.match(/\d+/g) ?? []).join(' ');
}
