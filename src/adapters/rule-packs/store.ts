import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RulePacks } from '../../app/ports.ts';
import { failed, ok, type Result } from '../../domain/failure.ts';
import type { Pack } from '../../domain/law/pack.ts';
import { replaceFile } from '../system/replace-file.ts';
import { readScenarios } from './scenarios.ts';
import { builtFile, loadPacks, packPaths, readSources, type Tree } from './tree.ts';

/** Rule packs in a folder tree. What only authors need (YAML, Cedar's WASM) is loaded when it is asked for. */
export function rulePacksIn(tree: Tree): RulePacks {
  return {
    packsFor: (jurisdiction) => loadPacks(tree, jurisdiction),
    build: async () => (await import('./build-tree.ts')).buildTree(tree),
    keep: (packs) => packs.filter((pack) => isStale(tree, pack)).map((pack) => keepPack(tree, pack)),
    stale: (packs) => packs.filter((pack) => isStale(tree, pack)).map((pack) => pack.path),
    unformatted: async (mend) => {
      const { formatCedar } = await import('./cedar.ts');
      return packPaths(tree).flatMap((path) =>
        readSources(tree, path)
          .policies.filter(({ name, text }) => {
            const formatted = formatCedar(text);
            if (formatted === undefined || formatted === text) return false;
            if (mend) replaceFile(join(tree.root, name), formatted);
            return true;
          })
          .map(({ name }) => name),
      );
    },
    create: (path, files) => createPack(tree, path, files),
    scenarios: (path) => readScenarios(tree, path ?? tree.root),
  };
}

function createPack(tree: Tree, path: string, files: ReadonlyMap<string, string>): Result<string> {
  const folder = join(tree.root, path);
  if (existsSync(folder))
    return failed({ code: 'impossible', where: folder, message: 'is there already; edit it, or give another name' });
  mkdirSync(dirname(folder), { recursive: true });
  // Made beside and renamed, so that no reader ever sees half a pack.
  const beside = `${folder}.new`;
  rmSync(beside, { recursive: true, force: true });
  for (const [name, text] of files) {
    mkdirSync(dirname(join(beside, name)), { recursive: true });
    writeFileSync(join(beside, name), text);
  }
  renameSync(beside, folder);
  return ok(folder);
}

function keepPack(tree: Tree, pack: Pack): string {
  replaceFile(builtFile(tree, pack.path), textOf(pack));
  return pack.path;
}

function isStale(tree: Tree, pack: Pack): boolean {
  const file = builtFile(tree, pack.path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== textOf(pack);
}

function textOf(pack: Pack): string {
  return `${JSON.stringify(pack, undefined, 1)}\n`;
}
