import type { Issuers } from './pack.ts';

/** Form → plain title → whether that title may sign the form. */
export type IssuerIndex = ReadonlyMap<string, ReadonlyMap<string, 'authorized' | 'not-authorized'>>;

export function issuerIndex(lists: readonly Issuers[]): IssuerIndex {
  const index = new Map<string, Map<string, 'authorized' | 'not-authorized'>>();
  for (const { forms, authorized, notAuthorized } of lists) {
    for (const form of forms) {
      const titles = index.get(form) ?? new Map<string, 'authorized' | 'not-authorized'>();
      for (const title of authorized) titles.set(plainTitle(title), 'authorized');
      for (const title of notAuthorized) titles.set(plainTitle(title), 'not-authorized');
      index.set(form, titles);
    }
  }
  return index;
}

/** A title without what typists vary: case, punctuation, spaces, "&" for "and", and "Acting", which lends the office. */
export function plainTitle(title: string): string {
  return title
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .replaceAll(/\b(acting|a)\b/g, ' ')
    .replaceAll(/ +/g, ' ')
    .trim();
}
