import { failed, ok, type Result } from '../failure.ts';
import { canonicalJson } from './canonical.ts';
import type { Case } from './case.ts';
import { impossible, isTriedOnAnotherDay } from './impossible.ts';
import { malformed } from './malformed.ts';
import { caseDocument } from './schema.ts';

/** SHA-256 of a text's UTF-8 bytes, in hexadecimal; a port, since browsers and Node name it differently. */
export type Sha256 = (text: string) => string;

/**
 * Reads a case document. What it lets through is trusted from here on; what it refuses is named by its path.
 * Nothing is corrected or guessed on the way.
 */
export function parseCase(document: unknown, sha256: Sha256): Result<Case> {
  const parsed = caseDocument.safeParse(document);
  if (!parsed.success)
    return { ok: false, failures: parsed.error.issues.flatMap((issue) => malformed(issue, document)) };
  const contradictions = impossible(parsed.data);
  if (contradictions.length > 0) return failed(...contradictions);
  return ok({
    ...parsed.data,
    triedOnAnotherDay: isTriedOnAnotherDay(parsed.data),
    sha256: sha256(canonicalJson(document)),
  });
}
