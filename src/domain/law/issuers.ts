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
