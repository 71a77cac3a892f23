import { describe, expect, test } from 'vitest';
import { plainTitle } from '../../src/domain/law/issuers.ts';
import type { Issuers, Pack } from '../../src/domain/law/pack.ts';
import { builtPacks } from '../support/packs.ts';

// A state that names the courts whose warrants count must say of every judge's title that the federal pack knows whether
// it is one of them: a title that it forgot would count by the federal list, under which any judge's warrant does.

const packs = builtPacks();
const FEDERAL = /\b(united states|us|federal)\b/;

describe('a state that names its courts sorts every judge’s title that may be a state’s', () => {
  const naming = packs.filter((pack) => pack.path !== 'us' && judges(pack).length > 0);
  test('there are some', () => expect(naming.length).toBeGreaterThan(2));
  test.each(naming.map((pack) => [pack.path, pack] as const))('%s', (_, pack) => {
    const sorted = new Set(judges(pack).flatMap(titles).map(plainTitle));
    // One list in that state, whose courts bear these names: the federal list says the same of them.
    const alike = pack.path === 'us/wa' ? WASHINGTON : [];
    expect(statesOwn().filter((title) => !sorted.has(title) && !alike.includes(title))).toEqual([]);
  });
});

/** Federal judges of these titles, and none of another state that is known. */
const WASHINGTON = ['magistrate judge', 'chief magistrate judge', 'district judge', 'chief district judge'];

function statesOwn(): string[] {
  const federal = packs.find(({ path }) => path === 'us');
  if (federal === undefined) throw new Error('no federal pack');
  return judges(federal)
    .flatMap(({ authorized }) => authorized)
    .map(plainTitle)
    .filter((title) => !FEDERAL.test(title));
}

function judges({ issuers }: Pack): readonly Issuers[] {
  return issuers.filter(({ forms }) => forms.includes('judicial'));
}

function titles({ authorized, notAuthorized, ambiguous }: Issuers): string[] {
  return [...authorized, ...notAuthorized, ...ambiguous];
}
