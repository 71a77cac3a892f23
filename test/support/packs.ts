import { join } from 'node:path';
import { buildTree } from '../../src/adapters/rule-packs/build-tree.ts';
import { lineOf } from '../../src/domain/failure.ts';
import type { Pack } from '../../src/domain/law/pack.ts';
import { prefixesOf } from '../../src/domain/law/in-force.ts';

export const RULE_PACKS = join(import.meta.dirname, '../../rule-packs');

/** All packs, built from their sources as they stand. */
export function builtPacks(): Pack[] {
  const built = buildTree({ root: RULE_PACKS });
  if (!built.ok) throw new Error(built.failures.map(lineOf).join('\n'));
  return built.value;
}

export function packsOf(all: readonly Pack[], jurisdiction: string): Pack[] {
  const prefixes = prefixesOf(jurisdiction);
  return all.filter((pack) => prefixes.includes(pack.path));
}

/** A jurisdiction for each pack: its own county where the pack is one, a made-up one in each state. */
export function jurisdictionsOf(all: readonly Pack[]): string[] {
  return all.map(({ path }) => (path.split('/').length === 2 ? `${path}/made-up-county` : path));
}
