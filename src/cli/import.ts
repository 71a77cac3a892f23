import { Command } from 'commander';
import { importBookings } from '../app/import/import-bookings.ts';
import type { ExportRows, ImportReport, ImportRequest, ImportWatcher } from '../app/import/ports.ts';
import type { TableFile, TableFiles } from '../app/replay/ports.ts';
import { failed, type Result } from '../domain/failure.ts';
import type { Mapping } from '../domain/import/mapping.ts';
import { isSamePerson } from '../domain/record/event.ts';
import { refuse, type CliContext } from './context.ts';
import { common, within, type Common } from './open-ledger.ts';
import type { LedgerCliPorts, OpenLedger } from './ledger-ports.ts';
import { progressBar } from './progress-bar.ts';

export interface ImportCliPorts extends LedgerCliPorts {
  readonly mappingAt: (path: string) => Result<Mapping>;
  readonly exportAt: (path: string, mapping: Mapping) => ExportRows;
  readonly tables: TableFiles;
}

interface Options extends Common {
  readonly mapping: string;
  readonly agency: string;
  readonly by: string;
  readonly cleanedBy?: string;
  readonly rejects?: string;
  readonly dryRun?: true;
}

/** `writkeeper import`: what a jail's other systems know, put on record. */
export function importCommand(context: CliContext, ports: ImportCliPorts): Command {
  return new Command('import')
    .description('put exports of other systems on record')
    .addCommand(bookingsCommand(context, ports));
}

function bookingsCommand(context: CliContext, ports: ImportCliPorts): Command {
  return common(new Command('bookings'))
    .argument('<file>', 'a CSV file with a header: a row a booking, or a row a charge')
    .description('put the bookings of an export on record; run again, it imports only what is new (docs/import.md)')
    .requiredOption('--mapping <file>', 'how the export is to be read, YAML')
    .requiredOption('--agency <agency>', 'us/fl/monroe-county/sheriff')
    .requiredOption('--by <account>', 'who imports')
    .option(
      '--cleaned-by <account>',
      'a second person, who says that the export holds nobody whose record was sealed or expunged',
    )
    .option('--rejects <out>', 'also write every row that was not imported there, as CSV; it holds personal data')
    .option('--dry-run', 'write nothing; say what would be imported')
    .addHelpText('after', '\nExit code: 0 all imported, 1 some not (listed with reason), 2 bad file or mapping.')
    .action(async (path: string, options: Options) => {
      const mapping = requestOf(ports, options);
      if (!mapping.ok) return refuse(context, mapping.failures);
      const table = options.rejects === undefined ? undefined : ports.tables.begin(options.rejects, path);
      if (table?.ok === false) return refuse(context, table.failures);
      const rejects = { isKept: false };
      try {
        await within(context, ports, options, async (open) => {
          const running = { context, ports, open, path, options, mapping: mapping.value, table: table?.value };
          const done = await underLock(open, options.agency, () => run(running));
          rejects.isKept = done.ok;
          const kept = done.ok ? table?.value.keep() : undefined;
          if (!done.ok) refuse(context, done.failures);
          else if (kept?.ok === false) refuse(context, kept.failures);
          else say(context, options, done.value);
        });
      } finally {
        if (!rejects.isKept) table?.value.discard();
      }
    });
}

function requestOf(ports: ImportCliPorts, { mapping, agency, by, cleanedBy }: Options): Result<Mapping> {
  if (!/^us(\/[a-z0-9-]+)+$/.test(agency))
    return failed({ code: 'malformed', where: '--agency', message: 'is no agency; write us/fl/monroe-county/sheriff' });
  if (by.trim() === '')
    return failed({ code: 'malformed', where: '--by', message: 'is empty; name the account that imports' });
  if (cleanedBy !== undefined && (cleanedBy.trim() === '' || isSamePerson(cleanedBy, by)))
    return failed({
      code: 'impossible',
      where: '--cleaned-by',
      message: 'is nobody or the same person as --by; it takes two',
    });
  return ports.mappingAt(mapping);
}

