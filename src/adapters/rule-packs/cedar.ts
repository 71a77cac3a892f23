import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { ACTS, type Act } from '../../domain/case/case.ts';
import type { Failure } from '../../domain/failure.ts';
import { compile, UnsupportedExpression, type CedarExpression } from '../../domain/law/evaluate.ts';
import { dayFrom, type Day } from '../../domain/time/instant.ts';
import { failureAt, placeAt, type SourceFile } from './source.ts';

/** One policy as its file states it; citations are not looked up yet. */
export interface ParsedRule {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  readonly requires: boolean;
  readonly cite: readonly string[];
  readonly title: string;
  readonly from: Day;
  readonly until?: Day | undefined;
  readonly acts: readonly Act[];
  readonly conditions: readonly CedarExpression[];
  readonly source: string;
  /** Where the policy begins, for messages about it: `file:line:column`. */
  readonly place: string;
}

const KNOWN = ['id', 'cite', 'title', 'from', 'until', 'requires'];
const NEEDED = ['id', 'cite', 'title', 'from'];

/** The policies of one `.cedar` file, syntax and types checked by Cedar itself against the facts a rule may read. */
export function parseCedar(file: SourceFile, schema: string): { rules: ParsedRule[]; failures: Failure[] } {
  const parts = cedar.policySetTextToParts(file.text);
  if (parts.type === 'failure') return { rules: [], failures: parts.errors.map((error) => ofCedar(file, error, 0)) };
  const failures: Failure[] = [];
  const rules: ParsedRule[] = [];
  if (parts.policy_templates.length > 0) {
    failures.push(failureAt(file, 0, 'holds a template (?principal or ?resource); write the rule without'));
  }
  let searched = 0;
  for (const source of parts.policies) {
    const start = Math.max(0, file.text.indexOf(source, searched));
    searched = start + source.length;
    failures.push(...typeErrors(file, source, start, schema));
    const rule = parseRule(file, source, start);
    if (Array.isArray(rule)) failures.push(...rule);
    else rules.push(rule);
  }
  return { rules, failures };
}

/** The file as Cedar's own formatter writes it. */
export function formatCedar(text: string): string | undefined {
  const answer = cedar.formatPolicies({ policyText: text, lineWidth: 120, indentWidth: 2 });
  return answer.type === 'success' ? answer.formatted_policy : undefined;
}

function typeErrors(file: SourceFile, source: string, start: number, schema: string): Failure[] {
  const answer = cedar.validate({
    schema,
    policies: { staticPolicies: { rule: source } },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') return answer.errors.map((error) => ofCedar(file, error, start));
  return [...answer.validationErrors, ...answer.validationWarnings].map(({ error }) => ofCedar(file, error, start));
}

function parseRule(file: SourceFile, source: string, start: number): ParsedRule | Failure[] {
  const answer = cedar.policyToJson(source);
  if (answer.type === 'failure') return answer.errors.map((error) => ofCedar(file, error, start));
  const { json } = answer;
  const annotations = (json.annotations ?? {}) as Readonly<Record<string, string>>;
  const at = (name: string): number => start + Math.max(0, source.indexOf(`@${name}`));
  const failures = annotationFailures(file, annotations, start, at);
  const acts = actsOf(json.action);
  if (json.principal.op !== 'All' || json.resource.op !== 'All') {
    failures.push(failureAt(file, start, 'names a principal or a resource; conditions on context say who and where'));
  }
  if (acts === undefined) {
    failures.push(
      failureAt(file, start, `must name its acts: action == Action::"hold" or in [ … ] of ${ACTS.join(', ')}`),
    );
  }
  const conditions = json.conditions.map(({ kind, body }) => conditionOf(kind, body as CedarExpression));
  failures.push(...conditions.flatMap((condition) => compileFailures(file, start, condition)));
  const from = dayFrom(annotations['from'] ?? '');
  if (failures.length > 0 || acts === undefined || from === undefined) return failures;
  return {
    id: annotations['id'] ?? '',
    effect: json.effect,
    requires: annotations['requires'] !== undefined,
    cite: (annotations['cite'] ?? '').split(';').map((each) => each.trim()),
    title: annotations['title'] ?? '',
    from,
    until: annotations['until'] === undefined ? undefined : dayFrom(annotations['until']),
    acts,
    conditions,
    source,
    place: placeAt(file, start),
  };
}

function annotationFailures(
  file: SourceFile,
  annotations: Readonly<Record<string, string>>,
  start: number,
  at: (name: string) => number,
): Failure[] {
  const failures: Failure[] = [];
  for (const name of NEEDED) {
    if (!annotations[name]?.trim()) failures.push(failureAt(file, start, `needs @${name}("…")`));
  }
  for (const name of Object.keys(annotations)) {
    if (!KNOWN.includes(name))
      failures.push(failureAt(file, at(name), `@${name} is unknown; known are @${KNOWN.join(' @')}`));
  }
  for (const name of ['from', 'until']) {
    const text = annotations[name];
    if (text !== undefined && dayFrom(text) === undefined) {
      failures.push(failureAt(file, at(name), `@${name}("${text}") is no calendar day; write 2026-02-17`));
    }
  }
  const { from, until } = annotations;
  if (from !== undefined && until !== undefined && until <= from) {
    failures.push(
      failureAt(file, at('until'), '@until is the first day no longer in force, and must be later than @from'),
    );
  }
  return failures;
}

function actsOf(action: cedar.PolicyJson['action']): Act[] | undefined {
  const entities =
    action.op === '==' && 'entity' in action
      ? [action.entity]
      : action.op === 'in' && 'entities' in action
        ? action.entities
        : [];
  const ids = entities.map((entity) => ('id' in entity ? entity.id : ''));
  const acts = ACTS.filter((act) => ids.includes(act));
  return acts.length === 0 || acts.length !== ids.length ? undefined : acts;
}

function conditionOf(kind: string, body: CedarExpression): CedarExpression {
  return kind === 'unless' ? { '!': { arg: body } } : body;
}

function compileFailures(file: SourceFile, start: number, condition: CedarExpression): Failure[] {
  try {
    compile(condition);
    return [];
  } catch (error) {
    if (error instanceof UnsupportedExpression) return [failureAt(file, start, error.message)];
    throw error;
  }
}

/** Cedar's own message at its own place; Cedar counts bytes. */
function ofCedar(file: SourceFile, error: cedar.DetailedError, start: number): Failure {
  const location = error.sourceLocations?.[0];
  const before = Buffer.byteLength(file.text.slice(0, start));
  const offset = Buffer.from(file.text)
    .subarray(0, before + (location?.start ?? 0))
    .toString().length;
  const advice = [error.help, location?.label].filter(Boolean).join('; ');
  return failureAt(file, offset, advice === '' ? error.message : `${error.message} (${advice})`);
}
