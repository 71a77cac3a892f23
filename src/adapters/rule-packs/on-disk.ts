import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { failed, ok, type Result } from '../../domain/failure.ts';
import type { Pack } from '../../domain/law/pack.ts';
import { isTree } from './tree.ts';

/** The packs at a path: a whole tree (built anew), a pack's folder, or its `pack.json` (as they were built). */
export async function packsOnDisk(path: string): Promise<Result<Pack[]>> {
  if (!existsSync(path)) return failed({ code: 'not-found', where: path, message: 'there is no such file or folder' });
  if (isTree(path)) return (await import('./build-tree.ts')).buildTree({ root: path });
  const file = statSync(path).isDirectory() ? join(path, 'pack.json') : path;
  if (!existsSync(file))
    return failed({ code: 'not-found', where: path, message: 'holds no pack.json; run "writkeeper rules build"' });
  return packIn(file);
}

function packIn(file: string): Result<Pack[]> {
  const refused = failed({
    code: 'malformed',
    where: file,
    message: 'is no built rule pack; give a pack folder, a pack.json, or a folder of packs',
  });
  try {
    const pack = JSON.parse(readFileSync(file, 'utf8')) as Partial<Pack> | null;
    return pack?.format === 1 && Array.isArray(pack.rules) ? ok([pack as Pack]) : refused;
  } catch (error) {
    if (error instanceof SyntaxError) return refused;
    throw error;
  }
}
