import { Command } from 'commander';
import type { Manifest } from '../app/ledger/manifest.ts';
import type { RestoredLog, RestoreReport } from '../app/ledger/restore.ts';
import type { Result } from '../domain/failure.ts';
import { unreachable } from '../domain/unreachable.ts';
import { refuse, type CliContext } from './context.ts';
import { common, type Common } from './open-ledger.ts';

export interface BackupCliPorts {
  /** @param data the folder given on the command line. */
  readonly backup: (folder: string, data: string | undefined) => Promise<Result<Manifest>>;
  readonly restore: (folder: string, data: string | undefined) => Promise<Result<RestoreReport>>;
}

/** `writkeeper backup`: the whole record in a folder, while the house works. */
export function backupCommand(context: CliContext, ports: BackupCliPorts): Command {
  return common(new Command('backup'))
    .argument('<folder>', 'a new folder')
    .description('write the whole record into a folder; the house may go on working. It holds no key')
    .addHelpText('after', '\nThe vault and the list of signed sizes are kept apart: docs/runbooks/restore.md')
    .action(async (folder: string, { data, json }: Common) => {
      const made = await ports.backup(folder, data);
      if (!made.ok) return refuse(context, made.failures);
      if (json) return context.out(`${JSON.stringify(made.value)}\n`);
      const { agencies, tables } = made.value;
      for (const { agency, size, root } of agencies) context.out(`${agency}: ${size} entries, root ${root}\n`);
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      context.out(`${folder}: ${tables.length} tables, ${rows} rows\n`);
    });
}

/** `writkeeper restore`: a backup into an empty house. */
export function restoreCommand(context: CliContext, ports: BackupCliPorts): Command {
  return common(new Command('restore'))
    .argument('<folder>', 'what writkeeper backup has written')
    .description('bring a backup into an empty house, or nothing of it')
    .addHelpText('after', '\nExit code: 0 restored, 2 refused; nothing was written then. docs/runbooks/restore.md')
    .action(async (folder: string, { data, json }: Common) => {
      const restored = await ports.restore(folder, data);
      if (!restored.ok) return refuse(context, restored.failures);
      if (json) return context.out(`${JSON.stringify(restored.value)}\n`);
      const { madeAt, logs } = restored.value;
      context.out(
        `The backup of ${madeAt} is restored. Every root is that of its entries and was signed by the house.\n`,
      );
      for (const log of logs) context.out(logText(log));
    });
}

function logText(log: RestoredLog): string {
  const { agency, size, root, expunged } = log;
  const out = expunged === 0 ? '' : `  the content of ${expunged} expunged records did not come back\n`;
  return `${agency}: ${size} entries, root ${root}\n${out}  ${tailText(log)}\n`;
}

function tailText({ tail, agency, size, signedSize }: RestoredLog): string {
  switch (tail) {
    case 'goes-on':
      return 'nothing was lost; the log goes on';
    case 'tail-lost':
      return (
        `${signedSize ?? 0} entries were signed: what came after entry ${size - 1} is lost, and nothing is signed under this name ` +
        `again. The way on: writkeeper ledger continue ${agency}`
      );
    case 'unknown':
      return (
        'no list says what was signed last, so nothing is signed under this name again: bring the list of signed sizes back, or ask ' +
        `the witnesses (writkeeper ledger verify --witness), then writkeeper ledger continue ${agency} --seen <size that they have seen>`
      );
    default:
      return unreachable(tail);
  }
}
