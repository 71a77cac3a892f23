import { glob, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FileFinder } from '../../app/registry/ports.ts';
import { failed, ok, type Result } from '../../domain/failure.ts';

/** Finds workbooks: a file is taken as named, a folder is searched for *.xlsx, anything else is a glob. */
export function fileFinder(): FileFinder {
  return { find };
}

async function find(patterns: readonly string[]): Promise<Result<readonly string[]>> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const paths = await matching(pattern);
    if (paths.length === 0) {
      return failed({ code: 'not-found', where: pattern, message: 'no such file or folder, or no .xlsx file in it' });
    }
    for (const path of paths) found.add(path);
  }
  return ok([...found]);
}

async function matching(pattern: string): Promise<string[]> {
  const kind = await kindOf(pattern);
  if (kind === 'file') return [pattern];
  const search = kind === 'folder' ? join(pattern, '**', '*.xlsx') : pattern;
  const paths = await Array.fromAsync(glob(search));
  const files: string[] = [];
  for (const path of paths.toSorted()) {
    // Excel keeps a lock file `~$name.xlsx` beside an open workbook.
    if (!basename(path).startsWith('~$') && (await kindOf(path)) === 'file') files.push(path);
  }
  return files;
}

/** What cannot be looked at, and a pipe or a device, counts as a file here: the reader then refuses it by name. */
async function kindOf(path: string): Promise<'file' | 'folder' | 'none'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code))) return 'none';
    return 'file';
  }
}
