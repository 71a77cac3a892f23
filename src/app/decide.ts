import type { Case } from '../domain/case/case.ts';
import { parseCase, type Sha256 } from '../domain/case/parse.ts';
import { repeatedKey } from '../domain/case/repeated-key.ts';
import type { Answer } from '../domain/decision/answer.ts';
import { deciderFor, type Decider } from '../domain/decision/decide.ts';
import { failed, ok, type Result } from '../domain/failure.ts';
import type { RulePacks } from './ports.ts';

export interface Decided {
  readonly case: Case;
  readonly answer: Answer;
}

/** Answers case documents. Packs are read once a jurisdiction, and what was compiled is kept. */
export function caseAnswerer(packs: Pick<RulePacks, 'packsFor'>, sha256: Sha256): (text: string) => Result<Decided> {
  const deciders = new Map<string, Decider>();
  return (text) => {
    const document = jsonOf(text);
    if (!document.ok) return document;
    const parsed = parseCase(document.value, sha256);
    if (!parsed.ok) return parsed;
    const { jurisdiction } = parsed.value;
    const known = deciders.get(jurisdiction) ?? newDecider(packs, jurisdiction);
    if (typeof known !== 'function') return known;
    deciders.set(jurisdiction, known);
    return ok({ case: parsed.value, answer: known(parsed.value) });
  };
}

function newDecider(packs: Pick<RulePacks, 'packsFor'>, jurisdiction: string): Decider | Result<never> {
  const loaded = packs.packsFor(jurisdiction);
  return loaded.ok ? deciderFor(loaded.value, jurisdiction) : loaded;
}

function jsonOf(text: string): Result<unknown> {
  try {
    const document: unknown = JSON.parse(text);
    const where = repeatedKey(text);
    if (where === undefined) return ok(document);
    return failed({ code: 'malformed', where, message: 'stands twice in this document; keep the one that is true' });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const where = text.trim() === '' ? 'it is empty' : error.message;
    return failed({
      code: 'malformed',
      where: '',
      message: `this is no JSON document (${where}); write one case as in docs/contract.md`,
    });
  }
}
