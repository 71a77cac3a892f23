import { expect, test } from 'vitest';
import { generateEd25519, publicKeyOf, signerOf, verifyEd25519 } from './ed25519.ts';

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');

// RFC 8032 §7.1, tests 1 to 3.
test.each([
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    key: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
])('RFC 8032: a message of $message', ({ seed, key, message, signature }) => {
  expect(Buffer.from(publicKeyOf(hex(seed))).toString('hex')).toBe(key);
  expect(Buffer.from(signerOf(hex(seed))(hex(message))).toString('hex')).toBe(signature);
  expect(verifyEd25519(hex(key), hex(message), hex(signature))).toBe(true);
});

test('a new key signs what its public half verifies, and no other', () => {
  const [one, other] = [generateEd25519(), generateEd25519()];
  const message = Buffer.from('checkpoint');
  const signature = signerOf(one.privateKey)(message);
  expect([one.privateKey.length, one.publicKey.length, signature.length]).toEqual([32, 32, 64]);
  expect(verifyEd25519(one.publicKey, message, signature)).toBe(true);
  expect(verifyEd25519(other.publicKey, message, signature)).toBe(false);
  expect(verifyEd25519(one.publicKey, Buffer.from('another'), signature)).toBe(false);
});

test('bytes that cannot be a key or signature verify nothing', () => {
  const { publicKey, privateKey } = generateEd25519();
  const message = Buffer.from('checkpoint');
  const signature = signerOf(privateKey)(message);
  expect(verifyEd25519(publicKey.subarray(1), message, signature)).toBe(false);
  expect(verifyEd25519(publicKey, message, signature.subarray(1))).toBe(false);
  expect(verifyEd25519(new Uint8Array(32).fill(0xff), message, signature)).toBe(false);
  expect(() => signerOf(privateKey.subarray(1))).toThrow('a private key has 32 bytes');
});
