import { dayFrom, instantFrom, type Day, type Instant } from '../time/instant.ts';
import { readLocal } from '../time/local.ts';

/**
 * How an export writes times: `ISO`, or a pattern of `yyyy M MM d dd H HH h hh mm ss SSS a` and what stands between them,
 * letters in single quotation marks. A year of two digits is none: which century it means would be a guess.
 */
export interface TimeFormat {
  readonly text: string;
  readonly hasDay: boolean;
  readonly hasTime: boolean;
  /** Undefined: it is written otherwise. */
  readonly read: (text: string) => Written | undefined;
}

/** What a cell says, before anybody asks whether such a day or hour exists. */
type Written =
  { readonly instant: Instant } | { readonly day: string; readonly time: string; readonly milliseconds: number };

export type TimeRead =
  { readonly kind: 'instant'; readonly instant: Instant } | { readonly kind: 'none'; readonly why: string };

type Part = 'yyyy' | 'M' | 'MM' | 'd' | 'dd' | 'H' | 'HH' | 'h' | 'hh' | 'mm' | 'ss' | 'SSS' | 'a';

const DIGITS: Readonly<Record<Part, string>> = {
  yyyy: '\\d{4}',
  M: '\\d{1,2}',
  MM: '\\d\\d',
  d: '\\d{1,2}',
  dd: '\\d\\d',
  H: '\\d{1,2}',
  HH: '\\d\\d',
  h: '\\d{1,2}',
  hh: '\\d\\d',
  mm: '\\d\\d',
  ss: '\\d\\d',
  SSS: '\\d{3}',
  a: '[AaPp]\\.?[Mm]\\.?',
};

/** @returns the format, or why the pattern is none. */
export function timeFormat(text: string): TimeFormat | string {
  return text === 'ISO' ? ISO : compiled(text);
}

const ISO: TimeFormat = {
  text: 'ISO',
  hasDay: true,
  hasTime: true,
  read: (text) => {
    const instant = instantFrom(text);
    if (instant !== undefined) return { instant };
    const [, day = '', time, fraction = ''] =
      /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,3}))?)?$/.exec(text) ?? [];
    if (day === '') return undefined;
    return { day, time: time ?? '', milliseconds: Number(fraction.padEnd(3, '0')) };
  },
};

function compiled(text: string): TimeFormat | string {
  const parts = new Map<string, Part>();
  let source = '';
  for (const [token, quoted] of text.matchAll(/'([^']*)'|([A-Za-z])\2*|[^A-Za-z]/g)) {
    if (quoted !== undefined || !/[A-Za-z]/.test(token)) {
      source += (quoted ?? token).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
      continue;
    }
    if (!isPart(token))
      return `holds "${token}"; write yyyy M MM d dd H HH h hh mm ss SSS a, other letters in single quotation marks`;
    const name = token[0] ?? '';
    if (parts.has(name)) return `holds ${token} twice`;
    parts.set(name, token);
    source += `(?<${name}>${DIGITS[token]})`;
  }
  const has = (...names: string[]): boolean => names.every((name) => parts.has(name));
  const hasDay = has('y', 'M', 'd');
  const hasTime = has('m') && (has('H') ? !has('h') && !has('a') : has('h', 'a'));
  if (!hasDay) return 'lacks yyyy, M or d';
  if (!hasTime && ['H', 'h', 'm', 's', 'S', 'a'].some((name) => parts.has(name)))
    return 'has half a time; write HH:mm, or h:mm a';
  const pattern = new RegExp(`^${source}$`);
  return { text, hasDay, hasTime, read: (cell) => writtenFrom(pattern.exec(cell)?.groups) };
}

function isPart(token: string): token is Part {
  return Object.hasOwn(DIGITS, token);
}

function writtenFrom(groups: Readonly<Record<string, string>> | undefined): Written | undefined {
  if (groups === undefined) return undefined;
  const two = (name: string): string => (groups[name] ?? '').padStart(2, '0');
  const day = `${groups['y'] ?? ''}-${two('M')}-${two('d')}`;
  if (groups['m'] === undefined) return { day, time: '', milliseconds: 0 };
  const hour = hourFrom(groups);
  if (hour === undefined) return undefined;
  const seconds = groups['s'] === undefined ? '' : `:${two('s')}`;
  return { day, time: `${hour}:${two('m')}${seconds}`, milliseconds: Number(groups['S'] ?? '0') };
}

function hourFrom({ H, h, a }: Readonly<Record<string, string>>): string | undefined {
  if (H !== undefined) return H.padStart(2, '0');
  const hour = Number(h);
  if (hour < 1 || hour > 12) return undefined;
  return String((hour % 12) + (/^p/i.test(a ?? '') ? 12 : 0)).padStart(2, '0');
}

/** Reads an instant. Formats that read the cell as different times make it none: choosing would be a guess. */
export function readTime(text: string, formats: readonly TimeFormat[], zone: string): TimeRead {
  const readings = formats.flatMap((format) => {
    const written = format.read(text);
    return written === undefined ? [] : [instantOf(written, zone)];
  });
  const [first] = readings;
  if (first === undefined) return none(`is no time written as ${formats.map((each) => each.text).join(' or ')}`);
  const differing = readings.some((each) => JSON.stringify(each) !== JSON.stringify(first));
  return differing ? none('means two different times by the formats of the mapping; keep one format') : first;
}

/** `YYYY-MM-DD`, or why it is no day. */
export function readDay(
  text: string,
  formats: readonly TimeFormat[],
): { readonly day: string; readonly is: Day } | string {
  const days = new Set(
    formats.flatMap((format) => {
      const written = format.read(text);
      return written === undefined || 'instant' in written ? [] : [written.day];
    }),
  );
  if (days.size > 1) return 'means two different days by the formats of the mapping; keep one format';
  const [day = ''] = days;
  const is = dayFrom(day);
  return is === undefined ? `is no day written as ${formats.map((each) => each.text).join(' or ')}` : { day, is };
}

function instantOf(written: Written, zone: string): TimeRead {
  if ('instant' in written) return { kind: 'instant', instant: written.instant };
  if (written.time === '') return none('is a day without an hour; when on that day is not known');
  const reading = readLocal(`${written.day} ${written.time}`, zone);
  if (reading === undefined) return none('is no time of any day');
  switch (reading.kind) {
    case 'one': {
      const instant = (reading.instant + written.milliseconds) as Instant;
      return instant < LATEST ? { kind: 'instant', instant } : none('lies in the year 9999, which stands for never');
    }
    case 'two':
      return none(`happened twice in ${zone}, when the clocks went back; write it with its offset from UTC`);
    case 'none':
      return none(`never happened in ${zone}: the clocks went forward over it`);
  }
}

/** 9999-01-01T00:00:00Z */
const LATEST = 253_370_764_800_000;

function none(why: string): TimeRead {
  return { kind: 'none', why };
}
