import { parseCase, type Sha256 } from '../../domain/case/parse.ts';
import type { Answer } from '../../domain/decision/answer.ts';
import { deciderFor, type Decider } from '../../domain/decision/decide.ts';
import { differences, type PlacedScenario, type ScenarioFile } from '../../domain/decision/scenario.ts';
import { lineOf } from '../../domain/failure.ts';
import { packsFor } from '../../domain/law/in-force.ts';
import type { Pack } from '../../domain/law/pack.ts';
import { dayOfDate } from '../../domain/time/instant.ts';
import { SILENT_STATE } from '../../domain/law/silent-state.ts';

export interface ScenarioResult {
  readonly placed: PlacedScenario;
  /** Each way in which the answer is not the expected one; none: passed. */
  readonly differences: readonly string[];
  readonly answer?: Answer | undefined;
}

type DeciderOf = (jurisdiction: string, decisions: Decisions) => Decider;
type Decisions = Readonly<Record<string, boolean>>;

/**
 * Asks every scenario's case by the packs given and compares the answer with what must come out. The made-up state
 * `us/xx` is silent, so that a scenario can ask what federal law says by itself.
 */
export function testScenarios(
  files: readonly ScenarioFile[],
  packs: readonly Pack[],
  sha256: Sha256,
): ScenarioResult[] {
  const choices = new Set(packs.flatMap((pack) => pack.choices.map(({ id }) => id)));
  const deciderOf = decidersOf(packs);
  return files.flatMap((file) => file.scenarios.map((placed) => testScenario(placed, choices, deciderOf, sha256)));
}

function decidersOf(packs: readonly Pack[]): DeciderOf {
  const deciders = new Map<string, Decider>();
  return (jurisdiction, decisions) => {
    const name = `${jurisdiction} ${JSON.stringify(decisions)}`;
    const known =
      deciders.get(name) ??
      deciderFor(decided(packsFor([...packs, SILENT_STATE], jurisdiction), decisions), jurisdiction);
    deciders.set(name, known);
    return known;
  };
}

/** The packs as they would be once counsel had decided so: the nearest jurisdiction's word is the last. */
function decided(packs: readonly Pack[], decisions: Decisions): Pack[] {
  const made = Object.entries(decisions).map(([choice, on]) => ({
    choice,
    on,
    decidedBy: 'the scenario',
    note: 'taken for decided',
    from: ALWAYS,
  }));
  return packs.map((pack, index) =>
    index === packs.length - 1 ? { ...pack, decisions: [...pack.decisions, ...made] } : pack,
  );
}

/** 1 January 1900: before every law of the packs. */
const ALWAYS = dayOfDate(1900, 1, 1);

function testScenario(
  placed: PlacedScenario,
  choices: ReadonlySet<string>,
  deciderOf: DeciderOf,
  sha256: Sha256,
): ScenarioResult {
  const { scenario } = placed;
  const decisions = scenario.decisions ?? {};
  const strange = Object.keys(decisions).filter((choice) => !choices.has(choice));
  if (strange.length > 0) return { placed, differences: strange.map((each) => `decides ${each}, which is no choice`) };
  const parsed = parseCase(scenario.case, sha256);
  if (!parsed.ok) return { placed, differences: parsed.failures.map((failure) => `case: ${lineOf(failure)}`) };
  const answer = deciderOf(parsed.value.jurisdiction, decisions)(parsed.value);
  return { placed, differences: differences(scenario.expect, answer), answer };
}

const OUTCOMES = ['permitted', 'prohibited', 'undetermined'] as const;

/**
 * Whether each rule is proved: by a scenario for every outcome (or the reason why one cannot be), by one in which it
 * decides, and by one in which a missing fact keeps it open.
 */
export function unprovedRules(
  files: readonly ScenarioFile[],
  packs: readonly Pack[],
  results: readonly ScenarioResult[],
): string[] {
  const rules = packs.flatMap((pack) => pack.rules);
  const known = new Set(rules.map((rule) => rule.id));
  const strangers = files.flatMap((file) =>
    file.rules.filter((id) => !known.has(id)).map((id) => `${file.file}: names the rule ${id}, which no pack has`),
  );
  const faults = rules.flatMap(({ id, effect }) => {
    const excused = new Set(
      files.filter((file) => file.rules.includes(id)).flatMap((file) => Object.keys(file.cannotBe)),
    );
    const own = results.filter((result) => result.placed.rules.includes(id));
    const has = (outcome: string, mentions: boolean): boolean =>
      own.some(
        ({ answer }) =>
          answer?.outcome === outcome && (!mentions || answer.findings.some((finding) => finding.rule === id)),
      );
    const decisive = effect === 'forbid' ? 'prohibited' : 'permitted';
    return OUTCOMES.filter((outcome) => !excused.has(outcome))
      .filter((outcome) => !has(outcome, outcome === decisive || outcome === 'undetermined'))
      .map((outcome) => `${id}: no scenario of its own proves it ${outcome}`);
  });
  return [...strangers, ...faults];
}
