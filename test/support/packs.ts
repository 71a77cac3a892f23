import { join } from 'node:path';
import { loadPacks, packPaths } from '../../src/adapters/rule-packs/tree.ts';
import { lineOf } from '../../src/domain/failure.ts';
import { packsFor } from '../../src/domain/law/in-force.ts';
import type { Pack } from '../../src/domain/law/pack.ts';
import { SILENT_STATE } from '../../src/domain/law/silent-state.ts';

export const RULE_PACKS = join(import.meta.dirname, '../../rule-packs');

/** All packs as they were built; a pack whose sources changed since is refused, and the tests with it. */
export function builtPacks(): Pack[] {
  const packs = packPaths({ root: RULE_PACKS }).map((path) => {
    const loaded = loadPacks({ root: RULE_PACKS }, path);
    if (!loaded.ok) throw new Error(loaded.failures.map(lineOf).join('\n'));
    return loaded.value.at(-1);
  });
  return packs.filter((pack) => pack !== undefined);
}

export function packsOf(all: readonly Pack[], jurisdiction: string): Pack[] {
  return packsFor([...all, SILENT_STATE], jurisdiction);
}

/** A jurisdiction for each pack: its own county where the pack is one, a made-up one in each state. */
export function jurisdictionsOf(all: readonly Pack[]): string[] {
  return all.map(({ path }) => (path.split('/').length === 2 ? `${path}/made-up-county` : path));
}
