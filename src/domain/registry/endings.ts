import { failed, ok, type Result } from '../failure.ts';
import { isoOfDay, type Day } from '../time/instant.ts';
import { historyUpTo, type Agreement } from './agreements.ts';
import type { DatedList } from './list.ts';
import type { Model } from './models.ts';
import { rowReader } from './sightings.ts';
import type { StateCode } from './states.ts';

/** An agreement that is ended, or absent and not yet ended, with the lists that show it. Keys are a contract. */
export interface Ending {
  readonly state: StateCode;
  readonly agency: string;
  readonly model: Model;
  readonly status: 'absent' | 'ended';
  readonly firstListed: string;
  readonly lastListed: string;
  readonly absentSince: string;
  /** The agency is still listed under another model: a change of model and not a farewell. */
  readonly stillHasOtherModel: boolean;
  readonly evidence: {
    readonly lastFileWith: string;
    readonly firstFileWithout: string;
    readonly listsWithout: number;
    readonly daysWithout: number;
    readonly spellings: readonly string[];
  };
}

export interface EndingsQuestion {
  /** The end of the time looked at; without it, the last list. */
  readonly on: Day | undefined;
  readonly model: Model | undefined;
  /** Also those that are absent and not ended yet. */
  readonly withAbsent: boolean;
}

export function endingsOf(lists: readonly DatedList[], question: EndingsQuestion): Result<readonly Ending[]> {
  const on = question.on ?? (Math.max(...lists.map(({ dated }) => dated)) as Day);
  const { agreements, lists: known } = historyUpTo(lists, on, rowReader());
  if (known.length === 0) {
    const where = question.on === undefined ? '' : `--on ${isoOfDay(on)}`;
    return failed({ code: 'not-found', where, message: 'the history holds no participating list of that time' });
  }
  const listed = agreements.filter(({ status }) => status.kind === 'listed');
  const stillListed = Map.groupBy(listed, agencyOf);
  return ok(
    agreements
      .filter(({ model }) => question.model === undefined || model === question.model)
      .flatMap((agreement) => endingOf(agreement, (stillListed.get(agencyOf(agreement)) ?? []).length > 0))
      .filter(({ status }) => status === 'ended' || question.withAbsent),
  );
}

function endingOf(agreement: Agreement, stillHasOtherModel: boolean): Ending[] {
  const { state, agency, model, status, spellings } = agreement;
  if (status.kind === 'listed') return [];
  const { kind, firstListed, lastListed, absentSince, lastFile, firstFileWithout, listsWithout, daysWithout } = status;
  const names = [...new Set(spellings.map(({ printed }) => printed))];
  const evidence = { lastFileWith: lastFile, firstFileWithout, listsWithout, daysWithout, spellings: names };
  return [{ state, agency, model, status: kind, firstListed, lastListed, absentSince, stillHasOtherModel, evidence }];
}

function agencyOf({ state, agency }: Agreement): string {
  return `${state}|${agency}`;
}
