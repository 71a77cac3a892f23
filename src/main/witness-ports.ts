import { join } from 'node:path';
import { logSource, LogUnreachable } from '../adapters/http/log-source.ts';
import { publicKeyOf, signerOf, verifyEd25519 } from '../adapters/system/ed25519.ts';
import { tryLock } from '../adapters/system/file-lock.ts';
import { sha256Bytes } from '../adapters/system/sha256.ts';
import { witnessKeyIn } from '../adapters/witness/witness-key.ts';
import { witnessStoreIn } from '../adapters/witness/witness-store.ts';
import { witnessRoutes } from '../api/routes/witness.ts';
import { witnessDesk, WitnessMemoryLost, type WitnessStore } from '../app/ledger/witness-desk.ts';
import type { WitnessCliPorts } from '../cli/witness.ts';
import { failed, ok, type Failure, type Result } from '../domain/failure.ts';
import type { Signer } from '../domain/ledger/note.ts';
import { COSIGNATURE_V1 } from '../domain/ledger/signing.ts';
import { formatVerifierKey, isKeyName, parseVerifierKey, verifierKey } from '../domain/ledger/verifier-key.ts';
import type { WitnessedLog } from '../domain/ledger/witness.ts';
import { serveUntilEnded } from './ledger-ports.ts';

/** A witness, for real: its folder holds its key and what it has cosigned. */
export function witnessPorts(): WitnessCliPorts {
  return {
    serve: serveUntilEnded,
    open: (options) => {
      const logs = logsOf(options.logKey);
      if (!logs.ok) return logs;
      if (!isKeyName(options.name)) {
        return failed({
          code: 'malformed',
          where: '--name',
          message: 'has spaces or plus signs; write a name such as board.example',
        });
      }
      // Before anything is read: another's list of logs must not be written over with an older one.
      const locked = lockedFolder(options.folder);
      if (!locked.ok) return locked;
      const key = witnessKeyIn(options.folder);
      if (!key.ok) {
        locked.value();
        return key;
      }
      const { seed, cosigned } = key.value;
      const store = witnessStoreIn(options.folder, cosigned);
      const lost = lostMemory(store, cosigned.all());
      if (lost !== undefined) {
        locked.value();
        return failed(lost);
      }
      const signer: Signer = {
        key: verifierKey(options.name, COSIGNATURE_V1, publicKeyOf(seed), sha256Bytes),
        sign: signerOf(seed),
      };
      const seconds = (): number => Math.floor(Temporal.Now.instant().epochMilliseconds / 1000);
      const desk = witnessDesk({
        logs: logs.value,
        store,
        signer,
        seconds,
        hash: sha256Bytes,
        verify: verifyEd25519,
      });
      return ok({
        verifierKey: formatVerifierKey(signer.key),
        desk,
        store,
        sources: options.log.map(logSource),
        hash: sha256Bytes,
        routes: (request) => witnessRoutes(desk, store).fetch(request),
        trouble: (error) =>
          error instanceof LogUnreachable || error instanceof WitnessMemoryLost ? error.message : undefined,
        pause: pauseUntilEnded,
        close: locked.value,
      });
    },
  };
}

function logsOf(keys: readonly string[]): Result<WitnessedLog[]> {
  const logs = new Map<string, WitnessedLog>();
  for (const text of keys) {
    const key = parseVerifierKey(text, sha256Bytes);
    if (!key.ok) return failed({ code: 'malformed', where: '--log-key', message: key.failure.message });
    const { name } = key.value;
    logs.set(name, { origin: name, keys: [...(logs.get(name)?.keys ?? []), key.value] });
  }
  return ok([...logs.values()]);
}

/** Two witnesses on one memory could each cosign another tree of one size. */
function lockedFolder(folder: string): Result<() => void> {
  const path = join(folder, 'witness.lock');
  try {
    const release = tryLock(path);
    if (release !== undefined) return ok(release);
    return failed({ code: 'impossible', where: folder, message: 'another witness runs on this folder; end it first' });
  } catch (error) {
    return failed({ code: 'unreadable', where: path, message: `cannot be made (${(error as Error).message})` });
  }
}

function lostMemory({ state }: WitnessStore, origins: readonly string[]): Failure | undefined {
  try {
    for (const origin of origins) state(origin);
    return undefined;
  } catch (error) {
    if (!(error instanceof WitnessMemoryLost)) throw error;
    return { code: 'unreadable', where: '', message: error.message };
  }
}

function pauseUntilEnded(seconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
      resolve(true);
    }, seconds * 1000);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  });
}
