import { describe, expect, test } from 'vitest';
import { sha256Bytes as hash } from '../../adapters/system/sha256.ts';
import { testSigner } from '../../../test/support/test-keys.ts';
import { COSIGNATURE_V1, ED25519 } from './signing.ts';
import { formatVerifierKey, isKeyName, keyIdOf, parseVerifierKey, verifierKey } from './verifier-key.ts';

const { key } = testSigner('log.example/1');
const text = formatVerifierKey(key);
const codeOf = (read: string): string => {
  const parsed = parseVerifierKey(read, hash);
  return parsed.ok ? 'ok' : parsed.failure.code;
};
/** A key written by hand, with the ID that fits it. */
const written = (name: string, algorithm: number, publicKey: Uint8Array): string =>
  formatVerifierKey({ name, algorithm, publicKey, keyId: keyIdOf(name, algorithm, publicKey, hash) });

test('a key is read as it was written', () => {
  expect(parseVerifierKey(text, hash)).toEqual({
    ok: true,
    value: { ...key, publicKey: new Uint8Array(key.publicKey) },
  });
});

test('one pair of bytes is two keys: to sign, and to cosign', () => {
  const one = verifierKey('w', ED25519, key.publicKey, hash);
  const other = verifierKey('w', COSIGNATURE_V1, key.publicKey, hash);
  expect(one.keyId).not.toBe(other.keyId);
  expect(codeOf(formatVerifierKey(other))).toBe('ok');
});

describe('refused, and why', () => {
  test.each<[string, string, string]>([
    ['nothing', '', 'malformed-key'],
    ['no ID', 'log.example/1', 'malformed-key'],
    ['a space in the name', text.replace('log', 'l g'), 'malformed-key'],
    ['an ID in capitals', written('a', ED25519, key.publicKey).toUpperCase(), 'malformed-key'],
    ['a newline at the end', `${text}\n`, 'malformed-key'],
    ['base64 without padding bits zero', 'a+00000000+AR==', 'malformed-key'],
    ['a short key', written('a', ED25519, key.publicKey.subarray(1)), 'malformed-key'],
    ['a long key', written('a', COSIGNATURE_V1, new Uint8Array(33)), 'malformed-key'],
    ['a signature type to come', written('a', 0x06, new Uint8Array(1312)), 'unknown-algorithm'],
    ['a name changed', text.replace('log', 'lug'), 'wrong-key-id'],
  ])('%s', (_, read, code) => expect(codeOf(read)).toBe(code));
});

test.each<[string, boolean]>([
  ['example.com/log', true],
  ['ünïcode—name', true],
  ['', false],
  ['a b', false],
  ['a\u00a0b', false],
  ['a\u2028b', false],
  ['a+b', false],
  ['a\u0001', false],
  ['\ud800', false],
])('%j is a key name: %s', (name, is) => expect(isKeyName(name)).toBe(is));

test('a key that cannot be one is a mistake of ours', () => {
  expect(() => verifierKey('a b', ED25519, key.publicKey, hash)).toThrow('cannot be a key name');
  expect(() => verifierKey('a', ED25519, new Uint8Array(31), hash)).toThrow('32 bytes');
});
