import { Command, InvalidArgumentError, Option } from 'commander';
import {
  LAYOUTS,
  replay,
  type Replayed,
  type RegimeTotals,
  type RowSource,
  type Totals,
} from '../app/replay/replay.ts';
import type { RulePacks } from '../app/ports.ts';
import type { ReportWriter } from '../app/registry/ports.ts';
import { dayFrom, type Day } from '../domain/time/instant.ts';
import { refuse, type CliContext } from './context.ts';

export interface ReplayPorts {
  readonly rulePacks: RulePacks;
  readonly rowsAt: (path: string) => RowSource;
  readonly reports: ReportWriter;
  readonly today: () => Day;
}

interface Options {
  readonly layout: string;
  readonly json?: true;
  readonly csv?: string;
  readonly lawOn?: Day;
}

/** `writkeeper replay FILE --layout pierce-holds`: real bookings, and what each body of law would have allowed. */
export function replayCommand(context: CliContext, ports: ReplayPorts): Command {
  return new Command('replay')
    .argument('<file>', 'an export of bookings')
    .description(
      'replay real bookings with an ICE hold: hours past state custody, and what each law would have allowed',
    )
    .addOption(new Option('--layout <name>', 'the layout of the file').choices(LAYOUTS).makeOptionMandatory())
    .option('--json', 'print everything as JSON')
    .option('--csv <out>', 'write a row a booking there')
    .option('--law-on <date>', 'the day whose law counts as "today", YYYY-MM-DD', parseDay)
    .action(async (path: string, options: Options) => {
      const bookings: Replayed[] = [];
      const answer = await replay(
        ports.rowsAt(path),
        ports.rulePacks,
        options.lawOn ?? ports.today(),
        (booking, share) => {
          bookings.push(booking);
          if (context.showsProgress) context.err(`\r${bar(share)} ${bookings.length} bookings`);
        },
      );
      if (context.showsProgress) context.err('\r\x1b[K');
      if (!answer.ok) return refuse(context, answer.failures);
      const { totals, regimes } = answer.value;
      if (options.csv !== undefined) {
        const written = await ports.reports.write(options.csv, csvLines(bookings));
        if (!written.ok) return refuse(context, written.failures);
      }
      context.out(
        options.json
          ? `${JSON.stringify({ bookings, totals, regimes }, undefined, 2)}\n`
          : replayText(bookings, totals, regimes),
      );
    });
}

function parseDay(text: string): Day {
  const day = dayFrom(text);
  if (day === undefined) throw new InvalidArgumentError('write a day as 2026-11-24');
  return day;
}

function bar(share: number): string {
  const full = Math.round(share * 24);
  return `[${'='.repeat(full)}${' '.repeat(24 - full)}]`;
}

function replayText(bookings: readonly Replayed[], totals: Totals, regimes: readonly RegimeTotals[]): string {
  const rows = bookings.map((each) =>
    [
      each.caseId.padEnd(8),
      (each.stateCustodyEndedAt ?? '–').padEnd(21),
      (each.releasedAt ?? '–').padEnd(21),
      (each.hoursBetween?.toFixed(2) ?? '–').padStart(7),
      yesNo(each.over48Continuous).padEnd(9),
      yesNo(each.over48ExcludingDays).padEnd(9),
      each.notComputable?.code ?? '',
    ]
      .join(' ')
      .trimEnd(),
  );
  const reasons = Object.entries(totals.notComputable).map(
    ([code, count]) => `  ${String(count).padStart(5)}  ${code}`,
  );
  return [
    `${'booking'.padEnd(8)} ${'state custody ended'.padEnd(21)} ${'released'.padEnd(21)} ${'hours'.padStart(7)} ${'over 48'.padEnd(9)} ${'w/o days'.padEnd(9)} not computable`,
    ...rows,
    '',
    `${totals.bookings} bookings, ${totals.computable} computable.`,
    `${totals.over48Continuous} longer than 48 hours; ${totals.over48ExcludingDays} longer than 48 hours without Saturdays, Sundays and federal holidays.`,
    ...(reasons.length === 0 ? [] : ['Not computable:', ...reasons]),
    '',
    'What each law would have allowed, of the computable ones',
    ...regimes.flatMap((each) => [
      `  ${each.regime} (${each.jurisdiction}, law on ${each.lawOn})`,
      `    on the data alone       ${spread(each.onTheDataAlone)}`,
      `    at most, papers in order ${spread(each.atMost)}; ${each.longer} stayed longer than that, by ${each.longestHoursPast.toFixed(2)} h at most`,
    ]),
    '',
    'The file holds no paper of ICE: no form, signature, warrant or service. It shows how long people stayed, and no violation.',
    'Minutes to hours at release may be ordinary out-processing; times written by rote (08:00, 21:00) hide or feign hours.',
    '',
  ].join('\n');
}

function yesNo(value: boolean | null): string {
  return value === null ? '–' : value ? 'YES' : 'no';
}

function spread(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ');
}

const CSV_COLUMNS = [
  'caseId',
  'stateCustodyEndedAt',
  'releasedAt',
  'hoursBetween',
  'over48Continuous',
  'over48ExcludingDays',
] as const;

function csvLines(bookings: readonly Replayed[]): string[] {
  const header = [
    ...CSV_COLUMNS,
    'notComputable',
    'why',
    'notes',
    ...(bookings
      .find((each) => each.regimes.length > 0)
      ?.regimes.flatMap(({ regime }) => [`${regime}: at most`, `${regime}: until`, `${regime}: hours past`]) ?? []),
  ];
  const rows = bookings.map((each) => [
    ...CSV_COLUMNS.map((column) => each[column]),
    each.notComputable?.code,
    each.notComputable?.why,
    each.notes.join('; '),
    ...each.regimes.flatMap(({ atMost, atMostUntil, hoursPast }) => [atMost, atMostUntil, hoursPast]),
  ]);
  return [header, ...rows].map((row) => row.map(csvCell).join(','));
}

function csvCell(value: string | number | boolean | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value);
  // A cell that begins like a formula would be run as one by a spreadsheet.
  const safe = /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
