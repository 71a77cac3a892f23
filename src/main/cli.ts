import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { rulePacksIn } from '../adapters/rule-packs/store.ts';
import { sha256 } from '../adapters/system/sha256.ts';
import type { CliContext } from '../cli/context.ts';
import type { DecidePorts } from '../cli/decide.ts';
import type { Day } from '../domain/time/instant.ts';

/** The composition root of the command line: the only reader of the process, its clock and its environment. */
const home = packageHome(import.meta.dirname);

const context: CliContext = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  room: async () => {
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  },
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

// Only the command that is asked for is loaded: a decision does not wait for readers of workbooks.
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  backup: async () => {
    const { backupCommand } = await import('../cli/backup.ts');
    const { backupPorts } = await import('./backup-ports.ts');
    return backupCommand(context, backupPorts(process.env, join(home, 'migrations')));
  },
  decide: async () => (await import('../cli/decide.ts')).decideCommand(context, await decidePorts()),
  demo: async () => (await import('../cli/decide.ts')).demoCommand(context, await decidePorts()),
  import: async () => {
    const { importCommand } = await import('../cli/import.ts');
    const { readMapping } = await import('../adapters/import/mapping-file.ts');
    const { exportRows } = await import('../adapters/csv/csv-rows.ts');
    const { csvFiles } = await import('../adapters/csv/csv-file.ts');
    const { ledgerPorts } = await import('./ledger-ports.ts');
    const ports = { mappingAt: readMapping, exportAt: exportRows, tables: csvFiles() };
    return importCommand(context, { ...ledgerPorts(context, home), ...ports });
  },
  keys: async () => {
    const { keysCommand } = await import('../cli/keys.ts');
    const { ledgerPorts } = await import('./ledger-ports.ts');
    return keysCommand(context, ledgerPorts(context, home));
  },
  ledger: async () => {
    const { ledgerCommand } = await import('../cli/ledger.ts');
    const { ledgerPorts } = await import('./ledger-ports.ts');
    return ledgerCommand(context, ledgerPorts(context, home));
  },
  registry: async () => {
    const { registryCommand } = await import('../cli/registry.ts');
    const { historyFile, reportWriter } = await import('../adapters/history-file/history-file.ts');
    const { fileFinder } = await import('../adapters/workbook/find-files.ts');
    const { workbookReader } = await import('../adapters/workbook/workbook-reader.ts');
    const ports = { files: fileFinder(), workbooks: workbookReader(), historyAt: historyFile, reports: reportWriter() };
    return registryCommand(context, ports);
  },
  replay: async () => {
    const { replayCommand } = await import('../cli/replay.ts');
    const { csvRows } = await import('../adapters/csv/csv-rows.ts');
    const { csvFiles } = await import('../adapters/csv/csv-file.ts');
    const { dayOf } = await import('../domain/time/instant.ts');
    const today = (): Day => dayOf(Temporal.Now.plainDateISO());
    return replayCommand(context, { rulePacks: rulePacksAt(), rowsAt: csvRows, tables: csvFiles(), today });
  },
  restore: async () => {
    const { restoreCommand } = await import('../cli/backup.ts');
    const { backupPorts } = await import('./backup-ports.ts');
    return restoreCommand(context, backupPorts(process.env, join(home, 'migrations')));
  },
  rules: async () => {
    const { rulesCommand } = await import('../cli/rules.ts');
    const { pagesIn } = await import('../adapters/rule-packs/pages.ts');
    const { packsOnDisk } = await import('../adapters/rule-packs/on-disk.ts');
    return rulesCommand(context, {
      rulePacksAt,
      sha256,
      pagesAt: (folder) => pagesIn(folder ?? join(home, 'docs', 'law')),
      packsAt: packsOnDisk,
      today: () => Temporal.Now.plainDateISO().toString(),
    });
  },
  subject: async () => {
    const { subjectCommand } = await import('../cli/subject.ts');
    const { ledgerPorts } = await import('./ledger-ports.ts');
    return subjectCommand(context, ledgerPorts(context, home));
  },
  witness: async () => {
    const { witnessCommand } = await import('../cli/witness.ts');
    const { witnessPorts } = await import('./witness-ports.ts');
    return witnessCommand(context, witnessPorts());
  },
};

const program = new Command('writkeeper').description(
  'Keeps a jail inside the law when ICE sends papers. It shows the law and its doubts; it is no legal advice.',
);
const wanted = commands[process.argv[2] ?? ''];
for (const load of wanted === undefined ? Object.values(commands) : [wanted]) program.addCommand(await load());
strictly(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has already said what is wrong, in one line; its code 0 means help was asked for.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const { isExpected } = await import('./expected.ts');
    if (!isExpected(error)) throw error;
    context.err(`${error.message}\n`);
    process.exitCode = 2;
  }
}

async function decidePorts(): Promise<DecidePorts> {
  const { caseFiles } = await import('../adapters/cases/case-files.ts');
  const demo = (title: string, name: string): { title: string; path: string } => ({
    title,
    path: join(home, 'demo', name),
  });
  return {
    rulePacksAt,
    cases: caseFiles(process.stdin),
    sha256,
    demoCases: [
      demo(
        '1. A Florida county with a Warrant Service Officer agreement: the warrant was served at release.',
        'florida-wso.json',
      ),
      demo('2. Los Angeles County, which stays out: a detainer and an administrative warrant.', 'los-angeles.json'),
      demo('3. A county whose officer’s credential has lapsed: may the officer serve?', 'credential-lapsed.json'),
    ],
  };
}

function strictly(command: Command): void {
  // One line for an error, and no more.
  command.exitOverride().showSuggestionAfterError(false);
  command.commands.forEach(strictly);
}

function packageHome(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : packageHome(dirname(from));
}
