import { describe, expect, test } from 'vitest';
import { verifyEd25519 as verify } from '../../adapters/system/ed25519.ts';
import { testSigner } from '../../../test/support/test-keys.ts';
import {
  formatNote,
  formatSignatureLine,
  openNote,
  parseNote,
  signNote,
  type Note,
  type SignatureLine,
} from './note.ts';
import { COSIGNATURE_V1 } from './signing.ts';
import type { VerifierKey } from './verifier-key.ts';

const [ann, bob] = [testSigner('ann.example'), testSigner('bob.example')];
const note = await signNote('a text\n', [ann, bob]);
const [annLine, bobLine] = note.signatures as [SignatureLine, SignatureLine];
const codeOf = (read: Uint8Array | string): string => {
  const parsed = parseNote(read);
  return parsed.ok ? 'ok' : parsed.failure.code;
};
const opened = async (read: Note, ...keys: readonly VerifierKey[]): Promise<string | readonly string[]> => {
  const outcome = await openNote(read, keys, verify);
  return outcome.ok ? outcome.value.verified.map(({ key }) => key.name) : outcome.failure.code;
};

test('a note is read as it was written', () => {
  const parsed = parseNote(formatNote(note));
  expect(parsed.ok && formatNote(parsed.value)).toBe(formatNote(note));
  expect(parsed.ok && parsed.value.text).toBe('a text\n');
});

test.each(['\n', '\n\n', 'one\n\ntwo\n', 'ends in an empty line\n\n', '— looks like a signature\n', '\ufeffa mark\n'])(
  'the text %j keeps every byte',
  async (text) => {
    const signed = formatNote(await signNote(text, [ann]));
    const parsed = parseNote(Buffer.from(signed));
    expect(parsed.ok && parsed.value.text).toBe(text);
    expect(parsed.ok && (await opened(parsed.value, ann.key))).toEqual(['ann.example']);
  },
);

describe('what is no note', () => {
  const line = formatSignatureLine(annLine).trimEnd();
  test.each<[string, Uint8Array | string]>([
    ['nothing', ''],
    ['no text', `\n${line}\n`],
    ['a carriage return', `a\r\n\n${line}\n`],
    ['a tab', `a\tb\n\n${line}\n`],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from([0xff]), Buffer.from(`a\n\n${line}\n`)])],
    ['half a character', `\ud83d\n\n${line}\n`],
    ['a hyphen for the dash', `a\n\n${line.replace('—', '-')}\n`],
    ['two spaces', `a\n\n${line.replace('— ', '—  ')}\n`],
    ['a word too many', `a\n\n${line} more\n`],
    ['a space at the end', `a\n\n${line} \n`],
    ['no name', `a\n\n${line.replace('ann.example ', '')}\n`],
    ['a plus in the name', `a\n\n${line.replace('ann.', 'ann+')}\n`],
    ['no signature behind the ID', `a\n\n— ann.example AAAAAA==\n`],
    ['base64 padded in its midst', `a\n\n— ann.example AAAA==AAAAAA\n`],
    ['base64 padded too far', `a\n\n— ann.example AAAAA===\n`],
    ['base64 for URLs', `a\n\n— ann.example AAAAA-_-\n`],
    ['base64 without padding', `a\n\n— ann.example AAAAAAA\n`],
  ])('%s', (_, read) => expect(codeOf(read)).toBe('malformed-note'));
});

test('unused bits of a signature’s base64 may be anything, as in Go', () => {
  const parsed = parseNote('a\n\n— ann.example AAAAAAF=\n');
  expect(parsed.ok && formatNote(parsed.value)).toBe('a\n\n— ann.example AAAAAAE=\n');
});

test('a hundred signatures are read, one more are not', () => {
  const line = formatSignatureLine(annLine);
  expect(codeOf(`a\n\n${line.repeat(16)}`)).toBe('ok');
  expect(codeOf(`a\n\n${line.repeat(100)}`)).toBe('ok');
  expect(codeOf(`a\n\n${line.repeat(101)}`)).toBe('too-many-signatures');
});

describe('who has signed', () => {
  test('each known key once, however often its line stands there', async () => {
    expect(await opened(note, ann.key, bob.key)).toEqual(['ann.example', 'bob.example']);
    expect(await opened({ ...note, signatures: [annLine, annLine] }, ann.key)).toEqual(['ann.example']);
  });
  test('unknown keys say nothing, but are not lost', async () => {
    const outcome = await openNote(note, [bob.key], verify);
    expect(outcome).toMatchObject({ ok: true, value: { unverified: [annLine] } });
    expect(await opened(note)).toBe('unverified');
  });
  test('the name or the ID of a known key alone is another key', async () => {
    const sameName = { ...annLine, keyId: annLine.keyId + 1 };
    const sameId = { ...annLine, name: 'eve.example' };
    expect(await opened({ ...note, signatures: [sameName, sameId, bobLine] }, ann.key, bob.key)).toEqual([
      'bob.example',
    ]);
  });
  test('a bad signature of a known key spoils what others have signed', async () => {
    const spoilt = { ...annLine, signature: bobLine.signature };
    expect(await opened({ ...note, signatures: [bobLine, spoilt] }, ann.key, bob.key)).toBe('invalid-signature');
    expect(await opened({ ...note, signatures: [annLine, spoilt] }, ann.key)).toBe('invalid-signature');
    const short = { ...annLine, signature: annLine.signature.subarray(1) };
    expect(await opened({ ...note, signatures: [short] }, ann.key)).toBe('invalid-signature');
  });
  test('another text is not what was signed', async () => {
    expect(await opened({ ...note, text: 'a texts\n' }, ann.key)).toBe('invalid-signature');
  });
  test('two known keys that cannot be told apart', async () => {
    expect(await opened(note, ann.key, { ...bob.key, name: ann.key.name, keyId: ann.key.keyId })).toBe('ambiguous-key');
  });
  test('a key of a signature type to come is carried and not trusted', async () => {
    const outcome = await openNote(note, [{ ...ann.key, algorithm: 0x06 }, bob.key], () => true);
    expect(outcome).toMatchObject({ ok: true, value: { verified: [{ key: bob.key }], unverified: [annLine] } });
  });
  test('a plain signature does not pass for a cosignature', async () => {
    expect(await opened(note, { ...ann.key, algorithm: COSIGNATURE_V1 })).toBe('invalid-signature');
  });
  test('a verifier that answers later, as browsers do', async () => {
    const later = (...given: Parameters<typeof verify>): Promise<boolean> => Promise.resolve(verify(...given));
    expect(await openNote(note, [ann.key], later)).toMatchObject({ ok: true });
    const spoilt = { ...note, text: 'b\n' };
    expect(await openNote(spoilt, [ann.key], later)).toMatchObject({
      ok: false,
      failure: { code: 'invalid-signature' },
    });
  });
});

test('what cannot be signed is a mistake of ours', async () => {
  await expect(signNote('no newline', [ann])).rejects.toThrow('ends in a newline');
  await expect(signNote('a\u0000\n', [ann])).rejects.toThrow('control characters');
  await expect(signNote('a\n', [testSigner('w', COSIGNATURE_V1)])).rejects.toThrow('does not sign notes');
});
