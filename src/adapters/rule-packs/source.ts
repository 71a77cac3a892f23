import { canonicalJson } from '../../domain/case/canonical.ts';
import type { Failure } from '../../domain/failure.ts';
import { sha256 } from '../system/sha256.ts';

/** One source file of a rule pack; `name` is the path the author sees in messages. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** The sources of one pack, as read from its folder. */
export interface PackSources {
  /** `us/fl/monroe-county`: the folder below the tree's root. */
  readonly path: string;
  readonly manifest: SourceFile;
  readonly policies: readonly SourceFile[];
}

/** The name of the law that was applied: the hash of the sources themselves, line ends unified. */
export function hashOf(sources: PackSources): string {
  const texts = [sources.manifest, ...sources.policies].map(({ name, text }) => [
    name.slice(name.lastIndexOf('/') + 1),
    text.replaceAll('\r\n', '\n'),
  ]);
  return sha256(canonicalJson(Object.fromEntries(texts)));
}

/** `file:line:column`, both counted from 1. */
export function placeAt(file: SourceFile, offset: number): string {
  const before = file.text.slice(0, offset);
  const line = before.split('\n').length;
  return `${file.name}:${line}:${offset - before.lastIndexOf('\n')}`;
}

export function failureAt(file: SourceFile, offset: number, message: string): Failure {
  return { code: 'invalid-rule', where: placeAt(file, offset), message };
}
