import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PageFolder } from '../../app/ports.ts';

/** Generated pages in a folder. Pages that should no longer be there are removed, so nothing else may be kept in it. */
export function pagesIn(folder: string): PageFolder {
  const present = (): string[] =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
          .map((name) => name.replaceAll('\\', '/'))
          .filter((name) => name.endsWith('.md'))
      : [];
  const isCurrent = (name: string, text: string): boolean => {
    const file = join(folder, name);
    return existsSync(file) && readFileSync(file, 'utf8') === text;
  };
  const drift = (pages: ReadonlyMap<string, string>): string[] => [
    ...[...pages].filter(([name, text]) => !isCurrent(name, text)).map(([name]) => name),
    ...present().filter((name) => !pages.has(name)),
  ];
  return {
    drift,
    write: (pages) => {
      for (const name of drift(pages)) {
        const text = pages.get(name);
        const file = join(folder, name);
        if (text === undefined) {
          rmSync(file);
          continue;
        }
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    },
  };
}
