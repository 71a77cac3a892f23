import { expect, test } from 'vitest';
import { verifyEd25519 as verify } from '../../adapters/system/ed25519.ts';
import { testSigner } from '../../../test/support/test-keys.ts';
import { signCheckpoint } from './checkpoint.ts';
import { cosign, openCosignatures } from './cosignature.ts';
import type { Note, SignatureLine } from './note.ts';
import { COSIGNATURE_V1, cosignedMessage } from './signing.ts';
import type { VerifierKey } from './verifier-key.ts';

const log = testSigner('log.example/1');
const [one, two] = [testSigner('w1.example', COSIGNATURE_V1), testSigner('w2.example', COSIGNATURE_V1)];
const checkpoint = { origin: 'log.example/1', size: 5, root: new Uint8Array(32), extensions: [] };
const signed = await signCheckpoint(checkpoint, [log]);
const with_ = (...lines: readonly SignatureLine[]): Note => ({
  ...signed,
  signatures: [...signed.signatures, ...lines],
});
const seen = async (note: Note, ...witnesses: readonly VerifierKey[]): Promise<unknown> => {
  const outcome = await openCosignatures(note, witnesses, verify);
  return outcome.ok ? outcome.value.map(({ witness, time }) => [witness.name, time]) : outcome.failure.code;
};

test('what is cosigned says the time and the whole text', () => {
  expect(Buffer.from(cosignedMessage(1679315147, signed.text)).toString()).toBe(
    `cosignature/v1\ntime 1679315147\n${signed.text}`,
  );
});

test('two witnesses, each with its time; a stranger counts for nothing', async () => {
  const note = with_(await cosign(signed.text, one, 1_700_000_000), await cosign(signed.text, two, 1_700_000_060));
  expect(await seen(note, one.key, two.key)).toEqual([
    ['w1.example', 1_700_000_000],
    ['w2.example', 1_700_000_060],
  ]);
  expect(await seen(note, two.key)).toEqual([['w2.example', 1_700_000_060]]);
});

test('no witness is an empty list, and the log’s own signature is none', async () => {
  expect(await seen(signed, one.key)).toEqual([]);
  expect(await seen(signed, log.key)).toEqual([]);
});

test('one witness that signs twice is one', async () => {
  const note = with_(await cosign(signed.text, one, 10), await cosign(signed.text, one, 20));
  expect(await seen(note, one.key)).toEqual([['w1.example', 10]]);
});

test('a time moved after the fact breaks the cosignature', async () => {
  const line = await cosign(signed.text, one, 10);
  const signature = Uint8Array.from(line.signature);
  signature[7] = 11;
  expect(await seen(with_({ ...line, signature }), one.key)).toBe('invalid-signature');
});

test('a time past what a number holds is no time', async () => {
  const line = await cosign(signed.text, one, 2 ** 53 - 1);
  expect(await seen(with_(line), one.key)).toEqual([['w1.example', 2 ** 53 - 1]]);
  const signature = Uint8Array.from(line.signature).fill(0xff, 0, 8);
  expect(await seen(with_({ ...line, signature }), one.key)).toBe('invalid-signature');
});

test('a cosignature of another checkpoint is none of this', async () => {
  const other = await signCheckpoint({ ...checkpoint, size: 6 }, [log]);
  expect(await seen(with_(await cosign(other.text, one, 10)), one.key)).toBe('invalid-signature');
});

test('to cosign with the wrong key or at no time is a mistake of ours', async () => {
  await expect(cosign(signed.text, log, 10)).rejects.toThrow('does not cosign');
  await expect(cosign(signed.text, one, 1.5)).rejects.toThrow('no time');
  await expect(cosign(signed.text, one, -1)).rejects.toThrow('no time');
});
