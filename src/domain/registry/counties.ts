import repairs from './repairs.json' with { type: 'json' };
import { read, REASON, type Reading } from './reading.ts';
import type { StateCode } from './states.ts';
import { plainApostrophes, squeezed } from './text.ts';

const NONE = /^(#?\s*n\s*\/?\s*a|#n\?a|none|-+)$/i;
const TABLE = new Map(repairs.counties.map((repair) => [`${repair.state}|${repair.printed}`.toLowerCase(), repair]));

/**
 * Reads a county. There is no official list to compare with here, and near names are real (Allegany, Alleghany), so
 * only the table of repairs mends a spelling. No county is no fault: cities and state agencies have none.
 */
export function readCounty(printed: string, state: StateCode | undefined): Reading<string> {
  const text = squeezed(printed);
  const space = text === printed ? [] : [REASON.space];
  if (text === '') return read<string>(undefined, '', []);
  if (NONE.test(text) || text.startsWith('#')) return read<string>(undefined, '', [REASON.noCounty]);
  const plain = plainApostrophes(text);
  const apostrophe = plain === text ? [] : [REASON.apostrophe];
  const repair = TABLE.get(`${state ?? ''}|${plain}`.toLowerCase());
  if (!repair) return read(plain, plain, [...space, ...apostrophe]);
  return read(repair.county, repair.county, [...space, ...apostrophe, `${REASON.table}: ${repair.reason}`]);
}
