import { KEY_BYTES, type Primitives } from './primitives.ts';

/**
 * The keys of all subjects, of which any one can be destroyed for ever (docs/adr/0010).
 *
 * A subject's key is derived from its handle by a tree of HMACs with sixteen branches at each node (Goldreich,
 * Goldwasser and Micali 1986). To destroy one key, the secrets on its path are replaced by those of the branches beside
 * the path, from which every other key still follows and this one does not. So no key is kept beside the data: an old
 * backup holds none, and what was destroyed stays destroyed when it is restored.
 */
export type KeyTree = ReadonlyMap<NodePath, Uint8Array>;

/** The way to a node of the tree: the first hexadecimal digits of the handles below it. */
type NodePath = string;

/** A subject's random name in the ledger: 16 bytes in hexadecimal. It says nothing about whom it names. */
export type Handle = string & { readonly __unit: 'handle' };

const HANDLE_DIGITS = 32;
const BRANCHES = '0123456789abcdef';

type Deriving = Pick<Primitives, 'hmac'>;

export function isHandle(text: string): text is Handle {
  return /^[0-9a-f]{32}$/.test(text);
}

export function newHandle({ random }: Pick<Primitives, 'random'>): Handle {
  return random(HANDLE_DIGITS / 2).toHex() as Handle;
}

export function newKeyTree({ random }: Pick<Primitives, 'random'>): KeyTree {
  return new Map([['', random(KEY_BYTES)]]);
}

/** Undefined: the key was destroyed. */
export function subjectKey(tree: KeyTree, handle: Handle, primitives: Deriving): Uint8Array | undefined {
  const found = secretAbove(tree, handle);
  return found === undefined ? undefined : descend(found.secret, handle.slice(found.path.length), primitives);
}

/** The tree from which every other key can still be derived, and this one never again. */
export function withoutKey(tree: KeyTree, handle: Handle, { hmac }: Deriving): KeyTree {
  const found = secretAbove(tree, handle);
  if (found === undefined) return tree;
  const rest = new Map(tree);
  rest.delete(found.path);
  let { secret } = found;
  for (let depth = found.path.length; depth < HANDLE_DIGITS; depth += 1) {
    for (const branch of BRANCHES) {
      if (branch !== handle[depth]) rest.set(handle.slice(0, depth) + branch, child(secret, branch, hmac));
    }
    secret = child(secret, handle[depth] ?? '', hmac);
  }
  return rest;
}

function secretAbove(tree: KeyTree, handle: Handle): { path: NodePath; secret: Uint8Array } | undefined {
  for (let length = 0; length <= HANDLE_DIGITS; length += 1) {
    const path = handle.slice(0, length);
    const secret = tree.get(path);
    if (secret !== undefined) return { path, secret };
  }
  return undefined;
}

function descend(secret: Uint8Array, digits: string, { hmac }: Deriving): Uint8Array {
  let at = secret;
  for (const digit of digits) at = child(at, digit, hmac);
  return at;
}

function child(secret: Uint8Array, branch: string, hmac: Primitives['hmac']): Uint8Array {
  return hmac(secret, Uint8Array.of(branch.charCodeAt(0)));
}
