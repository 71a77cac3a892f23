import { describe, expect, test } from 'vitest';
import { verifyEd25519 as verify } from '../../adapters/system/ed25519.ts';
import { sha256Bytes as hash } from '../../adapters/system/sha256.ts';
import { testSigner } from '../../../test/support/test-keys.ts';
import { formatAddCheckpoint, parseAddCheckpoint, type AddCheckpoint } from './add-checkpoint.ts';
import { openCheckpoint, signCheckpoint } from './checkpoint.ts';
import { openCosignatures } from './cosignature.ts';
import { leafHash } from './hashes.ts';
import { parseNote } from './note.ts';
import { COSIGNATURE_V1 } from './signing.ts';
import { nodesOf, proveConsistency, rootOf } from './tree.ts';
import { answerAddCheckpoint, malformedRequest, type WitnessAnswer, type WitnessState } from './witness.ts';

const log = testSigner('log.example/1');
const signer = testSigner('witness.example', COSIGNATURE_V1);
const leaves = Array.from({ length: 50 }, (_, index) => leafHash(Buffer.from(`entry ${index}`), hash));
const read = nodesOf(leaves, hash);
const otherTree = nodesOf(leaves.toReversed(), hash);

interface Asked {
  readonly from: number;
  readonly to: number;
  readonly proof?: readonly Uint8Array[];
  readonly tree?: typeof read;
  readonly origin?: string;
  readonly by?: typeof log;
}

async function request({
  from,
  to,
  tree = read,
  origin = 'log.example/1',
  by = log,
  ...asked
}: Asked): Promise<AddCheckpoint> {
  const root = rootOf(to, tree, hash);
  const note = await signCheckpoint({ origin, size: to, root, extensions: [] }, [by]);
  const proof = asked.proof ?? (from === 0 ? [] : proveConsistency(from, to, tree, hash));
  const parsed = parseAddCheckpoint(formatAddCheckpoint({ oldSize: from, proof, note }));
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
}

async function answer(asked: AddCheckpoint, state?: WitnessState): Promise<WitnessAnswer> {
  const watched = { origin: 'log.example/1', keys: [log.key] };
  const isWatched = asked.checkpoint.origin === watched.origin;
  const context = { log: isWatched ? watched : undefined, state, signer, time: 1_700_000_000, hash, verify };
  return await answerAddCheckpoint(asked, context);
}

/** The witness after it has cosigned this size. */
async function at(size: number): Promise<WitnessState> {
  const first = await answer(await request({ from: 0, to: size }));
  if (first.status !== 200) throw new Error(`not cosigned: ${first.status}`);
  return first.state;
}

test('a log never seen before is cosigned from size 0 without a proof, and remembered', async () => {
  const asked = await request({ from: 0, to: 7 });
  const given = await answer(asked);
  if (given.status !== 200) throw new Error(String(given.status));
  expect(given.state).toMatchObject({ size: 7, root: asked.checkpoint.root });
  const kept = parseNote(given.state.checkpoint);
  if (!kept.ok) throw new Error(kept.failure.message);
  expect(await openCosignatures(kept.value, [signer.key], verify)).toMatchObject({
    ok: true,
    value: [{ time: 1_700_000_000 }],
  });
  expect(await openCheckpoint(given.state.checkpoint, log.key, hash, verify)).toMatchObject({ ok: true });
  expect(given.body).toMatch(/^— witness\.example \S+\n$/);
  expect(given.state.checkpoint.endsWith(given.body)).toBe(true);
});

test('growth with its proof is cosigned, and the same size again: a lost answer is asked for once more', async () => {
  const grown = await answer(await request({ from: 7, to: 31 }), await at(7));
  expect(grown).toMatchObject({ status: 200, state: { size: 31 } });
  expect(await answer(await request({ from: 7, to: 7, proof: [] }), await at(7))).toMatchObject({ status: 200 });
});

test('an empty log is cosigned, and what grows from it needs no proof', async () => {
  const empty = await at(0);
  expect(empty.size).toBe(0);
  expect(await answer(await request({ from: 0, to: 9 }), empty)).toMatchObject({ status: 200, state: { size: 9 } });
});

