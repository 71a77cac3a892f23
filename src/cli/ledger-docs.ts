import { Command } from 'commander';
import { eventsPage } from '../app/ledger/events-page.ts';
import type { CliContext } from './context.ts';
import type { LedgerCliPorts } from './ledger-ports.ts';

/** `ledger docs`: docs/events.md, made anew; `--check` only says whether it is current. Needs no house. */
export function docsCommand(context: CliContext, ports: Pick<LedgerCliPorts, 'eventsPageAt'>): Command {
  return new Command('docs')
    .description('write docs/events.md from the catalogue of events')
    .option('--out <file>', 'where the page goes (default: docs/events.md)')
    .option('--check', 'write nothing; exit 1 where the page is not current')
    .action((options: { readonly out?: string; readonly check?: true }) => {
      const page = ports.eventsPageAt(options.out);
      const text = eventsPage();
      const isCurrent = page.isCurrent(text);
      if (isCurrent) return context.out(`${page.path}: is current\n`);
      if (!options.check) page.write(text);
      const advice = 'is not what the catalogue says; run "writkeeper ledger docs"';
      context.out(`${page.path}: ${options.check ? advice : 'written'}\n`);
      if (options.check) context.exitWith(1);
    });
}
