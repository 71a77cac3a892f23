import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyEd25519 as verify } from '../../src/adapters/system/ed25519.ts';
import { sha256Bytes as hash } from '../../src/adapters/system/sha256.ts';
import { formatAddCheckpoint, parseAddCheckpoint } from '../../src/domain/ledger/add-checkpoint.ts';
import { COSIGNATURE_V1, ED25519 } from '../../src/domain/ledger/signing.ts';
import { verifierKey } from '../../src/domain/ledger/verifier-key.ts';
import {
  answerAddCheckpoint,
  malformedRequest,
  type WitnessAnswer,
  type WitnessState,
} from '../../src/domain/ledger/witness.ts';
import { hasShared, SHARED } from '../support/shared.ts';
import { testSigner } from '../support/test-keys.ts';

// Published requests to a witness, in their order (shared/vectors/ORIGIN.md says whose).

interface Vectors {
  readonly log_origin: string;
  readonly log_ed25519_public_key_hex: string;
  readonly cases: readonly { readonly request_body: string; readonly status: number; readonly body?: string }[];
  readonly race_case: { readonly old_1_to_5_proof: readonly string[]; readonly root_5: string };
}

const present = hasShared();
const read = (name: string): unknown => JSON.parse(readFileSync(join(SHARED, 'vectors/notes', name), 'utf8'));
const vectors = present ? (read('witness-add-checkpoint.json') as Vectors) : undefined;
const cases = vectors?.cases ?? [];

const signer = testSigner('example.com/witness', COSIGNATURE_V1);
const log = vectors && {
  origin: vectors.log_origin,
  keys: [verifierKey(vectors.log_origin, ED25519, Buffer.from(vectors.log_ed25519_public_key_hex, 'hex'), hash)],
};

/** A witness that decides on a state without storing what comes of it. */
async function decide(body: string, state: WitnessState | undefined): Promise<WitnessAnswer> {
  const request = parseAddCheckpoint(Buffer.from(body));
  if (!request.ok) return malformedRequest(request.failure);
  const watched = request.value.checkpoint.origin === log?.origin ? log : undefined;
  return await answerAddCheckpoint(request.value, { log: watched, state, signer, time: 1_700_000_000, hash, verify });
}

/** Plays the first requests against a fresh witness and gives the last answer, and what the witness then knows. */
async function played(count: number): Promise<{ answer: WitnessAnswer | undefined; state: WitnessState | undefined }> {
  let [answer, state]: [WitnessAnswer | undefined, WitnessState | undefined] = [undefined, undefined];
  for (const { request_body: body } of cases.slice(0, count)) {
    answer = await decide(body, state);
    if (answer.status === 200) state = answer.state;
  }
  return { answer, state };
}

/** litewitness of 2025 answers 403 for a log that it does not watch; the specification says 404, and so do we. */
const statusBySpecification = (at: number, status: number): number => (at === 2 ? 404 : status);

describe.skipIf(!present)('add-checkpoint', () => {
  test('nine requests', () => expect(cases).toHaveLength(9));

  test.each(cases.map((each, at) => ({ ...each, at, expected: statusBySpecification(at, each.status) })))(
    'request $at is answered with $expected',
    async ({ at, expected, body }) => {
      const { answer } = await played(at + 1);
      expect(answer?.status).toBe(expected);
      if (answer?.status === 200) expect(answer.body).toMatch(/^— example\.com\/witness \S+\n$/);
      // The vectors write the newline as two characters.
      if (answer?.status === 409) expect(answer.body).toBe(body?.replace('\\n', '\n'));
    },
  );

  test('what the witness knows goes up and never back', async () => {
    const sizes = await Promise.all(cases.map(async (_, at) => (await played(at + 1)).state?.size));
    expect(sizes).toEqual([1, 1, 1, 1, 1, 3, 3, 5, 5]);
  });

  test('of two that race from size 1 the first to be stored wins, and the other is told the new size', async () => {
    const { state } = await played(1);
    const [toThree, toFive] = [cases[5]?.request_body ?? '', cases[6]?.request_body ?? ''];
    for (const [winner, loser] of [
      [toThree, toFive],
      [toFive, toThree],
    ] as const) {
      // Both pass on the state that both have read …
      const [first, second] = await Promise.all([decide(winner, state), decide(loser, state)]);
      if (first.status !== 200 || second.status !== 200) throw new Error('both continue size 1');
      // … and the one whose compare-and-swap fails decides again on what the winner stored.
      expect(await decide(loser, first.state)).toEqual({
        status: 409,
        contentType: 'text/x.tlog.size',
        body: `${first.state.size}\n`,
      });
    }
  });
});

describe.skipIf(!present)('the specification’s example of a request', () => {
  test('is read, and written with the same bytes', () => {
    const examples = read('c2sp-spec-examples.json') as {
      checkpoint_example: string;
      witness_request_consistency: { old_size: number; proof: string[] };
    };
    const { old_size: oldSize, proof } = examples.witness_request_consistency;
    const body = [`old ${oldSize}`, ...proof, '', examples.checkpoint_example].join('\n');
    const request = parseAddCheckpoint(body);
    expect(request).toMatchObject({ ok: true, value: { oldSize: 20_852_014, checkpoint: { size: 20_852_163 } } });
    expect(request.ok && request.value.proof).toHaveLength(4);
    expect(request.ok && formatAddCheckpoint(request.value)).toBe(body);
  });
});
