import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { masterKey, VaultError, type MasterKey } from '../adapters/keys/vault-file.ts';
import { StoreUnavailable } from '../app/ledger/ports.ts';
import { replaceDurably } from '../adapters/system/durable.ts';
import { primitives } from '../adapters/system/primitives.ts';
import { KEY_BYTES } from '../domain/record/primitives.ts';

/** Where the house keeps its things, from the environment; `data` may be given on the command line. */
export interface Settings {
  /** Everything that is not said elsewhere lies below it. */
  readonly data: string;
  /** Undefined: the embedded PostgreSQL below `data`. */
  readonly databaseUrl: string | undefined;
  readonly vault: string;
  readonly signedSizes: string;
  /** The host part of the logs' names. */
  readonly logHost: string;
  readonly master: () => MasterKey;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `WRITKEEPER_DATA`, `DATABASE_URL`, `WRITKEEPER_VAULT`, `WRITKEEPER_SIGNED_SIZES`, `WRITKEEPER_LOG_HOST`, and the master key
 * from `WRITKEEPER_MASTER_KEY`, `WRITKEEPER_MASTER_KEY_FILE` or `WRITKEEPER_MASTER_KEY_COMMAND` (docs/runbooks/lost-key.md).
 * @throws StoreUnavailable
 */
export function settingsFrom(environment: Environment, data?: string): Settings {
  const home = resolve(data ?? environment['WRITKEEPER_DATA'] ?? 'data');
  const vault = environment['WRITKEEPER_VAULT'] ?? join(home, 'keys', 'vault');
  return {
    data: home,
    databaseUrl: databaseUrlIn(environment),
    vault,
    signedSizes: environment['WRITKEEPER_SIGNED_SIZES'] ?? join(home, 'signed'),
    logHost: environment['WRITKEEPER_LOG_HOST'] ?? 'localhost',
    master: () => masterKey(masterBytes(environment, home, vault), primitives),
  };
}

/** @throws StoreUnavailable; the address stays out of the message, for it may hold a password. */
function databaseUrlIn({ DATABASE_URL: text }: Environment): string | undefined {
  if (text === undefined || text === '') return undefined;
  const url = URL.parse(text);
  if (url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1) return text;
  throw new StoreUnavailable(
    'refused',
    'DATABASE_URL is no address of a PostgreSQL database; write postgres://user@host:5432/database',
  );
}

function masterBytes(environment: Environment, home: string, vault: string): Uint8Array {
  const text = environment['WRITKEEPER_MASTER_KEY'];
  if (text !== undefined) return bytesOf(text, 'WRITKEEPER_MASTER_KEY');
  const command = environment['WRITKEEPER_MASTER_KEY_COMMAND'];
  if (command !== undefined) return bytesOf(outputOf(command), 'the answer of WRITKEEPER_MASTER_KEY_COMMAND');
  const named = environment['WRITKEEPER_MASTER_KEY_FILE'];
  const file = named ?? join(home, 'keys', 'master.key');
  if (existsSync(file)) return bytesOf(readFileSync(file, 'utf8'), file);
  // A vault that is there opens with the key that made it, and with no new one.
  if (named !== undefined || existsSync(vault)) {
    throw new VaultError('wrong-master-key', `${file}: the master key is not there. See docs/runbooks/lost-key.md`);
  }
  return newMasterFile(file);
}

/** A master key in a file. @throws VaultError */
export function masterKeyIn(file: string): MasterKey {
  try {
    return masterKey(bytesOf(readFileSync(file, 'utf8'), file), primitives);
  } catch (error) {
    if (error instanceof VaultError) throw error;
    throw new VaultError(
      'wrong-master-key',
      `${file}: the key cannot be read (${(error as Error).message}); openssl rand -hex 32 makes one`,
      error,
    );
  }
}

/** A first start makes its own; a real house keeps it apart from what it opens. */
function newMasterFile(file: string): Uint8Array {
  const key = primitives.random(KEY_BYTES);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Whole and on the disk before a vault is made that only it opens, also where the power goes at this moment.
  replaceDurably(file, `${key.toHex()}\n`);
  return key;
}

function outputOf(command: string): string {
  try {
    return execFileSync('/bin/sh', ['-c', command], {
      encoding: 'utf8',
      timeout: 30_000,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  } catch (error) {
    throw new VaultError(
      'wrong-master-key',
      // Its words stay out: a command may hold a token.
      `WRITKEEPER_MASTER_KEY_COMMAND gave no key (${whyEnded(error as Ended)}); run it by hand, it must print the key alone`,
    );
  }
}

interface Ended {
  readonly status?: number | null;
  readonly code?: string;
}

function whyEnded({ status, code }: Ended): string {
  if (typeof status === 'number') return `it ended with ${status}`;
  return code === 'ETIMEDOUT' ? 'it did not end within 30 s' : 'it could not be run';
}

/** 64 hexadecimal digits, or base64 of 32 bytes. */
function bytesOf(text: string, where: string): Uint8Array {
  const plain = text.trim();
  const bytes = /^[0-9a-fA-F]{64}$/.test(plain) ? Uint8Array.fromHex(plain) : Buffer.from(plain, 'base64');
  if (bytes.length === KEY_BYTES) return bytes;
  throw new VaultError(
    'wrong-master-key',
    `${where}: a master key is ${KEY_BYTES} bytes, as 64 hexadecimal digits or base64`,
  );
}
