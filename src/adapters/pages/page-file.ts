import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Page } from '../../app/ports.ts';

/** One generated page among others that are not. */
export function pageFile(path: string): Page {
  return {
    path,
    isCurrent: (text) => existsSync(path) && readFileSync(path, 'utf8') === text,
    write: (text) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    },
  };
}
