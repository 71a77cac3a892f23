import type { Command } from 'commander';
import { refuse, type CliContext } from './context.ts';
import type { LedgerCliPorts, OpenLedger } from './ledger-ports.ts';

export interface Common {
  readonly data?: string;
  readonly json?: true;
}

/** Opens the house for one command and closes it whatever happens. */
export async function within(
  context: CliContext,
  ports: LedgerCliPorts,
  { data }: Common,
  work: (open: OpenLedger) => Promise<void>,
): Promise<void> {
  const open = await ports.open(data);
  if (!open.ok) {
    refuse(context, open.failures);
    return;
  }
  try {
    await work(open.value);
  } finally {
    await open.value.close();
  }
}

export function common(command: Command): Command {
  return command
    .option('--data <folder>', 'where everything lies (default: WRITKEEPER_DATA, or ./data)')
    .option('--json', 'print JSON');
}
