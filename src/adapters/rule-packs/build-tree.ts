import { failed, ok, type Failure, type Result } from '../../domain/failure.ts';
import { namesOf, prefixesOf } from '../../domain/law/in-force.ts';
import type { Pack } from '../../domain/law/pack.ts';
import { buildPack } from './build.ts';
import { packPaths, readSchema, readSources, type Tree } from './tree.ts';

/** Builds every pack of the tree from its sources, or names every fault in all of them. */
export function buildTree(tree: Tree): Result<Pack[]> {
  const schema = readSchema(tree);
  const built = new Map<string, Pack>();
  const failures: Failure[] = [];
  for (const path of packPaths(tree)) {
    const above = prefixesOf(path).flatMap((prefix) => built.get(prefix) ?? []);
    const result = buildPack(readSources(tree, path), schema, {
      authorities: above.flatMap((pack) => pack.authorities),
      choices: above.flatMap((pack) => pack.choices.map((choice) => choice.id)),
    });
    if (result.ok) built.set(path, result.value);
    else failures.push(...result.failures);
  }
  if (failures.length > 0) return failed(...failures);
  const packs = [...built.values()];
  return ok(packs.map((pack) => ({ ...pack, placesBelow: placesBelow(pack, packs) })));
}

/** Places below a state: federal law is read together with a state's, whose own pack names them. */
function placesBelow({ path }: Pack, packs: readonly Pack[]): string[] {
  return path.includes('/') ? packs.filter((each) => each.path.startsWith(`${path}/`)).flatMap(namesOf) : [];
}
