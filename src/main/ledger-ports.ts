import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { caseFiles } from '../adapters/cases/case-files.ts';
import { listen } from '../adapters/http/server.ts';
import { logSource } from '../adapters/http/log-source.ts';
import { courtKey } from '../adapters/keys/court-key.ts';
import { VaultError } from '../adapters/keys/vault-file.ts';
import { EmbeddedPostgresError } from '../adapters/postgres/embedded/failure.ts';
import { verifyEd25519 } from '../adapters/system/ed25519.ts';
import { sha256Bytes } from '../adapters/system/sha256.ts';
import { publicLogRoutes } from '../api/routes/public-log.ts';
import { StoreUnavailable } from '../app/ledger/ports.ts';
import type { CliContext } from '../cli/context.ts';
import type { LedgerCliPorts, OutsideLog, Served } from '../cli/ledger-ports.ts';
import { failed, ok, type Result } from '../domain/failure.ts';
import { openCheckpoint, parseCheckpoint } from '../domain/ledger/checkpoint.ts';
import { openCosignatures } from '../domain/ledger/cosignature.ts';
import { parseNote } from '../domain/ledger/note.ts';
import { parseVerifierKey, type VerifierKey } from '../domain/ledger/verifier-key.ts';
import { openHouse } from './house.ts';
import { settingsFrom } from './settings.ts';

/** What the commands on the record work with, for real. */
export function ledgerPorts(context: CliContext, migrations: string): LedgerCliPorts {
  return {
    open: async (data) => {
      const alarm = ({ code, message }: { code: string; message: string }): void =>
        context.err(`ALARM ${code}: ${message}\n`);
      try {
        const house = await openHouse(settingsFrom(process.env, data), migrations, alarm);
        return ok({ ...house, verifierKeys: house.verifierKey });
      } catch (error) {
        if (!isExpected(error)) throw error;
        return failed({ code: 'unreadable', where: '', message: error.message });
      }
    },
    lines: (path) => caseFiles(process.stdin).lines(path),
    courtKey,
    publicLogAt,
    attestations,
    folderWriter,
    publicRoutes: (log) => (request) => publicLogRoutes(log).fetch(request),
    serve: serveUntilEnded,
  };
}

/** Failures that the reader can mend, said in the reader's words. */
export function isExpected(error: unknown): error is Error {
  return error instanceof StoreUnavailable || error instanceof VaultError || error instanceof EmbeddedPostgresError;
}

function publicLogAt(where: string, key: string | undefined): Result<OutsideLog> {
  if (key === undefined) {
    return failed({
      code: 'malformed',
      where: '--key',
      message: 'is missing; a log is verified by its key (writkeeper ledger key)',
    });
  }
  const parsed = parseVerifierKey(key, sha256Bytes);
  if (!parsed.ok) return failed({ code: 'malformed', where: '--key', message: parsed.failure.message });
  const read: OutsideLog['read'] = async (note) => {
    const opened = await openCheckpoint(note, parsed.value, sha256Bytes, verifyEd25519);
    if (opened.ok) return ok(opened.value.checkpoint);
    return failed({ code: 'malformed', where: `${where}/checkpoint`, message: opened.failure.message });
  };
  return ok({ source: logSource(where), origin: parsed.value.name, read, hash: sha256Bytes });
}

const attestations: LedgerCliPorts['attestations'] = async (sources, keys) => {
  const parsed = keys.map((key) => parseVerifierKey(key, sha256Bytes));
  const wrong = parsed.find((each) => !each.ok);
  if (wrong?.ok === false) return failed({ code: 'malformed', where: '--witness-key', message: wrong.failure.message });
  const witnesses = parsed.flatMap((each) => (each.ok ? [each.value] : []));
  const seen = [];
  for (const where of sources) {
    const each = await attestedAt(where, witnesses);
    if (!each.ok) return each;
    seen.push(...each.value);
  }
  return ok(seen);
};

type Seen = Awaited<ReturnType<LedgerCliPorts['attestations']>> & { ok: true };

/** A cosigned checkpoint in a file, or at a witness's address (with `?origin=`). */
async function attestedAt(where: string, witnesses: readonly VerifierKey[]): Promise<Result<Seen['value']>> {
  const cut = where.lastIndexOf('/');
  const bytes = await logSource(cut === -1 ? '.' : where.slice(0, cut)).read(where.slice(cut + 1));
  const refused = (message: string): Result<never> => failed({ code: 'unreadable', where, message });
  if (bytes === undefined) return refused('is not there');
  const note = parseNote(bytes);
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note;
  if (!note.ok) return refused(note.failure.message);
  if (!checkpoint.ok) return refused(checkpoint.failure.message);
  const cosigned = await openCosignatures(note.value, witnesses, verifyEd25519);
  if (!cosigned.ok) return refused(cosigned.failure.message);
  if (cosigned.value.length === 0)
    return refused('is cosigned by none of the witnesses whose keys were given (--witness-key)');
  return ok(cosigned.value.map(({ witness }) => ({ by: `the witness ${witness.name}`, ...checkpoint.value })));
}

function folderWriter(folder: string): Result<(path: string, bytes: Uint8Array | string) => void> {
  try {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length > 0) {
      return failed({ code: 'impossible', where: folder, message: 'is not empty; name a new folder' });
    }
  } catch (error) {
    return failed({ code: 'unreadable', where: folder, message: `cannot be made (${(error as Error).message})` });
  }
  return ok((path, bytes) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  });
}

export async function serveUntilEnded(
  fetch: (request: Request) => Response | Promise<Response>,
  where: string,
): Promise<Result<Served>> {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(where) ?? [];
  if (host === '') return failed({ code: 'malformed', where: '--listen', message: `"${where}" is no host:port` });
  try {
    const server = await listen(fetch, host, Number(port));
    const ended = new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const)
        process.once(signal, () => void server.close().then(resolve));
    });
    return ok({ address: `http://${host}:${server.port}`, ended });
  } catch (error) {
    return failed({ code: 'unreadable', where, message: `cannot listen there (${(error as Error).message})` });
  }
}
