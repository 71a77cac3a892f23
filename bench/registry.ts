import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Measured {
  readonly name: string;
  readonly figures: Record<string, string | number>;
  readonly met: boolean;
}

const NAME = 'registry import of all ICE 287(g) workbooks';
const SECONDS = 20;
const MEGABYTES = 500;
const DATA = join(import.meta.dirname, '../../shared/data');
/** The launcher takes its place as soon as `src/main/cli.ts` has the registry's commands. */
const PROGRAM = join(import.meta.dirname, 'registry-cli.ts');
const FOLDERS = ['ice-287g-html-tables-2021-2025', 'ice-287g-participating-xlsx', 'ice-287g-pending-xlsx'];

/** Imports every list of ICE's into a new history, in a process of its own, and measures it from start to exit. */
export async function benchRegistry(): Promise<Measured[]> {
  const folders = FOLDERS.map((each) => join(DATA, each));
  if (!folders.every((each) => existsSync(each))) {
    return [{ name: NAME, figures: { result: 'not measured: ../shared is absent' }, met: true }];
  }
  const scratch = await mkdtemp(join(tmpdir(), 'bench-registry-'));
  try {
    return [await measured(folders, join(scratch, 'registry.json'))];
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function measured(folders: readonly string[], db: string): Promise<Measured> {
  const probe = join(import.meta.dirname, 'peak-memory.ts');
  const command = [PROGRAM, 'registry', 'import', ...folders, '--db', db];
  const started = performance.now();
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', probe, ...command]);
  const seconds = (performance.now() - started) / 1000;
  const megabytes = Number(/^peak-kilobytes (\d+)$/m.exec(stderr)?.[1] ?? Number.NaN) / 1024;
  const lists = Number(/^(\d+) lists read/.exec(stdout)?.[1] ?? Number.NaN);
  return {
    name: NAME,
    figures: {
      lists,
      seconds: round(seconds),
      'seconds allowed': SECONDS,
      'peak MB': round(megabytes),
      'MB allowed': MEGABYTES,
    },
    // A figure that could not be read is NaN and meets nothing.
    met: lists > 0 && seconds <= SECONDS && megabytes <= MEGABYTES,
  };
}

function round(figure: number): number {
  return Math.round(figure * 100) / 100;
}
