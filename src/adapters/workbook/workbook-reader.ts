import { hash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { ReadWorkbook, WorkbookReader } from '../../app/registry/ports.ts';
import { failed, ok, type Result } from '../../domain/failure.ts';
import type { Sheet, Workbook } from '../../domain/registry/sheet.ts';
import { LIMITS, type WorkbookLimits } from './limits.ts';
import { readModified, readRelationships, readSharedStrings, readWorkbookPart } from './parts.ts';
import { Refusal } from './refusal.ts';
import { readSheet } from './sheet-part.ts';
import { openParts, type ZipParts } from './zip-parts.ts';

/** Reads .xlsx workbooks within limits. Nothing is written, no formula is computed, no link is followed. */
export function workbookReader(limits: WorkbookLimits = LIMITS): WorkbookReader {
  return { read: (path) => readWorkbook(path, limits) };
}

async function readWorkbook(path: string, limits: WorkbookLimits): Promise<Result<ReadWorkbook>> {
  try {
    const bytes = await bytesOf(path, limits);
    const parts = await openParts(bytes, limits);
    try {
      return ok({ workbook: await workbookFrom(parts, limits), sha256: hash('sha256', bytes, 'hex') });
    } finally {
      parts.close();
    }
  } catch (error) {
    // Whatever a damaged file makes the zip or XML reader throw is about the file; it is reported with its path.
    if (!(error instanceof Error)) throw error;
    const message = error instanceof Refusal ? error.message : `it cannot be read as a workbook: ${error.message}`;
    return failed({ code: 'unreadable', where: path, message });
  }
}

/** The file's bytes, once its size is known to be allowed: a file of 2 GB is refused without being read. */
async function bytesOf(path: string, limits: WorkbookLimits): Promise<Buffer> {
  // Looked at before it is opened: opening a pipe would wait for its writer.
  if (!(await stat(path)).isFile()) throw new Refusal('it is not a file');
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size === 0) throw new Refusal('the file is empty');
    if (size > limits.fileBytes) {
      throw new Refusal(`it has ${size} bytes; a workbook of up to ${limits.fileBytes} bytes is read`);
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function workbookFrom(parts: ZipParts, limits: WorkbookLimits): Promise<Workbook> {
  if (!parts.has('xl/workbook.xml')) throw new Refusal('it is a zip file but no .xlsx workbook');
  const { sheets, datesFrom1904 } = await readWorkbookPart(parts);
  const targets = await readRelationships(parts, 'xl/workbook.xml');
  const strings = await readSharedStrings(parts, limits);
  const read: Sheet[] = [];
  let cells = limits.cells;
  for (const { name, relationship } of sheets) {
    const target = targets.get(relationship);
    if (target === undefined) throw new Refusal(`the sheet ${name} points to no part`);
    const part = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
    // Sheets of charts hold no cells.
    if (!part.includes('worksheets/')) continue;
    const sheet = await readSheet(parts, part, name, strings, { ...limits, cells });
    cells -= sheet.rows.reduce((sum, row) => sum + row.cells.length, 0);
    read.push(sheet);
  }
  return { modified: await readModified(parts), datesFrom1904, sheets: read };
}