describe('refused', () => {
  test('a log that nobody told us to watch: 404, also where its key is known', async () => {
    const asked = await request({ from: 0, to: 7, origin: 'log.example/2' });
    expect(await answer(asked)).toMatchObject({ status: 404, refusal: { code: 'unknown-log' } });
  });
  test('a checkpoint that another has signed: 403', async () => {
    const asked = await request({ from: 0, to: 7, by: testSigner('eve.example') });
    expect(await answer(asked)).toMatchObject({ status: 403, refusal: { code: 'untrusted-checkpoint' } });
    const forged = await request({ from: 0, to: 7 });
    const note = { ...forged.note, text: forged.note.text.replace('\n7\n', '\n8\n') };
    expect(await answer({ ...forged, note })).toMatchObject({ status: 403 });
  });
  test('a stranger learns no size: the signature is looked at first', async () => {
    const asked = await request({ from: 3, to: 7, by: testSigner('eve.example') });
    expect(await answer(asked, await at(5))).toMatchObject({ status: 403 });
  });
  test('a log that says that it shrinks: 400', async () => {
    const asked = await request({ from: 7, to: 5, proof: [] });
    expect(await answer(asked, await at(7))).toMatchObject({ status: 400, refusal: { code: 'shrinking-log' } });
  });
  test('another old size than ours: 409 with ours', async () => {
    const conflict = { status: 409, contentType: 'text/x.tlog.size', body: '7\n' };
    expect(await answer(await request({ from: 0, to: 9 }), await at(7))).toEqual(conflict);
    expect(await answer(await request({ from: 5, to: 9 }), await at(7))).toEqual(conflict);
    expect(await answer(await request({ from: 5, to: 9 }))).toEqual({ ...conflict, body: '0\n' });
  });
  test('a rollback, however it is dressed', async () => {
    const state = await at(31);
    expect(await answer(await request({ from: 0, to: 7 }), state)).toMatchObject({ status: 409, body: '31\n' });
    expect(await answer(await request({ from: 7, to: 7, proof: [] }), state)).toMatchObject({ status: 409 });
    expect(await answer(await request({ from: 31, to: 7, proof: [] }), state)).toMatchObject({ status: 400 });
  });
  test.each<[string, Asked]>([
    ['another tree', { from: 7, to: 31, tree: otherTree }],
    ['no proof', { from: 7, to: 31, proof: [] }],
    ['a proof too long', { from: 7, to: 31, proof: [...proveConsistency(7, 31, read, hash), new Uint8Array(32)] }],
    ['the same size with another root', { from: 7, to: 7, tree: otherTree, proof: [] }],
    ['the same size with a proof', { from: 7, to: 7, proof: [new Uint8Array(32)] }],
  ])('%s: 422', async (_, asked) =>
    expect(await answer(await request(asked), await at(7))).toMatchObject({
      status: 422,
      refusal: { code: 'inconsistent' },
    }),
  );
  test('a proof from size 0, and an empty log with the root of something: 422', async () => {
    expect(await answer(await request({ from: 0, to: 7, proof: [new Uint8Array(32)] }))).toMatchObject({ status: 422 });
    const note = await signCheckpoint({ origin: 'log.example/1', size: 0, root: new Uint8Array(32), extensions: [] }, [
      log,
    ]);
    const parsed = parseAddCheckpoint(formatAddCheckpoint({ oldSize: 0, proof: [], note }));
    expect(parsed.ok && (await answer(parsed.value))).toMatchObject({ status: 422 });
  });
});

test('a witness set up with two keys that cannot be told apart stops', async () => {
  const asked = await request({ from: 0, to: 7 });
  const twice = [log.key, { ...log.key, publicKey: signer.key.publicKey }];
  const context = { log: { origin: 'log.example/1', keys: twice }, state: undefined, signer, time: 0, hash, verify };
  await expect(answerAddCheckpoint(asked, context)).rejects.toThrow('Two of the known keys');
});

describe('what is no request: 400', async () => {
  const good = formatAddCheckpoint(await request({ from: 7, to: 31 }));
  const [, firstProofLine = '', ...others] = good.slice(0, good.indexOf('\n\n')).split('\n');
  const withProofLines = (count: number): string =>
    good.replace(
      firstProofLine,
      Array(count - others.length)
        .fill(firstProofLine)
        .join('\n'),
    );
  const codeOf = (body: Uint8Array | string): number | 'read' => {
    const parsed = parseAddCheckpoint(body);
    return parsed.ok ? 'read' : malformedRequest(parsed.failure).status;
  };
  test('nothing is wrong with the good one', () => {
    expect([codeOf(good), codeOf(Buffer.from(good))]).toEqual(['read', 'read']);
    expect(codeOf(withProofLines(63))).toBe('read');
  });
  test.each<[string, Uint8Array | string]>([
    ['nothing', ''],
    ['no old size', good.replace('old 7\n', '')],
    ['another word', good.replace('old', 'new')],
    ['a leading zero', good.replace('old 7', 'old 07')],
    ['two spaces', good.replace('old 7', 'old  7')],
    ['a negative size', good.replace('old 7', 'old -7')],
    ['a carriage return', good.replace('old 7\n', 'old 7\r\n')],
    ['a proof line that is no base64', good.replace(firstProofLine, 'x')],
    ['a proof line of 31 bytes', good.replace(firstProofLine, Buffer.alloc(31).toString('base64'))],
    ['a proof line of another spelling', good.replace(firstProofLine, firstProofLine.replace('=', ''))],
    ['64 proof lines', withProofLines(64)],
    ['no checkpoint', good.slice(0, good.indexOf('\n\n') + 2)],
    ['a checkpoint without signatures', good.slice(0, good.lastIndexOf('\n\n') + 1)],
    ['a note that is no checkpoint', good.replace('\n31\n', '\nmany\n')],
    ['bytes that are no UTF-8', Uint8Array.of(0xff)],
  ])('%s', (_, body) => expect(codeOf(body)).toBe(400));
});
