import { Command, InvalidArgumentError, Option } from 'commander';
import { importLists } from '../app/registry/import-lists.ts';
import { listEndings } from '../app/registry/list-endings.ts';
import type { RegistryPorts } from '../app/registry/ports.ts';
import { reportRegistry } from '../app/registry/report-registry.ts';
import { lineOf, type Result } from '../domain/failure.ts';
import { modelFrom, MODELS, type Model } from '../domain/registry/models.ts';
import { dayFrom, type Day } from '../domain/time/instant.ts';
import type { CliContext } from './context.ts';
import { endingsText, importText, reportText } from './registry-text.ts';

interface Common {
  readonly db: string;
  readonly json?: true;
}

const DB = './data/registry.json';

/** `writkeeper registry`: ICE's own lists of agencies with a 287(g) agreement, as one history. */
export function registryCommand(context: CliContext, ports: RegistryPorts): Command {
  return new Command('registry')
    .description("ICE's lists of agencies with a 287(g) agreement, read into one history of agreements")
    .addCommand(importCommand(context, ports))
    .addCommand(reportCommand(context, ports))
    .addCommand(endingsCommand(context, ports));
}

function importCommand(context: CliContext, ports: RegistryPorts): Command {
  return common(new Command('import'))
    .description('read workbooks of ICE into the history; a failed import leaves the history as it was')
    .argument('<files...>', 'workbooks, folders of them, globs')
    .option('--changes <file>', 'write every change and everything not understood there, one JSON object a line')
    .action(async (patterns: string[], options: Common & { readonly changes?: string }) => {
      const order = { patterns, db: options.db, changes: options.changes, onProgress: progressLine(context) };
      const summary = await importLists(ports, order);
      clearProgress(context);
      answer(context, summary, options, importText);
    });
}

function reportCommand(context: CliContext, ports: RegistryPorts): Command {
  return common(new Command('report'))
    .description('count agreements by model, state and status as of a day')
    .requiredOption('--on <date>', 'the day, YYYY-MM-DD', parseDay)
    .action(async (options: Common & { readonly on: Day }) => {
      answer(context, await reportRegistry(ports, options.db, options.on), options, reportText);
    });
}

function endingsCommand(context: CliContext, ports: RegistryPorts): Command {
  return common(new Command('endings'))
    .description('list the agreements that have ended, with the lists that show it')
    .option('--on <date>', 'look no further than this day, YYYY-MM-DD', parseDay)
    .addOption(new Option('--model <model>', `only this model: ${MODELS.join(', ')}`).argParser(parseModel))
    .option('--with-absent', 'also those that are absent and not ended yet')
    .action(async (options: Common & { readonly on?: Day; readonly model?: Model; readonly withAbsent?: true }) => {
      const question = { on: options.on, model: options.model, withAbsent: options.withAbsent === true };
      answer(context, await listEndings(ports, options.db, question), options, endingsText);
    });
}

function common(command: Command): Command {
  return command
    .option('--db <file>', 'where the history is kept; packed if it ends in .gz', DB)
    .option('--json', 'as JSON');
}

function answer<T>(context: CliContext, result: Result<T>, options: Common, text: (value: T) => string): void {
  if (!result.ok) {
    for (const failure of result.failures) context.err(`${lineOf(failure)}\n`);
    context.exitWith(2);
    return;
  }
  context.out(options.json ? `${JSON.stringify(result.value, null, 2)}\n` : text(result.value));
  context.exitWith(0);
}

function parseDay(text: string): Day {
  const day = dayFrom(text);
  if (day === undefined) throw new InvalidArgumentError('It must be a day such as 2025-06-30.');
  return day;
}

function parseModel(text: string): Model {
  const model = modelFrom(text);
  if (model === undefined) throw new InvalidArgumentError(`It must be one of ${MODELS.join(', ')}.`);
  return model;
}

/** One line that is written over: a log that is no terminal stays clean. */
function progressLine(context: CliContext): (path: string, done: number, total: number) => void {
  return (path, done, total) => {
    if (context.showsProgress) context.err(`\r\u001b[2K${done + 1}/${total} ${path.slice(-60)}`);
  };
}

function clearProgress(context: CliContext): void {
  if (context.showsProgress) context.err('\r\u001b[2K');
}
