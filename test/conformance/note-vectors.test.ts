import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { signerOf, verifyEd25519 as verify } from '../../src/adapters/system/ed25519.ts';
import { sha256Bytes as hash } from '../../src/adapters/system/sha256.ts';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from '../../src/domain/ledger/checkpoint.ts';
import { leafHash } from '../../src/domain/ledger/hashes.ts';
import { formatNote, openNote, parseNote, signNote } from '../../src/domain/ledger/note.ts';
import { COSIGNATURE_V1, readSigned } from '../../src/domain/ledger/signing.ts';
import { formatVerifierKey, parseVerifierKey, type VerifierKey } from '../../src/domain/ledger/verifier-key.ts';
import { hasShared, SHARED } from '../support/shared.ts';

// Published vectors of signed notes and checkpoints (shared/vectors/ORIGIN.md says whose).

interface NoteVector {
  readonly id: string;
  readonly vkeys: readonly string[];
  readonly note: string;
  readonly expect: 'ok' | 'unverified' | 'invalid-signature' | 'malformed';
  readonly verified?: readonly string[];
}

interface Vectors {
  readonly notes: readonly NoteVector[];
  readonly bad_vkeys: readonly string[];
  readonly deterministic_signing: {
    readonly public_test_skey: string;
    readonly text: string;
    readonly expected_note: string;
  };
  readonly tree_note: { readonly n: number; readonly record: string; readonly golden: string };
}

interface Examples {
  readonly checkpoint_example: string;
  readonly cosignature_line: string;
  readonly cosignature_time: number;
  readonly cosigned_message: string;
}

const present = hasShared();
const read = (name: string): unknown => JSON.parse(readFileSync(join(SHARED, 'vectors/notes', name), 'utf8'));
const vectors = present ? (read('signed-notes.json') as Vectors) : undefined;
const examples = present ? (read('c2sp-spec-examples.json') as Examples) : undefined;

function keyOf(text: string): VerifierKey {
  const parsed = parseVerifierKey(text, hash);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
}

/** In the words of the vectors: who signed, or why not. */
async function opened({ note, vkeys }: NoteVector): Promise<unknown> {
  const parsed = parseNote(Buffer.from(note));
  if (!parsed.ok) return 'malformed';
  const outcome = await openNote(parsed.value, vkeys.map(keyOf), verify);
  if (!outcome.ok) return outcome.failure.code;
  expect(formatNote(outcome.value)).toBe(note);
  return outcome.value.verified.map(({ key }) => key.name);
}

describe.skipIf(!present)('signed notes', () => {
  test.each(vectors?.notes ?? [])('$id: $expect', async (vector) => {
    expect(await opened(vector)).toEqual(vector.expect === 'ok' ? vector.verified : vector.expect);
  });

  test('none of the vectors went missing', () => {
    expect(vectors?.notes).toHaveLength(13);
    expect(vectors?.bad_vkeys).toHaveLength(2);
  });

  test('101 signatures are too many, and the code says so', () => {
    const many = vectors?.notes.find(({ id }) => id.includes('too-many'));
    expect(parseNote(many?.note ?? '')).toMatchObject({ failure: { code: 'too-many-signatures' } });
  });

  test('signing gives the published bytes', async () => {
    const { public_test_skey: skey, text, expected_note: expected } = vectors?.deterministic_signing ?? {};
    const bytes = Buffer.from(skey?.split('+').slice(4).join('+') ?? '', 'base64');
    const key = keyOf(vectors?.notes[0]?.vkeys[0] ?? '');
    expect(formatNote(await signNote(text ?? '', [{ key, sign: signerOf(bytes.subarray(1)) }]))).toBe(expected);
  });
});

describe.skipIf(!present)('verifier keys', () => {
  test.each([...new Set(vectors?.notes.flatMap(({ vkeys }) => vkeys))])('%s is read and written', (text) => {
    expect(formatVerifierKey(keyOf(text))).toBe(text);
  });
  test.each(vectors?.bad_vkeys ?? [])('%s is refused', (text) => {
    expect(parseVerifierKey(text, hash).ok).toBe(false);
  });
  test('every piece of a key, and every key with one byte raised, is refused', () => {
    const good = vectors?.notes[0]?.vkeys[0] ?? '';
    const mangled: string[] = [];
    for (let start = 0; start < good.length; start += 1) {
      for (let end = start; end <= good.length; end += 1)
        if (end - start < good.length) mangled.push(good.slice(start, end));
      const raised = Buffer.from(good);
      raised[start] = (raised[start] ?? 0) + 1;
      mangled.push(raised.toString());
    }
    expect(parseVerifierKey(good, hash).ok).toBe(true);
    expect(mangled.filter((text) => parseVerifierKey(text, hash).ok)).toEqual([]);
  });
});

describe.skipIf(!present)('checkpoints', () => {
  test('the tree of one record, as Go’s checksum database writes it', () => {
    const { n: size, record, golden } = vectors?.tree_note ?? { n: 0, record: '', golden: '' };
    const root = leafHash(Buffer.from(record), hash);
    expect(formatCheckpoint({ origin: 'go.sum database tree', size, root, extensions: [] })).toBe(golden);
  });

  test('a real checkpoint of sum.golang.org', async () => {
    const real = vectors?.notes.find(({ id }) => id.startsWith('sum.golang.org'));
    const key = keyOf(real?.vkeys[0] ?? '');
    const outcome = await openCheckpoint(real?.note ?? '', key, hash, verify, 'go.sum database tree');
    expect(outcome).toMatchObject({ ok: true, value: { checkpoint: { size: 35_225_469, extensions: [] } } });
    expect(await openCheckpoint(real?.note ?? '', key, hash, verify)).toMatchObject({
      failure: { code: 'wrong-origin' },
    });
  });

  test('the example of the specification, with its cosignature', () => {
    const { checkpoint_example: text = '', cosignature_line: line = '' } = examples ?? {};
    const parsed = parseNote(`${text}${line}\n`);
    if (!parsed.ok) throw new Error(parsed.failure.message);
    const { text: body, signatures } = parsed.value;
    const checkpoint = parseCheckpoint(body);
    expect(checkpoint).toMatchObject({ ok: true, value: { origin: 'example.com/behind-the-sofa', size: 20_852_163 } });
    expect(checkpoint.ok && formatCheckpoint(checkpoint.value)).toBe(body);
    const signed = readSigned(COSIGNATURE_V1, body, signatures[1]?.signature ?? new Uint8Array(0));
    expect(signed?.time).toBe(examples?.cosignature_time);
    expect(Buffer.from(signed?.message ?? []).toString()).toBe(examples?.cosigned_message);
  });
});
