import { Command, InvalidArgumentError, Option } from 'commander';
import type { ReplayPorts, TableFile } from '../app/replay/ports.ts';
import { replay, type Report } from '../app/replay/replay.ts';
import type { Result } from '../domain/failure.ts';
import { LAYOUTS, type Layout } from '../domain/replay/layout.ts';
import type { Replayed } from '../domain/replay/totals.ts';
import { dayFrom, type Day } from '../domain/time/instant.ts';
import { refuse, type CliContext } from './context.ts';
import { progressBar } from './progress-bar.ts';
import { CANNOT_SHOW, csvHeader, csvRow, jsonPrinter, textPrinter, type Printer } from './replay-print.ts';

interface Options {
  readonly layout: string;
  readonly json?: true;
  readonly csv?: string;
  readonly lawOn?: Day;
}

/** `writkeeper replay FILE --layout pierce-holds`: real bookings, and what each body of law would have allowed. */
export function replayCommand(context: CliContext, ports: ReplayPorts): Command {
  return new Command('replay')
    .argument('<file>', 'an export of bookings, as CSV with a header')
    .description(
      'replay real bookings with an ICE hold: hours past state custody, and what each law would have allowed',
    )
    .addOption(
      new Option('--layout <name>', 'the layout of the file').choices([...LAYOUTS.keys()]).makeOptionMandatory(),
    )
    .option('--json', 'print everything as JSON')
    .option('--csv <out>', 'also write a row for each booking there')
    .option('--law-on <date>', 'the day whose law counts as "today", YYYY-MM-DD', parseDay)
    .action(async (path: string, options: Options) => {
      const layout = LAYOUTS.get(options.layout);
      if (layout === undefined) throw new Error(`no layout ${options.layout}: commander admits only known ones`);
      const table = options.csv === undefined ? undefined : ports.tables.begin(options.csv, path);
      if (table?.ok === false) return refuse(context, table.failures);
      const printer = options.json ? jsonPrinter(context.out) : textPrinter(context.out);
      const day = options.lawOn ?? ports.today();
      const answer = await run({ context, ports, path, layout, day, printer, table: table?.value });
      if (!answer.ok) return refuse(context, answer.failures);
      printer.end(answer.value, CANNOT_SHOW);
    });
}

interface Run {
  readonly context: CliContext;
  readonly ports: ReplayPorts;
  readonly path: string;
  readonly layout: Layout;
  readonly day: Day;
  readonly printer: Printer;
  readonly table: TableFile | undefined;
}

/** Replays, and leaves the table whole in its place or no trace of it. */
async function run({ context, ports, path, layout, day, printer, table }: Run): Promise<Result<Report>> {
  const bar = progressBar(context);
  let kept = false;
  let columns: readonly string[] = [];
  try {
    const answer = await replay(ports.rowsAt(path), layout, ports.rulePacks, day, {
      checking: (share) => bar.show('checking', share),
      begin: ({ longestCaseId, regimes }) => {
        bar.clear();
        columns = regimes;
        printer.begin(longestCaseId);
        table?.row(csvHeader(columns));
      },
      booking: (booking: Replayed, share) => {
        printer.booking(booking);
        table?.row(csvRow(booking, columns));
        bar.show('replaying', share);
      },
      room: context.room,
    });
    if (!answer.ok || table === undefined) return answer;
    kept = true;
    const written = table.keep();
    return written.ok ? answer : written;
  } finally {
    bar.clear();
    if (!kept) table?.discard();
  }
}

function parseDay(text: string): Day {
  const day = dayFrom(text);
  if (day === undefined) throw new InvalidArgumentError('write a day as 2026-11-24');
  return day;
}
