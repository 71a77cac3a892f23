import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { failed, ok, type Result } from '../../domain/failure.ts';
import { isAlsoCalled, prefixesOf } from '../../domain/law/in-force.ts';
import type { Pack } from '../../domain/law/pack.ts';
import { hashOf, type PackSources, type SourceFile } from './source.ts';

/** A folder of rule packs: `us/pack.yaml`, `us/fl/pack.yaml`, … and the facts they may read. */
export interface Tree {
  readonly root: string;
}

/** What `rules build` writes beside the sources, so that a decision needs neither YAML nor Cedar. */
const BUILT = 'pack.json';

/** Paths of all packs, the higher before the lower, in order of name. */
export function packPaths(tree: Tree): string[] {
  return packsBelow(tree, '');
}

function packsBelow(tree: Tree, top: string): string[] {
  const walk = (path: string): string[] =>
    readdirSync(join(tree.root, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => (path === '' ? entry.name : `${path}/${entry.name}`))
      .sort()
      .flatMap((child) => [...(existsSync(join(tree.root, child, 'pack.yaml')) ? [child] : []), ...walk(child)]);
  return walk(top);
}

export function readSources(tree: Tree, path: string): PackSources {
  const folder = join(tree.root, path);
  const read = (name: string): SourceFile => ({
    name: `${path}/${name}`,
    text: readFileSync(join(folder, name), 'utf8'),
  });
  const policies = readdirSync(folder)
    .filter((name) => name.endsWith('.cedar'))
    .sort();
  return { path, manifest: read('pack.yaml'), policies: policies.map(read) };
}

export function readSchema(tree: Tree): string {
  return readFileSync(join(tree.root, 'facts.cedarschema'), 'utf8');
}

export function builtFile(tree: Tree, path: string): string {
  return join(tree.root, path, BUILT);
}

/**
 * The built packs of a jurisdiction's every prefix, `us` first. A pack whose sources have changed since it was built
 * is refused: an answer must name the law that it applied.
 */
export function loadPacks(tree: Tree, jurisdiction: string): Result<Pack[]> {
  const packs: Pack[] = [];
  for (const path of prefixesOf(jurisdiction)) {
    const place = isPack(tree, path) ? path : placeCalled(tree, path);
    if (place === undefined) continue;
    const pack = loadPack(tree, place);
    if (!pack.ok) return pack;
    packs.push(pack.value);
  }
  if (packs.length === 0) {
    return failed({
      code: 'not-found',
      where: tree.root,
      message: 'holds no rule pack "us"; give the folder of the rule packs',
    });
  }
  return ok(packs);
}

function isPack(tree: Tree, path: string): boolean {
  return existsSync(join(tree.root, path, 'pack.yaml'));
}

/** The pack of a county that is asked for by another of its names. */
function placeCalled(tree: Tree, path: string): string | undefined {
  const state = path.slice(0, path.lastIndexOf('/'));
  if (!state.includes('/') || !existsSync(join(tree.root, state))) return undefined;
  return readdirSync(join(tree.root, state))
    .map((name) => `${state}/${name}`)
    .filter((place) => existsSync(builtFile(tree, place)))
    .find((place) => isAlsoCalled(readBuilt(tree, place), path));
}

function loadPack(tree: Tree, path: string): Result<Pack> {
  const rebuild = 'run "writkeeper rules build" and look at what it says';
  const refusal = (message: string): Result<never> => failed({ code: 'invalid-rule', where: path, message });
  if (!existsSync(builtFile(tree, path))) return refusal(`this rule pack was never built; ${rebuild}`);
  const pack = readBuilt(tree, path);
  if (!knowsPlacesBelow(tree, pack)) return refusal(`it was built before the packs below it; ${rebuild}`);
  if (pack.sha256 === hashOf(readSources(tree, path))) return ok(pack);
  return refusal(`this rule pack changed after it was built; ${rebuild}`);
}

/** Whether the build knows of every county and city below: one that it did not know would be answered by its state's law alone. */
function knowsPlacesBelow(tree: Tree, { path, placesBelow }: Pack): boolean {
  // An older build has no such list.
  if (!Array.isArray(placesBelow)) return false;
  return !path.includes('/') || packsBelow(tree, path).every((place) => placesBelow.includes(place));
}

function readBuilt(tree: Tree, path: string): Pack {
  return JSON.parse(readFileSync(builtFile(tree, path), 'utf8')) as Pack;
}

export function isTree(root: string): boolean {
  return existsSync(join(root, 'facts.cedarschema')) && statSync(root).isDirectory();
}
