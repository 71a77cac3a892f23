import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { columnsOf } from '../../domain/import/mapping.ts';
import { mappingFrom } from './mapping-file.ts';

const DEMO = readFileSync(join(import.meta.dirname, '../../../demo/import/mapping.yaml'), 'utf8');

function said(text: string): string[] {
  const read = mappingFrom(text, 'm.yaml');
  return read.ok ? [] : read.failures.map(({ where, message }) => `${where}: ${message}`);
}

test('the example is read, and names the columns that it reads and no other', () => {
  const read = mappingFrom(DEMO, 'm.yaml');
  expect(read.ok && columnsOf(read.value)).toEqual([
    'BookingNo',
    'BookedAt',
    'Facility',
    'ReleasedAt',
    'BirthDate',
    'HoldType',
    'ChargedAt',
    'EndedAt',
    'Disposition',
  ]);
});

test.each([
  [
    'a key misspelt',
    'releasedAt: { column',
    'relesedAt: { column',
    'm.yaml:15:3: booking.relesedAt is no key of a mapping; remove it or correct its name',
  ],
  [
    'no such zone',
    'America/New_York',
    'New York',
    'm.yaml:3:1: timeZone is no time zone of the IANA database; write America/New_York',
  ],
  ['no such format', 'M/d/yyyy H:mm', 'M/d/yy H:mm', 'm.yaml:4:9: times.0 "M/d/yy H:mm" is no format: it holds "yy"'],
  [
    'a time without an hour',
    "['M/d/yyyy H:mm']",
    "['M/d/yyyy']",
    'm.yaml:4:9: times.0 "M/d/yyyy" is no format: it has no hour and minute',
  ],
  ['no such kind', 'CHARGE: charge', 'CHARGE: crime', 'm.yaml:25:15: basis.kind.values.CHARGE must be one of charge,'],
  [
    'a facility that is not described',
    'PLT: plantation-key',
    'PLT: stock-island',
    'm.yaml:14:32: booking.facility.values.PLT "stock-island" is not among facilities; describe it there',
  ],
  [
    'an empty value without quotation marks',
    "none: ['', 'NULL'",
    'none: [NULL',
    'm.yaml:6:8: none.0 must be a text; put it in quotation marks',
  ],
  [
    'nothing where a column must be',
    'number: { column: BookingNo }',
    '# no number',
    'm.yaml:8:1: booking.number is missing',
  ],
  [
    'both constant and column',
    'constant: us/fl/monroe-county',
    'constant: us/fl, column: X',
    'm.yaml:11:3: booking.jurisdiction needs either constant, or column with values',
  ],
  ['no YAML', 'version: 1', 'version: [1', 'm.yaml:'],
])('%s is refused with its line and column', (_, from, to, expected) => {
  expect(DEMO).toContain(from);
  const lines = said(DEMO.replace(from, to));
  expect(
    lines.some((line) => line.startsWith(expected)),
    lines.join('\n'),
  ).toBe(true);
});
