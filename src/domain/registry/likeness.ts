import { isoOfDay } from '../time/instant.ts';
import { numbersIn } from './agency-names.ts';
import { stateNameOf } from './states.ts';
import { editDistance } from './text.ts';
import type { Variant } from './variants.ts';

/** Why two variants are one agreement. The rules and their reasons are in docs/registry.md. */
export type MergeRule = 'spelling' | 'rename' | 'state misprint';

export interface Likeness {
  readonly rule: MergeRule;
  /** What the two share: documents, signing dates. */
  readonly shared: readonly string[];
}

const LETTERS = 2;

/**
 * The rule by which two variants of one model are one agreement; undefined where the evidence does not reach. That no list
 * names both is for the merging to see to (merging.ts): there it must hold for all that was joined before, too.
 */
export function likeness(left: Variant, right: Variant): Likeness | undefined {
  if (left.model !== right.model) return undefined;
  if (numbersIn(left.key) !== numbersIn(right.key)) return undefined;
  const documents = [...left.documents.intersection(right.documents)];
  const signed = [...left.signed.intersection(right.signed)];
  const shared = [...documents, ...signed.map((day) => `signed ${isoOfDay(day)}`)];
  if (shared.length === 0) return undefined;
  const rule =
    left.state === right.state
      ? withinState(left, right, documents.length > 0, signed.length > 0)
      : across(left, right);
  return rule && { rule, shared };
}

function withinState(left: Variant, right: Variant, document: boolean, signed: boolean): MergeRule | undefined {
  const contradicts = left.counties.size > 0 && right.counties.size > 0 && left.counties.isDisjointFrom(right.counties);
  if (!contradicts && editDistance(left.key, right.key, LETTERS) <= LETTERS) return 'spelling';
  if (document && signed) return 'rename';
  if (contradicts || !handedOver(left, right)) return undefined;
  const related = wordsWithin(left.key, right.key) || wordsWithin(right.key, left.key);
  return related || (signed && samePlace(left, right)) ? 'rename' : undefined;
}

/** The same name under two states: only where one list drops it from the one and the next has it in the other. */
function across(left: Variant, right: Variant): MergeRule | undefined {
  return left.key === right.key && handedOver(left, right) ? 'state misprint' : undefined;
}

/** One is gone from the very list in which the other appears. */
function handedOver(left: Variant, right: Variant): boolean {
  return follows(left.lists, right.lists) || follows(right.lists, left.lists);
}

function follows(lists: ReadonlySet<number>, next: ReadonlySet<number>): boolean {
  return [...lists].some((list) => next.has(list + 1));
}

function wordsWithin(short: string, long: string): boolean {
  const words = new Set(long.split(' '));
  return short.split(' ').every((word) => words.has(word));
}

/** Words that name no place. */
const COMMON = new Set([
  'the',
  'of',
  'county',
  'city',
  'town',
  'department',
  'office',
  'police',
  'state',
  'university',
]);

/** Both names begin with the same place, and at least half of the shorter name is that beginning. */
function samePlace(left: Variant, right: Variant): boolean {
  const words = left.key.split(' ');
  const others = right.key.split(' ');
  const differs = words.findIndex((word, index) => word !== others[index]);
  const shared = differs === -1 ? words : words.slice(0, differs);
  const stateWords = stateNameOf(left.state).toLowerCase().split(' ');
  const place = shared.some((word) => !COMMON.has(word) && !stateWords.includes(word));
  return place && shared.length * 2 >= Math.min(words.length, others.length);
}
