/** Ends every `switch` on a kind: the compiler proves that no kind is left, and a bug crashes instead of passing. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
