import type { Conviction } from '../case/case.ts';
import { PartlyKnown, type Value } from '../law/evaluate.ts';
import { addYears, type Day } from '../time/instant.ts';
import type { Seen } from './seen.ts';

const NONE: readonly string[] = [];

/**
 * Classes that the packs declare, still within their look-back. A class that no pack declares is none of theirs; only
 * where it bears the packs' own prefix does nobody know what it is, and the others still count.
 */
export function convictionClasses({ question, law, today }: Seen): Value {
  const { convictions } = question;
  if (convictions.length === 0) return NONE;
  const counted: string[] = [];
  const undeclared: string[] = [];
  const prefixes = new Set([...law.convictionClasses.keys()].map(prefixOf));
  for (const [index, conviction] of convictions.entries()) {
    const declared = law.convictionClasses.get(conviction.class);
    if (declared === undefined) {
      if (prefixes.has(prefixOf(conviction.class))) undeclared.push(`convictions[${index}].class`);
    } else if (conviction.convictedOn <= today && isRecent(conviction, declared.withinYears, today)) {
      counted.push(conviction.class);
    }
  }
  return undeclared.length > 0 ? new PartlyKnown(counted, undeclared) : counted;
}

function isRecent({ convictedOn }: Conviction, withinYears: number | undefined, today: Day): boolean {
  return withinYears === undefined || today <= addYears(convictedOn, withinYears);
}

function prefixOf(code: string): string {
  return code.slice(0, code.indexOf(':'));
}
