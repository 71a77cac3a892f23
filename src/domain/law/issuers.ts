import type { Issuers } from './pack.ts';

/** Form → plain title → whether that title may sign the form. */
export type IssuerIndex = ReadonlyMap<string, ReadonlyMap<string, 'authorized' | 'not-authorized'>>;

export function issuerIndex(lists: readonly Issuers[]): IssuerIndex {
  const index = new Map<string, Map<string, 'authorized' | 'not-authorized'>>();
  for (const { forms, authorized, notAuthorized, ambiguous } of lists) {
    for (const form of forms) {
      const titles = index.get(form) ?? new Map<string, 'authorized' | 'not-authorized'>();
      for (const title of authorized) titles.set(plainTitle(title), 'authorized');
      for (const title of notAuthorized) titles.set(plainTitle(title), 'not-authorized');
      for (const title of ambiguous) titles.delete(plainTitle(title));
      index.set(form, titles);
    }
  }
  return index;
}

/**
 * Whether a title may sign a form, by one list of its titles; undefined: nobody can say. A title that stands on no list
 * is looked for without what typists add to it: its own initials in brackets, and the place where it is held.
 */
export function standingOf(
  titles: ReadonlyMap<string, 'authorized' | 'not-authorized'>,
  title: string,
): 'authorized' | 'not-authorized' | undefined {
  return titles.get(plainTitle(title)) ?? titles.get(plainTitle(withoutAdditions(title)));
}

/** `Field Office Director (FOD), Miami` → `Field Office Director`. */
function withoutAdditions(title: string): string {
  const [, office = title, place = ''] = /^([^,]*),(.*)$/.exec(title) ?? [];
  const alone = OF_OFFICE.test(place) ? title : office;
  const [, spelt = alone, short = ''] = /^(.*?)\s*\(([A-Za-z.]+)\)\s*$/.exec(alone) ?? [];
  return short.replaceAll('.', '').toUpperCase() === initialsOf(spelt) ? spelt : alone;
}

/** What is no mere place, and changes the office: "Judge, Immigration Court", "Field Office Director, by D. Doe", "Magistrate Judge, Fulton County". */
const OF_OFFICE =
  /\b(acting|administrative|agent|appeals?|assistant|attorney|by|chief|clerk|commissioner|county|court|delegate|deputy|designee|eoir|for|former|hearing|ij|immigration|judge|judicial|justice|magistrate|municipal|officer|parish|per|pro|referee|retired|state|superior|supervisory|tribal|tribunal)\b/i;

/** "Supervisory Detention and Deportation Officer" → SDDO. */
function initialsOf(title: string): string {
  return title
    .split(/[^A-Za-z]+/)
    .filter((word) => !/^(and|of|in|the|)$/i.test(word))
    .map((word) => word.charAt(0).toUpperCase())
    .join('');
}

const plainTitles = new Map<string, string>();
const TITLES_KEPT = 5000;

/**
 * A title without what typists vary: case, punctuation ("U.S." is "US"), spaces, "&" for "and", articles and "of"
 * ("Judge, Superior Court" is "Judge of the Superior Court"), a judge's "Honorable", and "Acting", which lends the office.
 */
export function plainTitle(title: string): string {
  const known = plainTitles.get(title);
  if (known !== undefined) return known;
  const plain = withoutVariations(title);
  // The same few titles sign everything; a flood of odd ones must not fill the memory.
  if (plainTitles.size >= TITLES_KEPT) plainTitles.clear();
  plainTitles.set(title, plain);
  return plain;
}

function withoutVariations(title: string): string {
  return title
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replaceAll('.', '')
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .replaceAll(/\b(acting|a|the|of|hon|honorable)\b/g, ' ')
    .replaceAll(/ +/g, ' ')
    .trim();
}
