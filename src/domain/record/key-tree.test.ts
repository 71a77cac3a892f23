import { describe, expect, it } from 'vitest';
import { primitives } from '../../adapters/system/primitives.ts';
import { isHandle, newHandle, newKeyTree, subjectKey, withoutKey, type Handle } from './key-tree.ts';

const tree = newKeyTree(primitives);
const handles = Array.from({ length: 40 }, () => newHandle(primitives));
const keyIn = (of: typeof tree, handle: Handle): string | undefined => subjectKey(of, handle, primitives)?.toHex();

describe('the key tree', () => {
  it('gives each subject one key, the same each time, and no two the same', () => {
    const keys = handles.map((handle) => keyIn(tree, handle));
    expect(new Set(keys).size).toBe(handles.length);
    expect(handles.map((handle) => keyIn(tree, handle))).toEqual(keys);
  });

  it('destroys one key for ever and leaves every other as it was', () => {
    const [gone, ...rest] = handles as [Handle, ...Handle[]];
    const after = withoutKey(tree, gone, primitives);
    expect(keyIn(after, gone)).toBeUndefined();
    for (const handle of rest) expect(keyIn(after, handle)).toBe(keyIn(tree, handle));
  });

  it('leaves the neighbours of a destroyed key: handles that differ in one digit only', () => {
    const gone = handles[1] as Handle;
    const after = withoutKey(tree, gone, primitives);
    for (let at = 0; at < gone.length; at += 1) {
      const digit = gone[at] === '0' ? '1' : '0';
      const neighbour = (gone.slice(0, at) + digit + gone.slice(at + 1)) as Handle;
      expect(keyIn(after, neighbour)).toBe(keyIn(tree, neighbour));
    }
  });

  it('holds no secret any more from which a destroyed key follows', () => {
    const gone = handles[2] as Handle;
    const lost = keyIn(tree, gone);
    const after = withoutKey(withoutKey(tree, gone, primitives), handles[3] as Handle, primitives);
    // No node that is left lies on the way to it, and its key is none of the secrets.
    for (const [path, secret] of after) {
      expect(gone.startsWith(path)).toBe(false);
      expect(secret.toHex()).not.toBe(lost);
    }
  });

  it('destroys many, one after the other, and the same one twice', () => {
    let after = tree;
    for (const handle of handles.slice(0, 20)) after = withoutKey(after, handle, primitives);
    expect(withoutKey(after, handles[0] as Handle, primitives)).toBe(after);
    expect(handles.map((handle) => keyIn(after, handle) !== undefined)).toEqual(handles.map((_, index) => index >= 20));
  });

  it('takes 32 hexadecimal digits for a handle and nothing else', () => {
    expect(isHandle(newHandle(primitives))).toBe(true);
    expect(['', 'x'.repeat(32), 'A'.repeat(32), 'a'.repeat(31), `${'a'.repeat(32)}\n`].filter(isHandle)).toEqual([]);
  });
});
