import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logSource, LogUnreachable } from '../adapters/http/log-source.ts';
import { generateEd25519, publicKeyOf, signerOf, verifyEd25519 } from '../adapters/system/ed25519.ts';
import { sha256Bytes } from '../adapters/system/sha256.ts';
import { witnessStoreIn } from '../adapters/witness/witness-store.ts';
import { witnessRoutes } from '../api/routes/witness.ts';
import { witnessDesk } from '../app/ledger/witness-desk.ts';
import type { WitnessCliPorts, WitnessOptions } from '../cli/witness.ts';
import { failed, ok, type Result } from '../domain/failure.ts';
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
      const signer = signerIn(options);
      if (!signer.ok) return signer;
      const store = witnessStoreIn(options.folder);
      const seconds = (): number => Math.floor(Temporal.Now.instant().epochMilliseconds / 1000);
      const desk = witnessDesk({
        logs: logs.value,
        store,
        signer: signer.value,
        seconds,
        hash: sha256Bytes,
        verify: verifyEd25519,
      });
      return ok({
        verifierKey: formatVerifierKey(signer.value.key),
        desk,
        store,
        sources: options.log.map(logSource),
        hash: sha256Bytes,
        routes: (request) => witnessRoutes(desk, store).fetch(request),
        unreachable: (error) => (error instanceof LogUnreachable ? error.message : undefined),
        pause: pauseUntilEnded,
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

/** The witness's own key: made at its first start. */
function signerIn({ folder, name }: WitnessOptions): Result<Signer> {
  const file = join(folder, 'witness.key');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!existsSync(file))
      writeFileSync(file, `${generateEd25519().privateKey.toHex()}\n`, { flag: 'wx', mode: 0o600 });
    const text = readFileSync(file, 'utf8').trim();
    if (!/^[0-9a-f]{64}$/.test(text))
      return failed({ code: 'malformed', where: file, message: 'is no key; bring its copy back' });
    const seed = Uint8Array.fromHex(text);
    return ok({ key: verifierKey(name, COSIGNATURE_V1, publicKeyOf(seed), sha256Bytes), sign: signerOf(seed) });
  } catch (error) {
    return failed({ code: 'unreadable', where: file, message: `cannot be read or made (${(error as Error).message})` });
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
