import { renameSync, writeFileSync } from 'node:fs';

/** Nothing half-written: a reader sees the old file or the new one. */
export function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}
