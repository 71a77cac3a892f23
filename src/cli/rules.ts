import { Command } from 'commander';
import type { Sha256 } from '../domain/case/parse.ts';
import type { Result } from '../domain/failure.ts';
import type { Pack } from '../domain/law/pack.ts';
import { explainCommand, diffCommand, docsCommand, newCommand } from './rules-read.ts';
import { testScenarios, unprovedRules } from '../app/rules/test-scenarios.ts';
import type { PageFolder, RulePacks } from '../app/ports.ts';
import { refuse, type CliContext } from './context.ts';

export interface RulesPorts {
  readonly rulePacksAt: (root?: string) => RulePacks;
  readonly sha256: Sha256;
  /** Where `docs/law` is kept; another folder where one is given. */
  readonly pagesAt: (folder?: string) => PageFolder;
  /** The packs at a path on disk: a pack's folder, its pack.json, or a whole tree. */
  readonly packsAt: (path: string) => Promise<Result<Pack[]>>;
  /** The machine's day, `YYYY-MM-DD`. */
  readonly today: () => string;
}

/** `writkeeper rules …`: for whoever writes the law down, a county's lawyer first of all. */
export function rulesCommand(context: CliContext, ports: RulesPorts): Command {
  const rules = new Command('rules').description('write, check, test and read rule packs');
  const packs = ['--packs <folder>', 'the folder of the rule packs (default: those of Writkeeper)'] as const;
  rules
    .command('build')
    .description('build every rule pack from its sources, for decisions to read')
    .option(...packs)
    .action((options: { packs?: string }) => build(context, ports.rulePacksAt(options.packs)));
  rules
    .command('check')
    .description('check every rule pack: syntax, types, citations, dates, format; and that its build is current')
    .option(...packs)
    .option('--fix', 'rewrite policy files as the formatter wants them')
    .action((options: { packs?: string; fix?: true }) =>
      check(context, ports.rulePacksAt(options.packs), options.fix === true),
    );
  rules
    .command('test')
    .argument('[paths...]', 'scenario files or folders (default: those of the rule packs)')
    .description('ask every scenario and compare the answer with what must come out')
    .option(...packs)
    .action((paths: string[], options: { packs?: string }) => test(context, ports, paths, options.packs));
  rules.addCommand(newCommand(context, ports));
  rules.addCommand(explainCommand(context, ports));
  rules.addCommand(diffCommand(context, ports));
  rules.addCommand(docsCommand(context, ports));
  return rules;
}

async function build(context: CliContext, rulePacks: RulePacks): Promise<void> {
  const built = await rulePacks.build();
  if (!built.ok) {
    refuse(context, built.failures);
    return;
  }
  const changed = rulePacks.keep(built.value);
  context.out(
    `${built.value.length} rule packs built, ${changed.length} changed${changed.map((path) => `\n  ${path}`).join('')}\n`,
  );
}

async function check(context: CliContext, rulePacks: RulePacks, mend: boolean): Promise<void> {
  const built = await rulePacks.build();
  if (!built.ok) {
    refuse(context, built.failures);
    return;
  }
  const unformatted = await rulePacks.unformatted(mend);
  for (const name of unformatted)
    context.out(`${name}: ${mend ? 'rewritten' : 'not formatted; run "writkeeper rules check --fix"'}\n`);
  const stale = mend ? [] : rulePacks.stale(built.value);
  for (const path of stale) context.out(`${path}: the build is not current; run "writkeeper rules build"\n`);
  const count = (pick: (pack: Pack) => number): number => built.value.reduce((sum, pack) => sum + pick(pack), 0);
  context.out(
    `${built.value.length} rule packs: ${count((pack) => pack.rules.length)} rules, ${count((pack) => pack.limits.length)} limits, ` +
      `${count((pack) => pack.duties.length)} duties, ${count((pack) => pack.authorities.length)} authorities ` +
      `(${count((pack) => pack.authorities.filter((each) => !each.confirmed).length)} unconfirmed)\n`,
  );
  if (stale.length > 0 || (unformatted.length > 0 && !mend)) context.exitWith(1);
}

async function test(context: CliContext, ports: RulesPorts, paths: readonly string[], root?: string): Promise<void> {
  const rulePacks = ports.rulePacksAt(root);
  const built = await rulePacks.build();
  if (!built.ok) {
    refuse(context, built.failures);
    return;
  }
  const own = paths.length === 0;
  const read = own ? [rulePacks.scenarios()] : paths.map((path) => rulePacks.scenarios(path));
  const failures = read.flatMap((each) => (each.ok ? [] : each.failures));
  if (failures.length > 0) {
    refuse(context, failures);
    return;
  }
  const files = read.flatMap((each) => (each.ok ? each.value : []));
  const results = testScenarios(files, built.value, ports.sha256);
  const wrong = results.filter((result) => result.differences.length > 0);
  for (const { placed, differences } of wrong) {
    context.out(`✗ ${placed.file}: ${placed.scenario.name}\n${differences.map((line) => `    ${line}\n`).join('')}`);
  }
  const unproved = own ? unprovedRules(files, built.value, results) : [];
  for (const line of unproved) context.out(`✗ ${line}\n`);
  if (results.length === 0) {
    refuse(context, [{ code: 'not-found', where: paths.join(', '), message: 'holds no scenario' }]);
    return;
  }
  context.out(`${results.length - wrong.length} passed, ${wrong.length + unproved.length} failed\n`);
  if (wrong.length + unproved.length > 0) context.exitWith(1);
}
