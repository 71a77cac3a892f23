import type { Failure } from '../../domain/failure.ts';

/** One source file of a rule pack; `name` is the path the author sees in messages. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
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
