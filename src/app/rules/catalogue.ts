import type { ScenarioFile } from '../../domain/decision/scenario.ts';
import type { Authority, Pack } from '../../domain/law/pack.ts';
import { isoOfDay, type Day } from '../../domain/time/instant.ts';
import { conditionsInWords, factsRead } from './words.ts';

/** One named piece of law, whatever its kind, as a reader looks it up. */
export interface Entry {
  readonly id: string;
  readonly kind: 'rule' | 'limit' | 'duty' | 'conviction class' | 'choice';
  readonly pack: string;
  readonly title: string;
  /** `permits`, `forbids`, `requires`; for other kinds what they do, in words. */
  readonly effect: string;
  readonly acts: readonly string[];
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly citation: string;
  readonly authorities: readonly Authority[];
  readonly conditions: readonly string[];
  readonly facts: readonly string[];
  readonly source?: string | undefined;
  readonly scenarios: readonly { readonly name: string; readonly outcome?: string | undefined }[];
}

/** Every rule, limit, duty, class and choice of the packs, in the order of the packs. */
export function catalogue(packs: readonly Pack[], files: readonly ScenarioFile[]): Entry[] {
  const authorities = new Map(packs.flatMap((pack) => pack.authorities.map((each) => [each.citation, each] as const)));
  const cited = (citation: string): Authority[] => citation.split('; ').flatMap((each) => authorities.get(each) ?? []);
  const scenariosOf = (id: string): Entry['scenarios'] =>
    files
      .filter((file) => file.rules.includes(id))
      .flatMap((file) =>
        file.scenarios.map(({ scenario }) => ({ name: scenario.name, outcome: scenario.expect.outcome })),
      );
  return packs.flatMap((pack) => {
    const entry = (
      kind: Entry['kind'],
      id: string,
      title: string,
      citation: string,
      effect: string,
      dated?: { from: Day; until?: Day | undefined },
    ): Entry => ({
      id,
      kind,
      pack: pack.path,
      title,
      effect,
      acts: [],
      ...(dated === undefined ? {} : { from: isoOfDay(dated.from) }),
      ...(dated?.until === undefined ? {} : { until: isoOfDay(dated.until) }),
      citation,
      authorities: cited(citation),
      conditions: [],
      facts: [],
      scenarios: [],
    });
    return [
      ...pack.rules.map((rule) => ({
        ...entry(
          'rule',
          rule.id,
          rule.title,
          rule.citation,
          rule.effect === 'forbid' ? 'forbids' : rule.requires ? 'requires' : 'permits',
          rule,
        ),
        acts: rule.acts,
        conditions: conditionsInWords(rule),
        facts: factsRead(rule),
        source: rule.source,
        scenarios: scenariosOf(rule.id),
      })),
      ...pack.limits.map((limit) => entry('limit', limit.id, limit.title, limit.citation, limitInWords(limit), limit)),
      ...pack.duties.map((duty) => ({
        ...entry('duty', duty.id, duty.duty, duty.citation, dutyInWords(duty), duty),
        acts: duty.acts,
      })),
      ...pack.convictionClasses.map((each) =>
        entry(
          'conviction class',
          each.code,
          each.title,
          each.citation,
          each.withinYears === undefined ? 'at any time' : `within ${each.withinYears} years`,
          each,
        ),
      ),
      ...pack.choices.map((choice) =>
        entry('choice', choice.id, choice.question, choice.citation, 'counsel decides; off until then'),
      ),
    ];
  });
}

function limitInWords(limit: Pack['limits'][number]): string {
  const length = limit.hours === undefined ? 'until the end of the day' : `${limit.hours} hours`;
  const anchors = {
    'custody-ended': 'the end of state custody',
    'detainer-received': 'receipt of the detainer',
    'warrant-served': 'service of the warrant',
  };
  const without =
    limit.excludes.length === 0 ? 'every hour counts' : `without ${limit.excludes.join(', ').replaceAll('-', ' ')}`;
  const when = limit.choice === undefined ? '' : `; only where counsel has chosen ${limit.choice}`;
  return `${length} from ${anchors[limit.anchor]}; ${without}${when}`;
}

function dutyInWords({ trigger, withinHours }: Pack['duties'][number]): string {
  const due = withinHours === undefined ? 'no hour fixed' : withinHours === 0 ? 'at once' : `within ${withinHours} h`;
  return `when: ${trigger.replaceAll('-', ' ')}; ${due}`;
}
