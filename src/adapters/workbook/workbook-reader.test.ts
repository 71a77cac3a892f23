import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { madeWorkbook, zipped } from '../../../test/support/workbook.ts';
import type { Workbook } from '../../domain/registry/sheet.ts';
import { LIMITS } from './limits.ts';
import { workbookReader } from './workbook-reader.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbook-'));
});
afterEach(() => rm(folder, { recursive: true }));

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="r"';
const ONE_SHEET = {
  'xl/workbook.xml': `<workbook ${MAIN}><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels':
    '<Relationships><Relationship Id="rId1" Target="/xl/worksheets/s.xml"/></Relationships>',
};

async function readBytes(bytes: Buffer, limits = LIMITS): Promise<Workbook> {
  const path = join(folder, 'list.xlsx');
  await writeFile(path, bytes);
  const read = await workbookReader(limits).read(path);
  if (!read.ok) throw new Error(read.failures[0]?.message);
  return read.value.workbook;
}

async function refusal(bytes: Buffer, limits = LIMITS): Promise<string> {
  const path = join(folder, 'bad.xlsx');
  await writeFile(path, bytes);
  const read = await workbookReader(limits).read(path);
  if (read.ok) throw new Error('it was read');
  expect(read.failures).toHaveLength(1);
  expect(read.failures[0]).toMatchObject({ code: 'unreadable', where: path });
  expect(read.failures[0]?.message).not.toContain('\n');
  return read.failures[0]?.message ?? '';
}

describe('a workbook as ICE makes it', () => {
  test('an error cell keeps its kind, a link its target, a date its serial number', async () => {
    const link = 'https://www.ice.gov/doclib/287gMOA/a.pdf?x=1&y=2';
    const rows = [['STATE'], ['TEXAS', { text: '#N/A', error: true as const }, 45716, { text: 'link', link }]];
    const workbook = await readBytes(madeWorkbook({ rows, modified: '2025-03-06T13:08:53Z' }));
    expect(workbook.modified).toBe('2025-03-06T13:08:53Z');
    expect(workbook.sheets[0]?.rows[1]).toEqual({
      number: 2,
      cells: [
        { column: 'A', kind: 'text', text: 'TEXAS' },
        { column: 'B', kind: 'error', text: '#N/A' },
        { column: 'C', kind: 'number', text: '45716' },
        { column: 'D', kind: 'text', text: 'link', link },
      ],
    });
  });

  test('a shared text in several runs is one text, and a phonetic reading is no part of it', async () => {
    const workbook = await readBytes(
      zipped({
        ...ONE_SHEET,
        'xl/sharedStrings.xml': `<sst ${MAIN}><si><r><t>La </t></r><r><t>Paz</t></r><rPh><t>no</t></rPh></si></sst>`,
        'xl/worksheets/s.xml': `<worksheet ${MAIN}><sheetData><row r="4"><c r="AB4" t="s"><v>0</v></c></row></sheetData></worksheet>`,
      }),
    );
    expect(workbook.sheets[0]?.rows).toEqual([{ number: 4, cells: [{ column: 'AB', kind: 'text', text: 'La Paz' }] }]);
  });

  test('rows and cells without a reference stand one after the other', async () => {
    const cell = (text: string) => `<c t="str"><v>${text}</v></c>`;
    const workbook = await readBytes(
      zipped({
        ...ONE_SHEET,
        'xl/worksheets/s.xml': `<worksheet ${MAIN}><sheetData><row>${cell('a')}${cell('b')}</row><row>${cell('c')}</row></sheetData></worksheet>`,
      }),
    );
    expect(workbook.sheets[0]?.rows.map(({ number, cells }) => [number, cells.map(({ column }) => column)])).toEqual([
      [1, ['A', 'B']],
      [2, ['A']],
    ]);
  });
});

test('a link on a block of cells stands on each of them', async () => {
  const workbook = await readBytes(
    zipped({
      ...ONE_SHEET,
      'xl/worksheets/s.xml':
        `<worksheet ${MAIN}><sheetData><row r="2"><c r="A2"><v>1</v></c><c r="C2"><v>2</v></c></row></sheetData>` +
        `<hyperlinks><hyperlink ref="A1:B3" r:id="rId1"/></hyperlinks></worksheet>`,
      'xl/worksheets/_rels/s.xml.rels':
        '<Relationships><Relationship Id="rId1" Target="https://www.ice.gov/a.pdf"/></Relationships>',
    }),
  );
  expect(workbook.sheets[0]?.rows[0]?.cells.map(({ link }) => link)).toEqual(['https://www.ice.gov/a.pdf', undefined]);
});

describe('a file that must be refused', () => {
  test('a zip bomb that says how large it is', async () => {
    expect(await refusal(bomb())).toMatch(/zip bomb/);
  });

  test('a zip bomb that lies about its size', async () => {
    expect(await refusal(bomb((size) => Math.min(size, 1000)))).toMatch(/size|bytes|zip bomb/);
  });

  test('many parts that are harmless each and too much together', async () => {
    const noise = Buffer.from(Array.from({ length: 60_000 }, (_, index) => String((index * 7919) % 104_729)).join(' '));
    const parts = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`xl/p${index}.xml`, noise]));
    const small = { ...LIMITS, unpackedBytes: noise.length * 4 };
    expect(await refusal(zipped({ ...ONE_SHEET, ...parts }), small)).toMatch(/unpacks to more than/);
  });

  test('a file of 2 GB, without reading it', async () => {
    const path = join(folder, 'huge.xlsx');
    const file = await open(path, 'w');
    await file.truncate(2 * 1024 ** 3);
    await file.close();
    const before = process.memoryUsage().rss;
    const read = await workbookReader().read(path);
    expect(read).toMatchObject({
      ok: false,
      failures: [{ where: path, message: expect.stringContaining('2147483648 bytes') as string }],
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test('a pipe, without waiting for its writer', async () => {
    const path = join(folder, 'pipe.xlsx');
    execFileSync('mkfifo', [path]);
    expect(await workbookReader().read(path)).toMatchObject({ ok: false, failures: [{ message: 'it is not a file' }] });
  });

  test('an empty file', async () => {
    expect(await refusal(Buffer.alloc(0))).toBe('the file is empty');
  });

  test('a file that is no zip', async () => {
    expect(await refusal(Buffer.from('STATE,LAW ENFORCEMENT AGENCY\n'))).toMatch(/^it cannot be read as a workbook/);
  });

  test('a zip that is no workbook', async () => {
    expect(await refusal(zipped({ 'readme.txt': 'hello' }))).toBe('it is a zip file but no .xlsx workbook');
  });

  test('a workbook cut off in the middle', async () => {
    const whole = madeWorkbook({ rows: [['STATE']] });
    expect(await refusal(whole.subarray(0, whole.length - 60))).toMatch(/^it cannot be read as a workbook/);
  });

  test('a part whose bytes were damaged', async () => {
    const bytes = madeWorkbook({ rows: [['STATE', 'LAW ENFORCEMENT AGENCY', 'SUPPORT TYPE', 'SIGNED', 'MOA']] });
    const at = bytes.indexOf('xl/worksheets/sheet1.xml') + 24 + 40;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
    expect(await refusal(bytes)).not.toBe('');
  });

  test('a document type, the door of entity attacks', async () => {
    const sheet = '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>';
    expect(await refusal(zipped({ ...ONE_SHEET, 'xl/worksheets/s.xml': sheet }))).toMatch(/document type/);
  });

  test('a cell longer than any cell can be, named by its place', async () => {
    const rows = [['STATE'], ['x'.repeat(40_000)]];
    expect(await refusal(madeWorkbook({ rows }))).toBe('Sheet1!A2: the cell is too long');
  });

  test('more cells than the limit', async () => {
    expect(
      await refusal(
        madeWorkbook({
          rows: [
            ['a', 'b'],
            ['c', 'd'],
          ],
        }),
        { ...LIMITS, cells: 3 },
      ),
    ).toMatch(/more cells than are read/);
  });

  test('more cells than the limit in all sheets together, though no sheet has too many', async () => {
    expect(await refusal(manySheets(4), { ...LIMITS, cells: 3 })).toMatch(/more cells than are read/);
  });

  test('one small part that a hundred sheets unpack again and again', async () => {
    expect(await refusal(manySheets(100), { ...LIMITS, unpackedBytes: 20_000 })).toMatch(/unpacks to more than/);
  });

  test('more blocks of links than anybody would make', async () => {
    const links = '<hyperlink ref="A1:B9" r:id="rId1"/>'.repeat(1001);
    const sheet = `<worksheet ${MAIN}><sheetData/><hyperlinks>${links}</hyperlinks></worksheet>`;
    expect(await refusal(zipped({ ...ONE_SHEET, 'xl/worksheets/s.xml': sheet }))).toMatch(/1001 blocks of links/);
  });

  test('a missing file', async () => {
    const path = join(folder, 'none.xlsx');
    expect(await workbookReader().read(path)).toMatchObject({ ok: false, failures: [{ where: path }] });
  });
});

function manySheets(count: number): Buffer {
  const sheets = Array.from(
    { length: count },
    (_, index) => `<sheet name="S${index}" sheetId="${index + 1}" r:id="rId1"/>`,
  );
  const sheet = `<worksheet ${MAIN}><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>${' '.repeat(500)}</worksheet>`;
  return zipped({
    ...ONE_SHEET,
    'xl/workbook.xml': `<workbook ${MAIN}><sheets>${sheets.join('')}</sheets></workbook>`,
    'xl/worksheets/s.xml': sheet,
  });
}

function bomb(claim?: (size: number) => number): Buffer {
  const sheet = `<worksheet ${MAIN}><sheetData>${' '.repeat(40 * 1024 * 1024)}</sheetData></worksheet>`;
  return zipped({ ...ONE_SHEET, 'xl/worksheets/s.xml': sheet }, claim);
}
