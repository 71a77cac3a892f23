import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { caseFiles } from '../adapters/cases/case-files.ts';
import { listen } from '../adapters/http/server.ts';
import { isAddress, logSource } from '../adapters/http/log-source.ts';
import { askAt } from '../adapters/http/witness-client.ts';
import { courtKey } from '../adapters/keys/court-key.ts';
import { pageFile } from '../adapters/pages/page-file.ts';
import { verifyEd25519 } from '../adapters/system/ed25519.ts';
import { sha256Bytes } from '../adapters/system/sha256.ts';
import { publicLogRoutes } from '../api/routes/public-log.ts';
import type { CliContext } from '../cli/context.ts';
import type { LedgerCliPorts, OutsideLog, Served } from '../cli/ledger-ports.ts';
import { failed, ok, type Result } from '../domain/failure.ts';
import { openCheckpoint, parseCheckpoint } from '../domain/ledger/checkpoint.ts';
import { openCosignatures } from '../domain/ledger/cosignature.ts';
import { parseNote, parseSignatureLine } from '../domain/ledger/note.ts';
import { parseVerifierKey, type VerifierKey } from '../domain/ledger/verifier-key.ts';
import { isExpected } from './expected.ts';
import { openHouse } from './house.ts';
import { settingsFrom } from './settings.ts';

/** What the commands on the record work with, for real. @param home the package's folder. */
export function ledgerPorts(context: CliContext, home: string): LedgerCliPorts {
  const migrations = join(home, 'migrations');
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
    cosignatureReader,
    folderWriter,
    witnessAt,
    eventsPageAt: (path) => pageFile(path ?? join(home, 'docs', 'events.md')),
    publicRoutes: (log) => (request) => publicLogRoutes(log).fetch(request),
    serve: serveUntilEnded,
  };
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

function witnessKeys(keys: readonly string[]): Result<VerifierKey[]> {
  const parsed = keys.map((key) => parseVerifierKey(key, sha256Bytes));
  const wrong = parsed.find((each) => !each.ok);
  if (wrong?.ok === false) return failed({ code: 'malformed', where: '--witness-key', message: wrong.failure.message });
  return ok(parsed.flatMap((each) => (each.ok ? [each.value] : [])));
}

const cosignatureReader: LedgerCliPorts['cosignatureReader'] = (texts) => {
  const keys = witnessKeys(texts);
  if (!keys.ok) return keys;
  return ok(async (checkpoint, witness, text) => {
    const ofWitness = keys.value.filter(({ name }) => name === witness);
    if (ofWitness.length === 0) return 'unknown';
    const note = parseNote(checkpoint);
    const line = parseSignatureLine(text.trimEnd());
    if (!note.ok || line === undefined) return 'forged';
    const opened = await openCosignatures({ text: note.value.text, signatures: [line] }, ofWitness, verifyEd25519);
    return opened.ok && opened.value.length > 0 ? 'cosigned' : 'forged';
  });
};

const attestations: LedgerCliPorts['attestations'] = async (sources, keys, origins) => {
  const parsed = witnessKeys(keys);
  if (!parsed.ok) return parsed;
  const witnesses = parsed.value;
  const seen = [];
  for (const where of sources) {
    const places = placesOf(where, origins);
    let found = 0;
    for (const place of places) {
      const each = await attestedAt(place, witnesses);
      if (!each.ok) return each;
      found += each.value.length;
      seen.push(...each.value);
    }
    if (found === 0) return failed({ code: 'not-found', where, message: nothingAt(where, places.length) });
  }
  return ok(seen);
};

const witnessAt: LedgerCliPorts['witnessAt'] = (address, text) => {
  const key = parseVerifierKey(text, sha256Bytes);
  if (!key.ok) return failed({ code: 'malformed', where: '--witness-key', message: key.failure.message });
  return ok({ ask: askAt(address), key: key.value, verify: verifyEd25519 });
};

type Seen = Awaited<ReturnType<LedgerCliPorts['attestations']>> & { ok: true };

/** A witness named by its address alone is asked about each log by the log's name. */
function placesOf(where: string, origins: readonly string[]): string[] {
  if (!isAddress(where) || /\/checkpoint\b/.test(where)) return [where];
  const address = where.replace(/\/+$/, '');
  return origins.map((origin) => `${address}/checkpoint?origin=${encodeURIComponent(origin)}`);
}

function nothingAt(where: string, places: number): string {
  return isAddress(where) && places !== 0
    ? 'has seen none of these logs; bring it a checkpoint (writkeeper ledger push), or look whether it is the right witness'
    : 'is not there';
}

/** Cosigned checkpoints in a file, or at one address of a witness; none where there is no such file. */
async function attestedAt(where: string, witnesses: readonly VerifierKey[]): Promise<Result<Seen['value']>> {
  const cut = where.lastIndexOf('/');
  const bytes = await logSource(cut === -1 ? '.' : where.slice(0, cut)).read(where.slice(cut + 1));
  const refused = (message: string): Result<never> => failed({ code: 'unreadable', where, message });
  if (bytes === undefined) return ok([]);
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
  if (host === '' || Number(port) > 65_535)
    return failed({ code: 'malformed', where: '--listen', message: `"${where}" is no host:port` });
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
