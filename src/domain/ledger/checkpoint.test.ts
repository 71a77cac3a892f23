import { describe, expect, test } from 'vitest';
import { verifyEd25519 as verify } from '../../adapters/system/ed25519.ts';
import { sha256Bytes as hash } from '../../adapters/system/sha256.ts';
import { testSigner } from '../../../test/support/test-keys.ts';
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint, type Checkpoint } from './checkpoint.ts';
import { emptyRoot } from './hashes.ts';
import { formatNote, signNote } from './note.ts';

const log = testSigner('log.example/1');
const root = new Uint8Array(32).fill(7);
const root64 = Buffer.from(root).toString('base64');
const checkpoint: Checkpoint = { origin: 'log.example/1', size: 5, root, extensions: [] };
const opened = async (text: string, origin?: string): Promise<string> => {
  const outcome = await openCheckpoint(text, log.key, hash, verify, origin);
  return outcome.ok ? `size ${outcome.value.checkpoint.size}` : outcome.failure.code;
};

test('a checkpoint is read as it was written', () => {
  const text = formatCheckpoint({ ...checkpoint, extensions: ['one', 'two'] });
  expect(text).toBe(`log.example/1\n5\n${root64}\none\ntwo\n`);
  const parsed = parseCheckpoint(text);
  expect(parsed.ok && { ...parsed.value, root: [...parsed.value.root] }).toEqual({
    ...checkpoint,
    root: [...root],
    extensions: ['one', 'two'],
  });
});

describe('what is no checkpoint', () => {
  test.each<[string, string]>([
    ['nothing', ''],
    ['two lines', 'a\n5\n'],
    ['no newline at the end', `a\n5\n${root64}`],
    ['no origin', `\n5\n${root64}\n`],
    ['a leading zero', `a\n05\n${root64}\n`],
    ['a sign', `a\n+5\n${root64}\n`],
    ['a space', `a\n5 \n${root64}\n`],
    ['a size of 2^53', `a\n9007199254740992\n${root64}\n`],
    ['a size in other digits', `a\n٥\n${root64}\n`],
    ['a short root', `a\n5\n${Buffer.from(root.subarray(1)).toString('base64')}\n`],
    ['a root with another spelling', `a\n5\n${root64.replace(/.=$/, 'd=')}\n`],
    ['a space within the root', `a\n5\n${root64.slice(0, 4)} ${root64.slice(4)}\n`],
    ['an empty extension line', `a\n5\n${root64}\n\n`],
    ['an empty line between extensions', `a\n5\n${root64}\nx\n\ny\n`],
  ])('%s', (_, text) => expect(parseCheckpoint(text)).toMatchObject({ failure: { code: 'malformed-checkpoint' } }));
  test('the largest size that a number holds is one', () =>
    expect(parseCheckpoint(`a\n9007199254740991\n${root64}\n`)).toMatchObject({ ok: true }));
});

test.each<[string, Partial<Checkpoint>]>([
  ['a root too short', { root: root.subarray(1) }],
  ['a broken size', { size: 1.5 }],
  ['no origin', { origin: '' }],
  ['an origin that would be three lines', { origin: `a\n5\n${root64}` }],
  ['an extension that would be two lines', { extensions: ['a\nb'] }],
])('%s is never written', (_, change) =>
  expect(() => formatCheckpoint({ ...checkpoint, ...change })).toThrow('can be written'),
);

describe('a checkpoint is the log’s', () => {
  test('signed with its key', async () => {
    expect(await opened(formatNote(await signCheckpoint(checkpoint, [log])))).toBe('size 5');
  });
  test('not when another has signed', async () => {
    const other = testSigner('other.example');
    expect(await opened(formatNote(await signCheckpoint(checkpoint, [other])))).toBe('unverified');
  });
  test('not when it is of another log, also by the same key', async () => {
    const text = formatNote(await signCheckpoint({ ...checkpoint, origin: 'log.example/2' }, [log]));
    expect(await opened(text)).toBe('wrong-origin');
    expect(await opened(text, 'log.example/2')).toBe('size 5');
  });
  test('not when the text is none', async () => {
    expect(await opened(formatNote(await signNote('hello\n', [log])))).toBe('malformed-checkpoint');
    expect(await opened('hello')).toBe('malformed-note');
  });
  test('empty only with the root of nothing', async () => {
    const empty = { ...checkpoint, size: 0 };
    expect(await opened(formatNote(await signCheckpoint(empty, [log])))).toBe('wrong-root');
    expect(await opened(formatNote(await signCheckpoint({ ...empty, root: emptyRoot(hash) }, [log])))).toBe('size 0');
  });
});
