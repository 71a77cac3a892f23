import type { Primitives } from './primitives.ts';

/** What one key of a subject serves for, and nothing else. */
export type KeyUse = 'content' | 'commitment' | 'state';

// For as long as somebody holds the subject's own key: an append needs three of these, and the next one the same.
const derived = new WeakMap<Uint8Array, Map<KeyUse, Uint8Array>>();

/** A subject's key for one use (docs/ledger-format.md, "Content"). @param key the subject's own (key-tree.ts). */
export function keyFor(use: KeyUse, key: Uint8Array, { hmac }: Primitives): Uint8Array {
  const known = derived.get(key) ?? new Map<KeyUse, Uint8Array>();
  derived.set(key, known);
  const found = known.get(use) ?? hmac(key, new TextEncoder().encode(`writkeeper/v1/${use}`));
  known.set(use, found);
  return found;
}
