import type { Day } from '../time/instant.ts';
import type { AgencyKey } from './agency-names.ts';
import type { DocumentPath } from './links.ts';
import type { Model } from './models.ts';
import type { Sighting } from './sightings.ts';
import type { StateCode } from './states.ts';

/** All sightings of one (state, agency, model) before any merging. */
export interface Variant {
  readonly state: StateCode;
  readonly key: AgencyKey;
  readonly model: Model;
  readonly first: Sighting;
  readonly last: Sighting;
  /** In how many rows each spelling stands, repaired cell by cell. */
  readonly spellings: ReadonlyMap<string, number>;
  readonly lists: ReadonlySet<number>;
  readonly signed: ReadonlySet<Day>;
  readonly documents: ReadonlySet<DocumentPath>;
  readonly counties: ReadonlySet<string>;
}

export function variantsOf(sightings: readonly Sighting[]): Variant[] {
  const groups = Map.groupBy(sightings, ({ state, key, model }) => `${state}|${key}|${model}`);
  return [...groups.values()].flatMap((group) => variantOf(group));
}

function variantOf(group: readonly Sighting[]): Variant[] {
  const first = group[0];
  const last = group.at(-1);
  if (!first || !last) return [];
  return [
    {
      state: first.state,
      key: first.key,
      model: first.model,
      first,
      last,
      spellings: counted(group.map(({ agency }) => agency)),
      lists: new Set(group.map(({ list }) => list)),
      signed: known(group.map(({ signed }) => signed)),
      documents: known(group.map(({ document }) => document)),
      counties: known(group.map(({ county }) => county)),
    },
  ];
}

function known<T>(values: readonly (T | undefined)[]): ReadonlySet<T> {
  return new Set(values.filter((value) => value !== undefined));
}

function counted(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
