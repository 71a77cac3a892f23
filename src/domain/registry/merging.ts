import { likeness, type Likeness } from './likeness.ts';
import type { Model } from './models.ts';
import type { StateCode } from './states.ts';
import type { Variant } from './variants.ts';

export interface AgencyName {
  readonly state: StateCode;
  readonly agency: string;
}

/** The variants that are one agreement, the name of its agency, and the evidence for joining them. */
export interface AgreementGroup {
  readonly name: AgencyName;
  readonly variants: readonly Variant[];
  readonly mergers: readonly Merger[];
}

export interface Merger extends Likeness {
  readonly model: Model;
  readonly left: Named;
  readonly right: Named;
}

/** A name as printed, with the first place that shows it. */
interface Named extends AgencyName {
  readonly file: string;
  readonly cell: string;
}

interface Pair {
  readonly left: Variant;
  readonly right: Variant;
  readonly likeness: Likeness;
}

interface Joined {
  readonly variants: Variant[];
  readonly mergers: Merger[];
}

/**
 * Joins variants into agreements, in two steps. A spelling is the agency's, and joins all its agreements. A rename or a
 * misprinted state is one agreement's: where ICE prints a county's agreement under its sheriff, the sheriff's own
 * agreement under another model stays his.
 */
export function groupsOf(variants: readonly Variant[]): AgreementGroup[] {
  const pairs = pairsOf(variants);
  const isSpelling = (pair: Pair) => pair.likeness.rule === 'spelling';
  const agencies = join([...Map.groupBy(variants, agencyOf).values()], pairs.filter(isSpelling));
  const names = new Map(
    agencies.flatMap((agency) => {
      const name = mostPrinted(agency.variants);
      return agency.variants.map((variant) => [variant, name] as const);
    }),
  );
  const single = agencies.flatMap((agency) => [...Map.groupBy(agency.variants, ({ model }) => model).values()]);
  const spelt = Map.groupBy(
    agencies.flatMap(({ mergers }) => mergers),
    ({ left, model }) => `${left.state}|${left.agency}|${model}`,
  );
  const agreements = join(
    single,
    pairs.filter((pair) => !isSpelling(pair)),
  );
  return agreements.map(({ variants: joined, mergers }) => {
    const name = names.get(latest(joined));
    if (!name) throw new Error('every variant belongs to an agency');
    const own = joined.flatMap(({ state, first, model }) => spelt.get(`${state}|${first.printed}|${model}`) ?? []);
    return { name, variants: joined, mergers: [...own, ...mergers] };
  });
}

/**
 * Joins groups by pairs, the surest first, but only while, model by model, no list has both: two rows of one list are two
 * agreements, whatever they have in common.
 */
function join(groups: readonly (readonly Variant[])[], pairs: readonly Pair[]): Joined[] {
  const joined = new Map<Variant, Joined>();
  for (const group of groups) {
    const start: Joined = { variants: [...group], mergers: [] };
    for (const variant of group) joined.set(variant, start);
  }
  for (const pair of pairs) {
    const left = joined.get(pair.left);
    const right = joined.get(pair.right);
    if (!left || !right || left === right || overlap(left.variants, right.variants)) continue;
    left.variants.push(...right.variants);
    left.mergers.push(...right.mergers, mergerOf(pair));
    for (const variant of right.variants) joined.set(variant, left);
  }
  return [...new Set(joined.values())];
}

const STRENGTH = { spelling: 0, rename: 1, 'state misprint': 2 } as const;

/** Pairs worth a look are those that share a document or a signing date; the surest come first, in one order always. */
function pairsOf(variants: readonly Variant[]): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const [left, right] of buckets(variants).flatMap(couples)) {
    const id = [idOf(left), idOf(right)].toSorted().join('=');
    if (pairs.has(id) || agencyOf(left) === agencyOf(right)) continue;
    const found = likeness(left, right);
    if (found) pairs.set(id, { left, right, likeness: found });
  }
  return [...pairs.entries()]
    .toSorted(([id, a], [other, b]) => STRENGTH[a.likeness.rule] - STRENGTH[b.likeness.rule] || (id < other ? -1 : 1))
    .map(([, pair]) => pair);
}

function couples(bucket: readonly Variant[]): [Variant, Variant][] {
  return bucket.flatMap((left, index) => bucket.slice(index + 1).map((right): [Variant, Variant] => [left, right]));
}

function buckets(variants: readonly Variant[]): Variant[][] {
  const traits = variants.flatMap((variant) =>
    [...variant.documents, ...variant.signed].map((trait) => ({ id: `${variant.model}|${trait}`, variant })),
  );
  return [...Map.groupBy(traits, ({ id }) => id).values()].map((bucket) => bucket.map(({ variant }) => variant));
}

function agencyOf(variant: Variant): string {
  return `${variant.state}|${variant.key}`;
}

function idOf(variant: Variant): string {
  return `${agencyOf(variant)}|${variant.model}`;
}

function overlap(left: readonly Variant[], right: readonly Variant[]): boolean {
  return left.some((one) => right.some((other) => one.model === other.model && !one.lists.isDisjointFrom(other.lists)));
}

function latest(variants: readonly Variant[]): Variant {
  return variants.reduce((best, each) => (each.last.list > best.last.list ? each : best));
}

/** The spelling that stands in most rows; of two as frequent, the one of the latest list. */
function mostPrinted(variants: readonly Variant[]): AgencyName {
  const newestFirst = variants.toSorted((left, right) => right.last.list - left.last.list);
  const counts = new Map<string, number>();
  for (const { spellings } of newestFirst) {
    for (const [spelling, count] of spellings) counts.set(spelling, (counts.get(spelling) ?? 0) + count);
  }
  const [agency] = [...counts].reduce((best, each) => (each[1] > best[1] ? each : best));
  return { state: latest(variants).state, agency };
}

function mergerOf({ left, right, likeness: found }: Pair): Merger {
  return { ...found, model: left.model, left: named(left), right: named(right) };
}

function named({ state, first }: Variant): Named {
  return { state, agency: first.printed, file: first.file, cell: first.cell };
}
