import type { Cell } from '../app/replay/ports.ts';
import type { RegimeReport } from '../app/replay/regimes.ts';
import type { Report } from '../app/replay/replay.ts';
import type { Replayed } from '../domain/replay/totals.ts';

/** Says each booking as it comes, and the totals at the end. */
export interface Printer {
  readonly begin: (longestCaseId: number) => void;
  readonly booking: (booking: Replayed) => void;
  readonly end: (report: Report, cannotShow: readonly string[]) => void;
}

/** What no figure of this command may be read as. */
export const CANNOT_SHOW = [
  'It holds no paper of ICE: no form, signature, warrant, service or judge’s order. It shows how long people stayed, and no violation.',
  'Where a charge ends on the full hour (08:00, 21:00), the time looks entered by rote; it may hide hours or feign them.',
  'Minutes to hours between the end of state custody and release may be ordinary out-processing.',
  'Who left for a prison, another jail or another agency may have been held on; what happened there is not in it.',
  'It does not show who was released to whom, nor what ICE was told.',
] as const;

export function jsonPrinter(out: (text: string) => void): Printer {
  let between = '';
  return {
    begin: () => out('{"bookings": ['),
    booking: (booking) => {
      out(`${between}\n${JSON.stringify(booking)}`);
      between = ',';
    },
    end: ({ totals, regimes }, cannotShow) => {
      const rest = JSON.stringify({ totals, regimes, cannotShow }, undefined, 2);
      out(`\n],\n${rest.slice(rest.indexOf('\n') + 1)}\n`);
    },
  };
}

export function textPrinter(out: (text: string) => void): Printer {
  let width = 0;
  return {
    begin: (longestCaseId) => {
      width = Math.max(longestCaseId, 'booking'.length);
      out(
        tableRow(width, [
          'booking',
          'state custody ended',
          'released',
          'hours',
          'over 48',
          'w/o days',
          'not computable',
        ]),
      );
    },
    booking: (each) =>
      out(
        tableRow(width, [
          each.caseId,
          each.stateCustodyEndedAt ?? '–',
          each.releasedAt ?? '–',
          each.hoursBetween?.toFixed(2) ?? '–',
          yesNo(each.over48Continuous),
          yesNo(each.over48ExcludingDays),
          each.notComputable?.code ?? '',
        ]),
      ),
    end: (report, cannotShow) => out(summary(report, cannotShow)),
  };
}

/** Widths of the columns after the first; hours stand to the right. */
const COLUMNS = [20, 20, 8, 7, 8, 0] as const;

function tableRow(width: number, [first, ...others]: readonly [string, ...string[]]): string {
  const cells = others.map((cell, index) => (index === 2 ? cell.padStart(8) : cell.padEnd(COLUMNS[index] ?? 0)));
  return `${[first.padEnd(width), ...cells].join('  ').trimEnd()}\n`;
}

function yesNo(value: boolean | null): string {
  return value === null ? '–' : value ? 'YES' : 'no';
}

function summary({ totals, regimes }: Report, cannotShow: readonly string[]): string {
  const { bookings, computable, over48Continuous, over48ExcludingDays } = totals;
  const lines = [
    '',
    `${bookings} bookings, ${computable} computable.`,
    `${over48Continuous} longer than 48 hours; ${over48ExcludingDays} longer than 48 hours without Saturdays, Sundays and federal holidays.`,
    ...counted('Not computable:', totals.notComputable),
    ...counted('Bookings in which the file leaves something open:', totals.doubts),
    '',
    `What each law would have allowed past the end of state custody, in the ${computable} computable bookings`,
    ...regimes.flatMap((each) => ['', ...regimeLines(each, computable)]),
    '',
    'What the file cannot show',
    ...cannotShow.flatMap((each) => wrapped(each, '  - ')),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function counted(title: string, counts: Readonly<Partial<Record<string, number>>>): string[] {
  const rows = Object.entries(counts).map(([code, count]) => `  ${String(count ?? 0).padStart(5)}  ${code}`);
  return rows.length === 0 ? [] : [title, ...rows];
}

function regimeLines(report: RegimeReport, computable: number): string[] {
  const head = `${report.regime} (${report.jurisdiction}; law of ${report.lawOn})`;
  if ('absent' in report) return [head, ...wrapped(report.absent, '  not asked: ')];
  const { onTheDataAlone, atMost, longer, longestHoursPast, because, assuming } = report;
  const open = onTheDataAlone.undetermined > 0 ? ': it turns on papers that the file does not hold' : '';
  const by = longer > 0 ? `, by up to ${longestHoursPast.toFixed(2)} h` : '';
  return [
    head,
    `  on the data alone   ${spread(onTheDataAlone)}${open}`,
    `  at most             ${spread(atMost)}`,
    `  longer than that    ${longer} of ${computable}${by}`,
    ...because.flatMap(({ bookings, citation, text }) =>
      wrapped(`${text} [${citation}]`, `  because (${bookings})`.padEnd(22)),
    ),
    ...wrapped(assuming, '  assuming            '),
  ];
}

const WIDTH = 110;

/** Lines of words; the first begins with `lead`, the others with as much room. */
function wrapped(text: string, lead: string): string[] {
  const lines: string[] = [];
  let line = lead.trimEnd();
  for (const word of text.split(' ')) {
    const gap = line.length < lead.length ? lead.length - line.length : 1;
    if (line.length + gap + word.length > WIDTH && line.length > lead.length) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? ' '.repeat(lead.length) + word : line + ' '.repeat(gap) + word;
  }
  return [...lines, line];
}

function spread(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
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

const REGIME_COLUMNS = {
  onTheDataAlone: 'on the data alone',
  atMost: 'at most',
  atMostUntil: 'at most until',
  hoursPast: 'hours past',
} as const;

export function csvHeader(regimes: readonly string[]): Cell[] {
  const columns = Object.values(REGIME_COLUMNS);
  return [
    ...CSV_COLUMNS,
    'notComputable',
    'why',
    'doubts',
    ...regimes.flatMap((regime) => columns.map((column) => `${regime}: ${column}`)),
  ];
}

/** The cells of a booking; those of the regimes are empty where it does not compute. */
export function csvRow(booking: Replayed, regimes: readonly string[]): Cell[] {
  const keys = Object.keys(REGIME_COLUMNS) as (keyof typeof REGIME_COLUMNS)[];
  return [
    ...CSV_COLUMNS.map((column) => booking[column]),
    booking.notComputable?.code,
    booking.notComputable?.why,
    booking.doubts.map(({ code }) => code).join(' '),
    ...regimes.flatMap((regime) => {
      const answer = booking.regimes.find((each) => each.regime === regime);
      return keys.map((key) => answer?.[key]);
    }),
  ];
}
