import { Command, InvalidArgumentError } from 'commander';
import { continueLog, type Continued, type Replayed } from '../app/ledger/continue.ts';
import type { CliContext } from './context.ts';
import { said } from './ledger.ts';
import type { LedgerCliPorts, OpenLedger } from './ledger-ports.ts';
import { common, within, type Common } from './open-ledger.ts';

interface Options extends Common {
  readonly reason: string;
  readonly by: string;
  readonly second: string;
  readonly seen?: number;
  readonly seenAs?: string;
}

/** `writkeeper ledger continue`: the way on after a lost tail. */
export function continueCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('continue'))
    .argument('<agency>', 'us/fl/monroe-county/sheriff')
    .description('go on under a new name after the tail of a log was lost; its old name is never signed again')
    .requiredOption('--reason <text>', 'what happened, and who decided')
    .requiredOption('--by <account>', 'who does it')
    .requiredOption('--second <account>', 'the second person')
    .option('--seen <size>', 'what a witness has seen, where the list of signed sizes was lost too', size)
    .option('--seen-as <name>', 'the last name of the log that a witness has seen, where it is a later one')
    .addHelpText(
      'after',
      '\nExit code: 0 it goes on, 1 not all of it could be recorded, 2 refused. docs/runbooks/restore.md',
    )
    .action(async (agency: string, { reason, by: actor, second, seen, seenAs, ...options }: Options) => {
      await within(context, ports, options, async (open) => {
        const continued = await continueLog(open.ledger, open.ports, { agency, reason, actor, second, seen, seenAs });
        if (continued.kind === 'continued') await tell(context, open, agency, continued);
        else said(context, agency, continued);
      });
    });
}

async function tell(
  context: CliContext,
  open: OpenLedger,
  agency: string,
  { log, replayed }: Continued,
): Promise<void> {
  if (log !== undefined) {
    const lost = log.signedSize === undefined ? 'nobody knows how many' : log.signedSize - log.size;
    context.out(
      `${agency}: goes on as ${log.origin} from entry ${log.size}; ${lost} entries of ${log.from} are lost\n`,
    );
    for (const key of await open.verifierKeys(agency)) context.out(`${key}\n`);
    context.err('Tell the witnesses the new name and key: docs/runbooks/restore.md\n');
  }
  for (const each of replayed) {
    if (said(context, each.subject, each.appended)) context.err(replayedText(each));
  }
}

function replayedText({ subject, how, isSealedKeyLost }: Replayed): string {
  const text = `${subject}: the order by which it was ${how} is on record again`;
  return isSealedKeyLost
    ? `${text}; its key as the court can decrypt it went with the tail, so only what the court was given then opens it\n`
    : `${text}\n`;
}

function size(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('write a whole number of entries');
  return value;
}
