import { z } from 'zod';
import { day, instant } from '../../domain/case/schema.ts';
import { CATALOGUE, EVENT_TYPES, type About, type EventType } from '../../domain/record/catalogue.ts';
import { isErasure, restsOnWhatWasSeen } from '../../domain/record/event.ts';
import { beginsSubject } from '../../domain/record/subject-state.ts';

/** The page `docs/events.md`: every kind of event, from the catalogue and from nothing else. */
export function eventsPage(): string {
  const sections = ABOUT.flatMap(([about, title]) => {
    const own = EVENT_TYPES.filter((type) => CATALOGUE[type].about === about);
    return [`## ${title}`, ...own.flatMap(eventSection)];
  });
  return `${[...PREFACE, ...sections].join('\n\n')}\n`;
}

const AGENCY = 'us/fl/monroe-county/sheriff';

const EXAMPLE = [
  {
    ...{ agency: AGENCY, type: 'booking.opened', actor: 'clerk.one' },
    content: {
      ...{ booking: '2026-000123', jurisdiction: 'us/fl/monroe-county' },
      facility: { id: 'main-jail', agency: AGENCY, kind: 'jail', timeZone: 'America/New_York' },
    },
  },
  {
    ...{ agency: AGENCY, type: 'custody.basis-began', subject: '0123456789abcdef0123456789abcdef', actor: 'clerk.one' },
    content: { kind: 'charge', since: '2026-11-24T08:15:00-05:00' },
  },
];

const PREFACE = [
  '<!-- Made by `writkeeper ledger docs` from src/domain/record/catalogue.ts. Edit the catalogue, not this page. -->',
  '# Events',
  'Every kind of event that the ledger knows, and no other. A kind is never taken out, and the meaning of its content never changes; what must change gets a new kind.',
  'Content is encrypted under the key of its subject, and with it who says so, when it happened (`occurredAt`) and when it was recorded (`recordedAt`); an envelope tells the day of recording alone. An **entry** is the sequence of the entry that brought a thing: `basis: 12` is the custody basis that entry 12 began. An instant is ISO 8601 with `Z` or an offset, a day is `YYYY-MM-DD`, and a text has 1 to 500 characters.',
  'A line for `writkeeper ledger append FILE` is one event; the handle that it prints is the `subject` of what comes next:',
  ['```json', ...EXAMPLE.map((each) => JSON.stringify(each)), '```'].join('\n'),
];

const ABOUT: readonly (readonly [About, string])[] = [
  ['booking', 'About a booking'],
  ['agency', 'About the agency'],
  ['agreement', 'About an agreement'],
  ['officer', 'About an officer'],
  ['account', 'About an account'],
  ['any', 'About any subject'],
];

function eventSection(type: EventType): string[] {
  const { title, meaning, content } = CATALOGUE[type];
  const fields = fieldsOf(content);
  return [
    `### ${title}`,
    `\`${type}\` · ${meaning}`,
    ...rulesOf(type),
    fields.length === 0 ? 'No content.' : table(fields),
  ];
}

/** What a draft of this kind must bring beside its content, or does. */
function rulesOf(type: EventType): string[] {
  const rules = [
    ...(beginsSubject(type) ? ['Begins its subject.'] : []),
    ...(restsOnWhatWasSeen(type)
      ? [
          'A decision: needs `basedOn`, the last entry of the subject that was looked at, and is refused where more has come since.',
        ]
      : []),
    ...(type === 'correction' ? ['Needs `corrects`, the entry that it corrects.'] : []),
    ...(isErasure(type) ? ['Needs `erases`, the subject whose record it is about.'] : []),
  ];
  return rules.length === 0 ? [] : [rules.join(' ')];
}

interface Field {
  readonly name: string;
  readonly kind: string;
  readonly isOptional: boolean;
  readonly description: string;
}

type Schema = z.core.$ZodType & { readonly description?: string | undefined };

function fieldsOf(content: z.core.$ZodObject, before = ''): Field[] {
  return Object.entries(content._zod.def.shape).flatMap(([key, schema]) => {
    const bare = unwrapped(schema);
    const name = `${before}${key}`;
    const isOptional = schema._zod.optin !== undefined;
    const description = (schema as Schema).description ?? bare.description ?? '';
    const field = { name, kind: kindOf(bare), isOptional, description };
    const item = itemOf(bare);
    return [field, ...(item === undefined ? [] : fieldsOf(item, `${name}${bare === item ? '' : '[]'}.`))];
  });
}

function itemOf(schema: z.core.$ZodType): z.core.$ZodObject | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'object') return schema as z.core.$ZodObject;
  return def.type === 'array' && kindOf(def.element) === 'object' ? (def.element as z.core.$ZodObject) : undefined;
}

/** The schema without what only says that it may be left out. */
function unwrapped(schema: z.core.$ZodType): Schema {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
      return unwrapped(def.innerType);
    case 'pipe':
      // An object whose absent keys are filled in is that object; an instant is read from a text and is no text.
      return (def.in as z.core.$ZodTypes)._zod.def.type === 'object' ? def.in : schema;
    default:
      return schema;
  }
}

/** Kinds in words. What the catalogue does not use is an error of the program: its page would say nothing. */
function kindOf(schema: z.core.$ZodType): string {
  const bare = unwrapped(schema);
  if (bare === instant) return 'instant';
  if (bare === day) return 'day';
  const named = z.globalRegistry.get(bare)?.['kind'];
  if (typeof named === 'string') return named;
  const { def } = (bare as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'number':
      return (def as { format?: string }).format === 'safeint' ? 'whole number' : 'number';
    case 'enum':
      return Object.values(def.entries)
        .map((each) => `\`${String(each)}\``)
        .join(', ');
    case 'object':
      return 'object';
    case 'record':
      return 'object';
    case 'array':
      return `list of ${PLURALS[kindOf(def.element)] ?? kindOf(def.element)}`;
    default:
      throw new Error(`the events page has no word for ${def.type}`);
  }
}

const PLURALS: Readonly<Record<string, string>> = { entry: 'entries', text: 'texts', object: 'objects' };

/** A table as Prettier leaves it: cells padded to the width of their column. */
function table(fields: readonly Field[]): string {
  const rows = [
    ['Field', 'Kind', 'Meaning'],
    ...fields.map(({ name, kind, isOptional, description }) => [
      `\`${name}\``,
      `${kind}${isOptional ? '; may be left out' : ''}`,
      description,
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], filler: string): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, filler)).join(' | ')} |`;
  const [header = [], ...rest] = rows;
  return [line(header, ' '), line([], '-'), ...rest.map((row) => line(row, ' '))].join('\n');
}
