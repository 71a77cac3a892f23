import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyEd25519 } from '../../adapters/system/ed25519.ts';
import { sha256Bytes } from '../../adapters/system/sha256.ts';
import { openCosignatures } from '../../domain/ledger/cosignature.ts';
import { parseNote } from '../../domain/ledger/note.ts';
import { COSIGNATURE_V1 } from '../../domain/ledger/signing.ts';
import { parseVerifierKey } from '../../domain/ledger/verifier-key.ts';
import type { WitnessState } from '../../domain/ledger/witness.ts';
import { databases } from '../../../test/support/databases.ts';
import { AGENCY, bookingOpened, recorded, testHouse, type TestHouse } from '../../../test/support/house.ts';
import { testSigner } from '../../../test/support/test-keys.ts';
import { publicLog } from './public-log.ts';
import { pushCheckpoint, type AskWitness } from './push-checkpoint.ts';
import { witnessDesk } from './witness-desk.ts';

describe.each(databases())('a checkpoint brought to a witness, $name', (server) => {
  let house: TestHouse;
  const witness = testSigner('board.example', COSIGNATURE_V1);
  const memory = new Map<string, WitnessState>();
  let ask: AskWitness;

  beforeAll(async () => {
    house = await testHouse(server);
    recorded(await house.ledger.append(AGENCY, bookingOpened()));
    const [text = ''] = await house.verifierKey(AGENCY);
    const key = parseVerifierKey(text, sha256Bytes);
    if (!key.ok) throw new Error(key.failure.message);
    const desk = witnessDesk({
      logs: [{ origin: key.value.name, keys: [key.value] }],
      store: {
        state: (origin) => memory.get(origin),
        replace: (origin, _, after) => memory.set(origin, after).has(origin),
      },
      signer: witness,
      seconds: () => 1_790_000_000,
      hash: sha256Bytes,
      verify: verifyEd25519,
    });
    ask = async (body) => {
      const answer = await desk(body);
      return { status: answer.status, text: 'body' in answer ? answer.body : answer.refusal.message };
    };
  });
  afterAll(() => house.remove());

  const push = (by: AskWitness = ask): ReturnType<typeof pushCheckpoint> => {
    const { store, primitives } = house.ports;
    const log = publicLog(store, primitives.hash);
    return pushCheckpoint({ store, log, ask: by, verify: verifyEd25519 }, AGENCY, witness.key);
  };

  it('is cosigned, and shown with the cosignature from then on', async () => {
    expect(await push()).toEqual({ kind: 'cosigned', size: 1 });
    const shown = await publicLog(house.ports.store, sha256Bytes).checkpoint(AGENCY);
    const note = parseNote(shown ?? '');
    const opened = note.ok ? await openCosignatures(note.value, [witness.key], verifyEd25519) : note;
    expect(opened.ok && opened.value.map(({ time }) => time)).toEqual([1_790_000_000]);
  });

  it('is proved from the size that the witness remembers, as it grows', async () => {
    for (let count = 0; count < 5; count += 1) recorded(await house.ledger.append(AGENCY, bookingOpened()));
    expect(await push()).toEqual({ kind: 'cosigned', size: 6 });
    expect(await push()).toEqual({ kind: 'cosigned', size: 6 });
    expect([...memory.values()].map(({ size }) => size)).toEqual([6]);
  });

  it('is not believed cosigned where the answer is by somebody else', async () => {
    const stranger: AskWitness = () => Promise.resolve({ status: 200, text: '— board.example AAAAAAA=\n' });
    expect(await push(stranger)).toMatchObject({ kind: 'refused', status: 200 });
  });

  it('says that an older copy is shown where the witness has seen more', async () => {
    const ahead: AskWitness = () => Promise.resolve({ status: 409, text: '99\n' });
    expect(await push(ahead)).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('older copy') as string,
    });
  });
});
