import { Command } from 'commander';
import { caseAnswerer, type Decided } from '../app/decide.ts';
import type { CaseSource, RulePacks } from '../app/ports.ts';
import type { Sha256 } from '../domain/case/parse.ts';
import type { Answer } from '../domain/decision/answer.ts';
import { lineOf, type Failure, type Result } from '../domain/failure.ts';
import type { CliContext, ExitCode } from './context.ts';
import { memoOf } from './memo.ts';

export interface DecidePorts {
  readonly rulePacksAt: (root?: string) => RulePacks;
  readonly cases: CaseSource;
  readonly sha256: Sha256;
  /** Made-up cases that come with Writkeeper, in the order in which they are shown. */
  readonly demoCases: readonly { readonly title: string; readonly path: string }[];
}

interface Options {
  readonly json?: true;
  readonly batch?: true;
  readonly packs?: string;
}

const EXIT: Readonly<Record<Answer['outcome'], ExitCode>> = { permitted: 0, prohibited: 10, undetermined: 20 };

/** `writkeeper decide CASE.json`: the main job. */
export function decideCommand(context: CliContext, ports: DecidePorts): Command {
  return new Command('decide')
    .argument('<case>', 'a case document (docs/contract.md), or - for standard input')
    .description('say what may be done, until when, by whose authority, and what is missing')
    .option('--json', 'print the answer as JSON')
    .option('--batch', 'the file holds one case a line')
    .option('--packs <folder>', 'the folder of the rule packs (default: those of Writkeeper)')
    .addHelpText(
      'after',
      '\nExit code: 0 permitted, 10 prohibited, 20 undetermined, 2 bad input. With --batch: 0, or 2 where a line was bad.',
    )
    .action(async (path: string, options: Options) => {
      const answer = caseAnswerer(ports.rulePacksAt(options.packs), ports.sha256);
      await (options.batch
        ? decideEach(context, ports, path, options, answer)
        : decideOne(context, ports, path, options, answer));
    });
}

/** `writkeeper demo`: three made-up cases, decided like any other. */
export function demoCommand(context: CliContext, ports: DecidePorts): Command {
  return new Command('demo').description('decide three made-up cases').action(async () => {
    const answer = caseAnswerer(ports.rulePacksAt(), ports.sha256);
    for (const { title, path } of ports.demoCases) {
      const decided = await answerAt(ports, path, answer);
      if (!decided.ok) return refuse(context, path, decided.failures);
      context.out(`\n${title}\n${memoOf(decided.value.case, decided.value.answer)}`);
    }
    context.out(
      `\nYour own: writkeeper decide CASE.json, a case as in docs/contract.md (try: npx writkeeper decide demo/florida-wso.json).\n`,
    );
  });
}

type Answerer = (text: string) => Result<Decided>;

async function answerAt(ports: DecidePorts, path: string, answer: Answerer): Promise<Result<Decided>> {
  const text = await ports.cases.read(path);
  return text.ok ? answer(text.value) : text;
}

async function decideOne(
  context: CliContext,
  ports: DecidePorts,
  path: string,
  options: Options,
  answer: Answerer,
): Promise<void> {
  const decided = await answerAt(ports, path, answer);
  if (!decided.ok) {
    refuse(context, path, decided.failures);
    return;
  }
  context.out(shown(decided.value, options));
  context.exitWith(EXIT[decided.value.answer.outcome]);
}

async function decideEach(
  context: CliContext,
  ports: DecidePorts,
  path: string,
  options: Options,
  answer: Answerer,
): Promise<void> {
  let answered = 0;
  for await (const read of ports.cases.lines(path)) {
    await context.room();
    const decided = read.ok ? answer(read.value.text) : read;
    if (decided.ok) {
      answered += 1;
      context.out(shown(decided.value, options));
      continue;
    }
    const where = read.ok ? `${path}:${read.value.line}` : path;
    refuse(context, where, decided.failures);
    // The place of a case that could not be read is kept, so that answers can be matched with lines.
    if (options.json)
      context.out(`${JSON.stringify({ line: read.ok ? read.value.line : null, failures: decided.failures })}\n`);
  }
  if (answered === 0)
    refuse(context, path, [
      { code: 'malformed', where: '', message: 'no case could be answered; write one case a line' },
    ]);
}

function shown(decided: Decided, options: Options): string {
  return options.json ? `${JSON.stringify(decided.answer)}\n` : memoOf(decided.case, decided.answer);
}

/** A line for each failure, with the file before the path in it. */
function refuse(context: CliContext, file: string, failures: readonly Failure[]): void {
  const name = file === '-' ? 'standard input' : file;
  for (const failure of failures) {
    const line = lineOf(failure);
    context.err(line.startsWith(name) ? `${line}\n` : `${name}: ${line}\n`);
  }
  context.exitWith(2);
}