async function underLock(
  open: OpenLedger,
  agency: string,
  work: () => Promise<Result<ImportReport>>,
): Promise<Result<ImportReport>> {
  const release = await open.importLock(agency);
  if (release === undefined)
    return failed({
      code: 'impossible',
      where: agency,
      message: 'another import of this agency is running; wait until it has ended',
    });
  try {
    return await work();
  } finally {
    await release();
  }
}

interface Running {
  readonly context: CliContext;
  readonly ports: ImportCliPorts;
  readonly open: OpenLedger;
  readonly path: string;
  readonly options: Options;
  readonly mapping: Mapping;
  readonly table: TableFile | undefined;
}

async function run({ context, ports, open, path, options, mapping, table }: Running): Promise<Result<ImportReport>> {
  const bar = progressBar(context);
  table?.row(['line', 'what', 'column', 'reason', 'cell']);
  // What stands in a cell is personal: it goes into the operator's own file and never to standard error, which is kept.
  const tell = (line: number, column: string | undefined, message: string): void => {
    bar.clear();
    context.err(`${path}:${line}${column === undefined ? '' : `, ${column}`}: ${message}\n`);
  };
  const watcher: ImportWatcher = {
    progress: bar.show,
    rejected: ({ line, column, reason, cell }) => {
      tell(line, column, reason);
      table?.row([line, 'rejected', column, reason, cell]);
    },
    heldBack: ({ line, reason }) => table?.row([line, 'held back', undefined, reason, undefined]),
    differs: ({ line, message }) => {
      tell(line, undefined, `differs: ${message}`);
      table?.row([line, 'differs', undefined, message, undefined]);
    },
  };
  const { agency, by, cleanedBy } = options;
  const request: ImportRequest = { mapping, agency, by, vouchedBy: cleanedBy, isTrial: options.dryRun === true };
  try {
    const rows = ports.exportAt(path, mapping);
    return await importBookings({ ...open.ports, ledger: open.ledger, rows }, request, watcher);
  } finally {
    bar.clear();
  }
}

function say(context: CliContext, { json, dryRun, rejects }: Options, report: ImportReport): void {
  const { rejected, rejectedRows, heldBack, differing, stopped } = report;
  if (json) context.out(`${JSON.stringify(report)}\n`);
  else context.out(reportText(report, dryRun === true));
  if (heldBack > 0) {
    const listed = rejects === undefined ? '--rejects lists them' : `${rejects} lists them`;
    context.err(
      `${heldBack} bookings are held back: a court had records of that time sealed or expunged; ${listed}. See docs/import.md\n`,
    );
  }
  if (stopped !== undefined)
    context.err(`The import stopped: ${stopped}. Run it again when that is mended; it goes on where it stopped.\n`);
  const isWhole = rejected + rejectedRows + heldBack + differing === 0 && stopped === undefined;
  context.exitWith(isWhole ? 0 : 1);
}

function reportText(report: ImportReport, isTrial: boolean): string {
  const {
    rows,
    bookings,
    opened,
    continued,
    unchanged,
    rejected,
    rejectedRows,
    heldBack,
    differing,
    events,
    passedOver,
  } = report;
  const lines = [
    `${bookings} bookings in ${rows} rows${isTrial ? '; nothing was written' : ''}`,
    `  ${opened} new, ${continued} continued, ${unchanged} unchanged: ${events} events${isTrial ? ' would be' : ''} on record`,
    `  ${rejected} rejected (${rejectedRows} rows), ${heldBack} held back, ${differing} with differences`,
    ...(passedOver.length === 0 ? [] : [`  columns that were not read: ${passedOver.map(shown).join(', ')}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** A name from a file as it may be shown: without characters that would steer a terminal. */
function shown(name: string): string {
  return name.slice(0, 60).replace(/[\p{Cc}\p{Cf}]/gu, '?');
}
