/** Why a ledger's bytes are not accepted: a closed code for the machine, a sentence for the reader. */
export interface Refusal<Code extends string> {
  readonly code: Code;
  readonly message: string;
}

/** What a parser or verifier of the ledger gives. It stops at the first failure: bytes that are refused are refused whole. */
export type Outcome<T, Code extends string> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Refusal<Code> };

export function accepted<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function refused<Code extends string>(
  code: Code,
  message: string,
): { readonly ok: false; readonly failure: Refusal<Code> } {
  return { ok: false, failure: { code, message } };
}
