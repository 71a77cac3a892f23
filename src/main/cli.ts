import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { caseFiles } from '../adapters/cases/case-files.ts';
import { rulePacksIn } from '../adapters/rule-packs/store.ts';
import { sha256 } from '../adapters/system/sha256.ts';
import { decideCommand, demoCommand, type DecidePorts } from '../cli/decide.ts';
import { rulesCommand } from '../cli/rules.ts';
import type { CliContext } from '../cli/context.ts';

/** The composition root of the command line: the only reader of the process and its environment. */
const home = packageHome(import.meta.dirname);

const context: CliContext = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  showsProgress: process.stderr.isTTY,
  exitWith: (code) => (process.exitCode = code),
};

// A reader such as `head` may close the pipe before we have said all: that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const rulePacksAt = (root?: string): ReturnType<typeof rulePacksIn> =>
  rulePacksIn({ root: root ?? join(home, 'rule-packs') });

const decidePorts: DecidePorts = {
  rulePacksAt,
  cases: caseFiles(process.stdin),
  sha256,
  demoCases: [
    {
      title: '1. A Florida county with a Warrant Service Officer agreement: the warrant was served at release.',
      path: join(home, 'demo', 'florida-wso.json'),
    },
    {
      title: '2. Los Angeles County, which stays out: a detainer and an administrative warrant.',
      path: join(home, 'demo', 'los-angeles.json'),
    },
    {
      title: '3. A county whose officer’s credential has lapsed: may the officer serve?',
      path: join(home, 'demo', 'credential-lapsed.json'),
    },
  ],
};

const program = new Command('writkeeper')
  .description('Keeps a jail inside the law when ICE sends papers. It explains the law; it is not legal advice.')
  .addCommand(decideCommand(context, decidePorts))
  .addCommand(demoCommand(context, decidePorts))
  .addCommand(rulesCommand(context, { rulePacksAt, sha256 }));
strictly(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has already said what is wrong, in one line; its code 0 means help was asked for.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}

function strictly(command: Command): void {
  command.exitOverride();
  command.commands.forEach(strictly);
}

function packageHome(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : packageHome(dirname(from));
}
