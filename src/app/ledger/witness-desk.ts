import { parseAddCheckpoint, type AddCheckpoint } from '../../domain/ledger/add-checkpoint.ts';
import type { Hash } from '../../domain/ledger/hashes.ts';
import type { Signer } from '../../domain/ledger/note.ts';
import type { Verify } from '../../domain/ledger/signing.ts';
import {
  answerAddCheckpoint,
  malformedRequest,
  type WitnessAnswer,
  type WitnessedLog,
  type WitnessState,
} from '../../domain/ledger/witness.ts';

/** What was cosigned of a log cannot be read: the log could otherwise begin anew, and nobody would tell. */
export class WitnessMemoryLost extends Error {}

/** What a witness has cosigned, kept by origin. */
export interface WitnessStore {
  /** @throws WitnessMemoryLost */
  readonly state: (origin: string) => WitnessState | undefined;
  /** Durable when it returns. False: another request was first, and nothing was kept. */
  readonly replace: (origin: string, before: WitnessState | undefined, after: WitnessState) => boolean;
}

export interface WitnessPorts {
  readonly logs: readonly WitnessedLog[];
  readonly store: WitnessStore;
  readonly signer: Signer;
  /** Seconds since 1970. */
  readonly seconds: () => number;
  readonly hash: Hash;
  readonly verify: Verify;
}

/** Answers `add-checkpoint` (C2SP tlog-witness): what it cosigns it has kept before anybody hears of it. */
export function witnessDesk(ports: WitnessPorts): (body: Uint8Array | string) => Promise<WitnessAnswer> {
  return async (body) => {
    const request = parseAddCheckpoint(body);
    if (!request.ok) return malformedRequest(request.failure);
    // Another request may be first between our look and our keeping; it then decides anew, on what was kept.
    for (;;) {
      const answer = await decide(ports, request.value);
      if (answer !== undefined) return answer;
    }
  };
}

async function decide(ports: WitnessPorts, request: AddCheckpoint): Promise<WitnessAnswer | undefined> {
  const { origin } = request.checkpoint;
  const state = ports.store.state(origin);
  const log = ports.logs.find((each) => each.origin === origin);
  const answer = await answerAddCheckpoint(request, { ...ports, log, state, time: ports.seconds() });
  if (answer.status !== 200) return answer;
  return ports.store.replace(origin, state, answer.state) ? answer : undefined;
}
