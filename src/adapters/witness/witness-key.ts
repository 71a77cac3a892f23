import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failed, ok, type Result } from '../../domain/failure.ts';
import { replaceDurably } from '../system/durable.ts';
import { generateEd25519 } from '../system/ed25519.ts';
import type { LogsCosigned } from './witness-store.ts';

export interface WitnessKey {
  readonly seed: Uint8Array;
  readonly cosigned: LogsCosigned & { readonly all: () => readonly string[] };
}

/** A witness's own key, made at its first start, and below it the names of the logs that it has cosigned. */
export function witnessKeyIn(folder: string): Result<WitnessKey> {
  const path = join(folder, 'witness.key');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!existsSync(path)) replaceDurably(path, `${generateEd25519().privateKey.toHex()}\n`);
    const [first = '', ...origins] = readFileSync(path, 'utf8').trimEnd().split('\n');
    if (!/^[0-9a-f]{64}$/.test(first))
      return failed({ code: 'malformed', where: path, message: 'is no key; bring its copy back' });
    const known = new Set(origins);
    const add = (origin: string): void => {
      known.add(origin);
      replaceDurably(path, `${[first, ...known].join('\n')}\n`);
    };
    const cosigned = { has: (origin: string) => known.has(origin), all: () => [...known], add };
    return ok({ seed: Uint8Array.fromHex(first), cosigned });
  } catch (error) {
    return failed({ code: 'unreadable', where: path, message: `cannot be read or made (${(error as Error).message})` });
  }
}
