import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { sha256 } from '../../src/adapters/system/sha256.ts';
import type { Case } from '../../src/domain/case/case.ts';
import { edited } from '../../src/domain/case/edit.ts';
import { parseCase } from '../../src/domain/case/parse.ts';
import { lineOf } from '../../src/domain/failure.ts';
import { RULE_PACKS } from './packs.ts';

/** A base case of the rule packs' scenarios, with paths set and removed. */
export function readBase(name: string, set: Record<string, unknown> = {}, remove: readonly string[] = []): Case {
  const base: unknown = parse(readFileSync(join(RULE_PACKS, 'bases', `${name}.yaml`), 'utf8'));
  const document = edited(base, set, remove);
  if (!document.ok) throw new Error(document.failures.map(lineOf).join('; '));
  const parsed = parseCase(document.value, sha256);
  if (!parsed.ok) throw new Error(parsed.failures.map(lineOf).join('; '));
  return parsed.value;
}
