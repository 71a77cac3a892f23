import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from './figures.ts';

const SECONDS = 20;
const MEGABYTES = 500;
const DATA = join(import.meta.dirname, '../../shared/data');
const PROGRAM = join(import.meta.dirname, '../bin/writkeeper.mjs');
const FOLDERS = ['ice-287g-html-tables-2021-2025', 'ice-287g-participating-xlsx', 'ice-287g-pending-xlsx'];

/** Imports every list of ICE's into a new history, in a process of its own, and measures it from start to exit. */
export async function benchRegistry(): Promise<Figure[]> {
  const folders = FOLDERS.map((each) => join(DATA, each));
  if (!folders.every((each) => existsSync(each))) {
    return [{ name: 'registry import: not measured, ../shared is absent', value: 0, unit: '' }];
  }
  const scratch = await mkdtemp(join(tmpdir(), 'bench-registry-'));
  try {
    return await measured(folders, join(scratch, 'registry.json'));
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function measured(folders: readonly string[], db: string): Promise<Figure[]> {
  const probe = join(import.meta.dirname, 'peak-memory.ts');
  const command = [PROGRAM, 'registry', 'import', ...folders, '--db', db];
  const started = performance.now();
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', probe, ...command]);
  const seconds = (performance.now() - started) / 1000;
  const megabytes = Number(/^peak-kilobytes (\d+)$/m.exec(stderr)?.[1] ?? Number.NaN) / 1024;
  const lists = Number(/^(\d+) lists read/.exec(stdout)?.[1] ?? Number.NaN);
  const name = `registry import of ICE's ${lists} lists`;
  // A figure that could not be read is NaN and meets nothing.
  return [
    { name, value: seconds, unit: 's', limit: `≤ ${SECONDS}`, met: lists > 0 && seconds <= SECONDS },
    {
      name: `${name}, peak memory`,
      value: megabytes,
      unit: 'MB',
      limit: `≤ ${MEGABYTES}`,
      met: megabytes <= MEGABYTES,
    },
  ];
}
