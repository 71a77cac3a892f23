import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { HistoryStore, ReportWriter } from '../../app/registry/ports.ts';
import { failed, ok, type Result } from '../../domain/failure.ts';
import { EMPTY_HISTORY, type RegistryHistory } from '../../domain/registry/history.ts';
import { historyFrom, textOf } from './format.ts';
import { writeWhole } from './write-whole.ts';

/** Twenty years of lists twice a day stay below this; more is no history of ours. */
const MAX_BYTES = 512 * 1024 * 1024;
const GZIP = [0x1f, 0x8b];

/** The registry's history in one file of its own; a name that ends in `.gz` is packed. */
export function historyFile(path: string): HistoryStore {
  return { load: () => load(path), save: (history) => save(path, history) };
}

export function reportWriter(): ReportWriter {
  return { write: (path, lines) => writeWhole(path, lines.map((line) => `${line}\n`).join('')) };
}

async function load(path: string): Promise<Result<RegistryHistory>> {
  let text: string;
  try {
    const bytes = await readFile(path);
    const packed = bytes[0] === GZIP[0] && bytes[1] === GZIP[1];
    text = (packed ? await promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES }) : bytes).toString('utf8');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ('code' in error && error.code === 'ENOENT') return ok(EMPTY_HISTORY);
    return failed({ code: 'unreadable', where: path, message: `the history cannot be read: ${error.message}` });
  }
  const history = historyFrom(text);
  if (!('problem' in history)) return ok(history);
  const message = `this is no history of the registry, or a damaged one: ${history.problem}`;
  return failed({ code: 'malformed', where: path, message });
}

async function save(path: string, history: RegistryHistory): Promise<Result<undefined>> {
  const text = textOf(history);
  return writeWhole(path, path.endsWith('.gz') ? await promisify(gzip)(text) : text);
}
