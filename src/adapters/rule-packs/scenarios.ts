import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { ScenarioFile } from '../../domain/decision/scenario.ts';
import { failed, ok, type Failure, type Result } from '../../domain/failure.ts';
import { edited } from '../../domain/case/edit.ts';
import type { Tree } from './tree.ts';

const outcome = z.enum(['permitted', 'prohibited', 'undetermined']);

const expectation = z.strictObject({
  outcome: outcome.optional(),
  instruction: z.enum(['continue-state-custody', 'hold-until', 'release', 'hand-over', 'ask-a-person']).optional(),
  required: z.boolean().optional(),
  deadline: z.string().optional(),
  limits: z.array(z.strictObject({ cites: z.string(), deadline: z.string() })).optional(),
  cites: z.array(z.string()).optional(),
  missing: z.array(z.string()).optional(),
  duties: z.array(z.strictObject({ contains: z.string(), dueAt: z.string().optional() })).optional(),
});

/** The contract's own form: one JSON file, one scenario. */
const whole = z.strictObject({ name: z.string(), why: z.string(), case: z.unknown(), expect: expectation });

const decisions = z.record(z.string(), z.boolean()).optional();

const change = {
  set: z.record(z.string(), z.unknown()).default({}),
  remove: z.array(z.string()).default([]),
};

/** A pack's form: a named case, what the file changes in it, and what each scenario changes in that. */
const compact = z.strictObject({
  rules: z.array(z.string()).default([]),
  base: z.string(),
  decisions,
  cannotBe: z.partialRecord(outcome, z.string().min(10)).default({}),
  ...change,
  scenarios: z
    .array(
      z.strictObject({
        name: z.string(),
        why: z.string().optional(),
        base: z.string().optional(),
        decisions,
        ...change,
        expect: expectation,
      }),
    )
    .min(1),
});

/** Scenario files at a path: a file, or a folder with all that lies below it. */
export function readScenarios(tree: Tree, path: string): Result<ScenarioFile[]> {
  if (!existsSync(path)) return failed({ code: 'not-found', where: path, message: 'there is no such file or folder' });
  const files = statSync(path).isDirectory() ? scenarioFilesIn(path) : [path];
  const results = files.map((file) => readScenarioFile(tree, file));
  const failures = results.flatMap((result) => (result.ok ? [] : result.failures));
  if (failures.length > 0) return failed(...failures);
  return ok(results.flatMap((result) => (result.ok ? [result.value] : [])));
}

function scenarioFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(json|ya?ml)$/.test(name))
    .filter((name) => !/(^|\/)(pack\.(yaml|json))$/.test(name) && !/(^|\/)bases\//.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function readScenarioFile(tree: Tree, file: string): Result<ScenarioFile> {
  const document = readYaml(file);
  if (!document.ok) return document;
  if (file.endsWith('.json')) {
    const parsed = whole.safeParse(document.value);
    if (!parsed.success) return failed(...shapeFailures(file, parsed.error));
    const { name, why, expect } = parsed.data;
    const scenario = { name, why, case: parsed.data.case, expect };
    return ok({ file, rules: [], cannotBe: {}, scenarios: [{ file, rules: [], scenario }] });
  }
  const parsed = compact.safeParse(document.value);
  if (!parsed.success) return failed(...shapeFailures(file, parsed.error));
  return placed(tree, file, parsed.data);
}

function placed(tree: Tree, file: string, data: z.output<typeof compact>): Result<ScenarioFile> {
  const failures: Failure[] = [];
  const scenarios = data.scenarios.map((each) => {
    const base = readYaml(join(tree.root, 'bases', `${each.base ?? data.base}.yaml`));
    const changed = base.ok ? edited(base.value, { ...data.set, ...each.set }, [...data.remove, ...each.remove]) : base;
    if (!changed.ok)
      failures.push(...changed.failures.map((failure) => ({ ...failure, where: `${file}: ${failure.where}` })));
    const document = changed.ok ? changed.value : undefined;
    const decided = { ...data.decisions, ...each.decisions };
    const scenario = {
      name: each.name,
      why: each.why ?? each.name,
      case: document,
      decisions: decided,
      expect: each.expect,
    };
    return { file, rules: data.rules, scenario };
  });
  const cannotBe: Record<string, string> = { ...data.cannotBe };
  return failures.length > 0 ? failed(...failures) : ok({ file, rules: data.rules, cannotBe, scenarios });
}

function readYaml(file: string): Result<unknown> {
  if (!existsSync(file)) return failed({ code: 'not-found', where: file, message: 'there is no such file' });
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [error] = document.errors;
  if (error !== undefined) {
    const [start] = error.linePos ?? [];
    const where = start === undefined ? file : `${file}:${start.line}:${start.col}`;
    return failed({ code: 'malformed', where, message: error.message.split('\n')[0] ?? error.message });
  }
  return ok(document.toJS());
}

function shapeFailures(file: string, error: z.ZodError): Failure[] {
  return error.issues.map((issue) => ({
    code: 'malformed',
    where: file,
    message: `${issue.path.join('.')}: ${issue.message}`,
  }));
}
