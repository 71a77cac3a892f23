import { Command } from 'commander';
import { catalogue, type Entry } from '../app/rules/catalogue.ts';
import { differencesOf, type Change } from '../app/rules/diff.ts';
import { lawPages } from '../app/rules/docs.ts';
import { explained, nearTo } from '../app/rules/explain.ts';
import { newPack } from '../app/rules/new.ts';
import type { RulePacks } from '../app/ports.ts';
import type { ScenarioFile } from '../domain/decision/scenario.ts';
import { ok, type Result } from '../domain/failure.ts';
import type { Pack } from '../domain/law/pack.ts';
import { refuse, type CliContext } from './context.ts';
import type { RulesPorts } from './rules.ts';

const PACKS = ['--packs <folder>', 'the folder of the rule packs (default: those of Writkeeper)'] as const;

/** `rules new us/xx/yy`: a pack to start from, which permits nothing. */
export function newCommand(context: CliContext, ports: RulesPorts): Command {
  return new Command('new')
    .argument('<jurisdiction>', 'a path such as us/fl/monroe-county')
    .description('write a rule pack to start from; it permits nothing until counsel states the law')
    .option(...PACKS)
    .action((path: string, options: { packs?: string }) => {
      const files = newPack(path, ports.today());
      if (!files.ok) return refuse(context, files.failures);
      const written = ports.rulePacksAt(options.packs).create(path, files.value);
      if (!written.ok) return refuse(context, written.failures);
      context.out(
        `${written.value}\n${[...files.value.keys()].map((name) => `  ${name}\n`).join('')}` +
          'State the law in pack.yaml and in policies, then: writkeeper rules check --fix, rules test, rules build. See docs/guide/rule-packs.md.\n',
      );
    });
}

/** `rules explain ID`: one rule, limit, duty, class or choice in words; or all of a pack. */
export function explainCommand(context: CliContext, ports: RulesPorts): Command {
  return new Command('explain')
    .argument('<id>', 'an id such as us.detainer.d2-unsigned, or a pack such as us/fl')
    .description('say a rule in words, with its source, dates and scenarios')
    .option(...PACKS)
    .option('--json', 'as JSON')
    .action(async (id: string, options: { packs?: string; json?: true }) => {
      const law = await lawIn(ports.rulePacksAt(options.packs));
      if (!law.ok) return refuse(context, law.failures);
      const entries = catalogue(law.value.packs, law.value.files);
      const found = entries.filter((entry) => entry.id === id || entry.pack === id);
      if (found.length === 0) {
        const near = nearTo(id, entries);
        const advice = near.length === 0 ? 'see docs/law/README.md' : `near: ${near.join(', ')}`;
        return refuse(context, [{ code: 'not-found', where: id, message: `no pack has a rule of this id; ${advice}` }]);
      }
      if (options.json) return context.out(`${JSON.stringify(found, undefined, 2)}\n`);
      const [only] = found;
      context.out(found.length === 1 && only !== undefined ? explained(only) : found.map(oneLine).join(''));
    });
}

/** `rules diff A B`: what changed between two states of the law. */
export function diffCommand(context: CliContext, ports: RulesPorts): Command {
  return new Command('diff')
    .argument('<before>', 'a pack folder, a pack.json, or a folder of packs')
    .argument('<after>', 'the same, later')
    .description('say what changed between two rule packs')
    .option('--json', 'as JSON')
    .action(async (before: string, after: string, options: { json?: true }) => {
      const [old, now] = [await ports.packsAt(before), await ports.packsAt(after)];
      if (!old.ok) return refuse(context, old.failures);
      if (!now.ok) return refuse(context, now.failures);
      const changes = differencesOf(old.value, now.value);
      if (options.json) return context.out(`${JSON.stringify(changes, undefined, 2)}\n`);
      context.out(changes.length === 0 ? 'No difference.\n' : changes.map(changeLines).join(''));
    });
}

/** `rules docs`: the pages of docs/law, made anew; `--check` only says which are not current. */
export function docsCommand(context: CliContext, ports: RulesPorts): Command {
  return new Command('docs')
    .description('write docs/law from the rule packs')
    .option(...PACKS)
    .option('--out <folder>', 'where the pages go (default: docs/law)')
    .option('--check', 'write nothing; exit 1 where a page is not current')
    .action(async (options: { packs?: string; out?: string; check?: true }) => {
      const law = await lawIn(ports.rulePacksAt(options.packs));
      if (!law.ok) return refuse(context, law.failures);
      const pages = lawPages(law.value.packs, law.value.files);
      const folder = ports.pagesAt(options.out);
      const drift = folder.drift(pages);
      if (!options.check) folder.write(pages);
      for (const name of drift)
        context.out(
          `${name}: ${options.check ? 'is not what the rule packs say; run "writkeeper rules docs"' : 'written'}\n`,
        );
      context.out(`${pages.size} pages, ${drift.length} ${options.check ? 'not current' : 'changed'}\n`);
      if (options.check && drift.length > 0) context.exitWith(1);
    });
}

async function lawIn(rulePacks: RulePacks): Promise<Result<{ packs: Pack[]; files: ScenarioFile[] }>> {
  const packs = await rulePacks.build();
  if (!packs.ok) return packs;
  const files = rulePacks.scenarios();
  return files.ok ? ok({ packs: packs.value, files: files.value }) : files;
}

function oneLine(entry: Entry): string {
  return `${entry.id.padEnd(44)} ${entry.effect.padEnd(9)} ${entry.title}\n`;
}

function changeLines({ change, kind, id, parts }: Change): string {
  const lines = parts.map(({ part, before, after }) => `    ${part}\n      - ${before}\n      + ${after}\n`);
  return `${change.padEnd(8)} ${kind} ${id}\n${lines.join('')}`;
}
