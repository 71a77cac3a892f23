import { isoOfDay, type Day } from '../time/instant.ts';
import { inOrder } from './dating.ts';
import type { DatedList } from './list.ts';
import { groupsOf, type AgencyName, type Merger } from './merging.ts';
import type { Model } from './models.ts';
import { sightingsIn, type RowReader, type Sighting } from './sightings.ts';
import type { StateCode } from './states.ts';
import { statusOf, witnessesOf, type Status, type Witness } from './status.ts';
import { variantsOf } from './variants.ts';

/** The agreement of one agency under one model, over all its lists; its signing date is not part of what it is. */
export interface Agreement {
  readonly state: StateCode;
  readonly agency: string;
  readonly model: Model;
  readonly status: Status;
  /** Every signing date that ICE has printed for it. */
  readonly signed: readonly string[];
  readonly spellings: readonly Spelling[];
}

/** A name as printed, how often, and where first. */
export interface Spelling {
  readonly state: StateCode;
  readonly printed: string;
  readonly count: number;
  readonly file: string;
  readonly cell: string;
}

/** All agreements that the participating lists up to a day show. */
export interface AgreementHistory {
  readonly lists: readonly DatedList[];
  readonly agreements: readonly Agreement[];
  readonly mergers: readonly Merger[];
  /** The state and name that the agency of an agreement goes by, for a (state, key, model) as printed. */
  readonly nameOf: (state: StateCode, key: string, model: Model) => AgencyName | undefined;
}

/** Lists after the day are as if they had never been: not even a merger rests on them. */
export function historyUpTo(lists: readonly DatedList[], on: Day, reader: RowReader): AgreementHistory {
  const known = inOrder(lists.filter((list) => list.kind === 'participating' && list.dated <= on));
  const sightings = sightingsIn(known, reader);
  const witnesses = witnessesOf(known);
  const groups = groupsOf(variantsOf(sightings));
  const seen = Map.groupBy(sightings, idOf);
  const agreements = groups.map(({ name, variants }) =>
    agreementOf(
      name,
      variants.flatMap((variant) => seen.get(idOf(variant)) ?? []),
      witnesses,
    ),
  );
  const names = new Map(groups.flatMap(({ name, variants }) => variants.map((each) => [idOf(each), name] as const)));
  return {
    lists: known,
    agreements: agreements.toSorted((left, right) => compareText(sortKey(left), sortKey(right))),
    mergers: groups.flatMap(({ mergers }) => mergers),
    nameOf: (state, key, model) => names.get(idOf({ state, key, model })),
  };
}

function agreementOf(name: AgencyName, seen: readonly Sighting[], witnesses: readonly Witness[]): Agreement {
  const [first] = seen;
  if (!first) throw new Error(`${name.agency} has an agreement that no list shows`);
  return {
    ...name,
    model: first.model,
    status: statusOf(new Set(seen.map(({ list }) => list)), witnesses),
    signed: [...new Set(seen.flatMap(({ signed }) => (signed === undefined ? [] : [isoOfDay(signed)])))].toSorted(),
    spellings: spellingsOf(seen),
  };
}

function spellingsOf(seen: readonly Sighting[]): Spelling[] {
  const groups = Map.groupBy(seen, ({ state, printed }) => `${state}|${printed}`).values();
  return [...groups].flatMap((group) => {
    const first = group[0];
    if (!first) return [];
    const { state, printed, file, cell } = first;
    return [{ state, printed, count: group.length, file, cell }];
  });
}

function idOf(key: { readonly state: StateCode; readonly key: string; readonly model: Model }): string {
  return `${key.state}|${key.key}|${key.model}`;
}

function sortKey({ state, agency, model }: Agreement): string {
  return `${state}|${agency}|${model}`;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
