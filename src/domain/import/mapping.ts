import { z } from 'zod';
import { timeZone, words } from '../case/schema.ts';
import { timeFormat, type TimeFormat } from './time-format.ts';

/**
 * How a jail's export is to be read (docs/import.md): which column says what, and what its cells mean. Strict: a key that
 * is misspelt is refused, and a cell that the mapping does not name is never guessed at.
 */

export const KINDS = ['charge', 'sentence', 'court-order', 'criminal-warrant'] as const;
export const ENDINGS = [
  'bail',
  'dismissal',
  'acquittal',
  'sentence-served',
  'court-order',
  'charges-declined',
] as const;

/** How somebody left, as the catalogue has it. */
export const LEAVINGS = ['released', 'handed-over'] as const;

const text = z.string('must be a text; put it in quotation marks');
const name = text.trim().min(1, 'is empty');

const column = z.strictObject({ column: name });

/** One value for all rows, or a column with what each of its cells means. */
function meaning<Target extends z.ZodType>(target: Target) {
  return z
    .strictObject({
      column: name.optional(),
      values: z.record(z.string(), target).optional(),
      otherwise: target.optional(),
      constant: target.optional(),
    })
    .superRefine((given, context) => {
      const complain = (message: string): void => context.addIssue({ code: 'custom', message });
      if ((given.column === undefined) === (given.constant === undefined))
        complain('needs either constant, or column with values');
      else if (given.column !== undefined && given.values === undefined)
        complain('needs values: what each cell of the column means');
      else if (given.constant !== undefined && (given.values ?? given.otherwise) !== undefined)
        complain('has a constant, and so neither values nor otherwise');
    });
}

function formats(wantsTime: boolean) {
  return z
    .array(
      text.transform((pattern, context): TimeFormat => {
        const format = timeFormat(pattern);
        const wrong =
          typeof format === 'string' ? format : wantsTime && !format.hasTime ? 'has no hour and minute' : undefined;
        if (wrong === undefined && typeof format !== 'string') return format;
        context.addIssue({ code: 'custom', message: `"${pattern}" is no format: it ${wrong ?? ''}` });
        return z.NEVER;
      }),
    )
    .min(1, 'is empty; name a format')
    .prefault(['ISO']);
}

const zone = timeZone(text);
const facilityKind = z.enum(['jail', 'hospital', 'courthouse', 'other']);
const place = text.regex(
  /^us(\/[a-z]{2}(\/[a-z0-9]+(-[a-z0-9]+)*)?)?$/,
  'is no jurisdiction; write us/fl/monroe-county',
);

export const mapping = z
  .strictObject({
    version: z.literal(1, 'must be 1: the version of this format'),
    delimiter: text.length(1, 'is one character, such as "," or ";" or "\\t"').default(','),
    encoding: z.enum(['utf-8', 'windows-1252']).default('utf-8'),
    timeZone: zone,
    times: formats(true),
    days: formats(false),
    none: z.array(text).default(['']),
    booking: z.strictObject({
      number: column,
      openedAt: column,
      jurisdiction: meaning(place),
      facility: meaning(name),
      releasedAt: column.optional(),
      leftBy: meaning(z.enum(LEAVINGS)).optional(),
      bornOn: column.optional(),
    }),
    facilities: z.record(words, z.strictObject({ kind: facilityKind, timeZone: zone.optional() })),
    basis: z
      .strictObject({
        kind: meaning(z.enum([...KINDS, 'none'])),
        since: column.optional(),
        endedAt: column.optional(),
        endedBy: meaning(z.enum([...ENDINGS, 'none'])).optional(),
      })
      .optional(),
  })
  .superRefine(({ booking, facilities, basis }, context) => {
    const { facility } = booking;
    const named = [
      ...Object.entries(facility.values ?? {}).map(([cell, id]) => [['values', cell], id] as const),
      ...(['constant', 'otherwise'] as const).flatMap((key) =>
        facility[key] === undefined ? [] : [[[key], facility[key]] as const],
      ),
    ];
    for (const [path, id] of named) {
      if (Object.hasOwn(facilities, id)) continue;
      context.addIssue({
        code: 'custom',
        path: ['booking', 'facility', ...path],
        message: `"${id}" is not among facilities; describe it there`,
      });
    }
    if (booking.leftBy !== undefined && booking.releasedAt === undefined)
      context.addIssue({
        code: 'custom',
        path: ['booking', 'leftBy'],
        message: 'says how the person left; releasedAt must say when',
      });
    if (basis?.endedBy !== undefined && basis.endedAt === undefined)
      context.addIssue({
        code: 'custom',
        path: ['basis', 'endedBy'],
        message: 'says how it ended; endedAt must say when',
      });
  });

export type Mapping = z.output<typeof mapping>;

/** What a mapping says of one thing: the same for all rows, or by a column's cells. */
export interface Meaning<Target> {
  readonly column?: string | undefined;
  readonly values?: Readonly<Record<string, Target>> | undefined;
  readonly otherwise?: Target | undefined;
  readonly constant?: Target | undefined;
}

/** The columns that a mapping reads. No other is read. */
export function columnsOf({ booking, basis }: Mapping): string[] {
  const sources = [
    booking.number,
    booking.openedAt,
    booking.jurisdiction,
    booking.facility,
    booking.releasedAt,
    booking.leftBy,
    booking.bornOn,
    basis?.kind,
    basis?.since,
    basis?.endedAt,
    basis?.endedBy,
  ];
  return [...new Set(sources.flatMap((source) => source?.column ?? []))];
}
