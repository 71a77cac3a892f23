import { failed, ok, type Result } from '../failure.ts';
import { isoOfDay, type Day } from '../time/instant.ts';
import { historyUpTo, type Agreement, type AgreementHistory } from './agreements.ts';
import { inOrder } from './dating.ts';
import type { DatedList } from './list.ts';
import { MODELS, type Model } from './models.ts';
import { rowReader, type RowReader } from './sightings.ts';
import type { Status } from './status.ts';

export type ByModel = Readonly<Record<Model, number>>;

/** The registry as of a day. Keys are part of the command's contract. */
export interface RegistryReport {
  readonly on: string;
  /** ICE's last participating list on or before the day, as printed: repeated rows count, blank ones do not. */
  readonly list: {
    readonly file: string;
    readonly dated: string;
    readonly rows: number;
    readonly byModel: ByModel;
    /** Distinct agencies in it, once their spelling is repaired. */
    readonly agencies: number;
  };
  readonly agreements: {
    readonly listed: number;
    readonly absent: number;
    readonly ended: number;
    /** Listed agreements by model. */
    readonly byModel: ByModel;
    readonly byState: Readonly<Record<string, StateCounts>>;
    readonly byModelAndStatus: Readonly<Record<Model, StatusCounts>>;
  };
  /** The last pending list on or before the day: applications, not agreements. */
  readonly pending: { readonly file: string; readonly dated: string; readonly rows: number } | null;
}

export type StatusCounts = Readonly<Record<Status['kind'], number>>;
export type StateCounts = StatusCounts & ByModel;

export function reportOn(lists: readonly DatedList[], on: Day): Result<RegistryReport> {
  const reader = rowReader();
  const history = historyUpTo(lists, on, reader);
  const last = history.lists.at(-1);
  if (!last) return failed({ code: 'not-found', where: `--on ${isoOfDay(on)}`, message: nothingYet(lists) });
  return ok({
    on: isoOfDay(on),
    list: {
      file: last.file,
      dated: isoOfDay(last.dated),
      rows: last.entries.length,
      byModel: printedByModel(last, reader),
      agencies: agenciesIn(last, reader, history),
    },
    agreements: countsOf(history.agreements),
    pending: pendingOn(lists, on),
  });
}

function nothingYet(lists: readonly DatedList[]): string {
  const [first] = inOrder(lists.filter(({ kind }) => kind === 'participating'));
  if (!first) return 'the history holds no participating list; import some with "writkeeper registry import FILES"';
  return `no participating list is dated so early; the first is ${first.file} of ${isoOfDay(first.dated)}`;
}

function printedByModel(list: DatedList, reader: RowReader): ByModel {
  return byModel(list.entries.map(({ printed }) => reader(printed, list.datesFrom1904).model));
}

function agenciesIn(list: DatedList, reader: RowReader, history: AgreementHistory): number {
  const agencies = list.entries.flatMap(({ printed }) => {
    const { state, key, model } = reader(printed, list.datesFrom1904);
    if (state === undefined || key === undefined) return [];
    const name = model && history.nameOf(state, key, model);
    return [name ? `${name.state}|${name.agency}` : `${state}|${key}`];
  });
  return new Set(agencies).size;
}

function countsOf(agreements: readonly Agreement[]): RegistryReport['agreements'] {
  const listed = agreements.filter(({ status }) => status.kind === 'listed');
  const states = Map.groupBy(agreements, ({ state }) => state);
  return {
    ...byStatus(agreements),
    byModel: byModel(listed.map(({ model }) => model)),
    byState: Object.fromEntries([...states].map(([state, group]) => [state, stateCounts(group)])),
    byModelAndStatus: {
      WSO: byStatus(agreements.filter(({ model }) => model === 'WSO')),
      JEM: byStatus(agreements.filter(({ model }) => model === 'JEM')),
      TFM: byStatus(agreements.filter(({ model }) => model === 'TFM')),
    },
  };
}

function stateCounts(group: readonly Agreement[]): StateCounts {
  const listed = group.filter(({ status }) => status.kind === 'listed');
  return { ...byStatus(group), ...byModel(listed.map(({ model }) => model)) };
}

function byStatus(agreements: readonly Agreement[]): StatusCounts {
  const count = (kind: Status['kind']) => agreements.filter(({ status }) => status.kind === kind).length;
  return { listed: count('listed'), absent: count('absent'), ended: count('ended') };
}

function byModel(models: readonly (Model | undefined)[]): ByModel {
  const [WSO = 0, JEM = 0, TFM = 0] = MODELS.map((model) => models.filter((each) => each === model).length);
  return { WSO, JEM, TFM };
}

function pendingOn(lists: readonly DatedList[], on: Day): RegistryReport['pending'] {
  const last = inOrder(lists.filter(({ kind, dated }) => kind === 'pending' && dated <= on)).at(-1);
  return last ? { file: last.file, dated: isoOfDay(last.dated), rows: last.entries.length } : null;
}
