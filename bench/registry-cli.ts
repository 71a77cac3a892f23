/** The registry's commands alone, for measuring until `src/main/cli.ts` has them; the composition is the same. */
import { Command } from 'commander';
import { historyFile, reportWriter } from '../src/adapters/history-file/history-file.ts';
import { fileFinder } from '../src/adapters/workbook/find-files.ts';
import { workbookReader } from '../src/adapters/workbook/workbook-reader.ts';
import { registryCommand } from '../src/cli/registry.ts';

const context = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
  showsProgress: process.stderr.isTTY,
  exitWith: (code: number) => {
    process.exitCode = code;
  },
};
const ports = { files: fileFinder(), workbooks: workbookReader(), historyAt: historyFile, reports: reportWriter() };

await new Command('writkeeper').addCommand(registryCommand(context, ports)).parseAsync();
