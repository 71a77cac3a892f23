import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Destroyed } from '../../app/ledger/ports.ts';
import { canonicalJson } from '../../domain/case/canonical.ts';
import { KEY_BYTES, NONCE_BYTES, type Primitives } from '../../domain/record/primitives.ts';
import { replaceDurably } from '../system/durable.ts';
import { tryLock } from '../system/file-lock.ts';

/** What the vault holds, by agency: secrets in hexadecimal. */
export interface VaultBody {
  readonly agencies: Readonly<Record<string, AgencyKeys>>;
}

export interface AgencyKeys {
  /** The agency's own subject. */
  readonly subject: string;
  /** The key tree: secrets by their path (domain/record/key-tree.ts). */
  readonly tree: Readonly<Record<string, string>>;
  /** Keys that a court gave back, by handle. */
  readonly given: Readonly<Record<string, string>>;
  /** Why keys were destroyed, by handle: what a restored backup has forgotten. */
  readonly destroyed: Readonly<Record<string, Destroyed>>;
  /** Something was signed in its name: a list of signed sizes that has no line of it was lost. */
  readonly begun?: true;
  /** Ed25519 seeds that sign checkpoints; a retired one stays for its name only. */
  readonly signing: readonly { readonly seed: string; readonly retired?: true }[];
}

/** A key of 32 bytes that encrypts the vault, and its name in it, which says nothing about the key. */
export interface MasterKey {
  readonly id: string;
  readonly key: Uint8Array;
}

export type VaultTrouble = 'no-vault' | 'wrong-master-key' | 'damaged' | 'locked' | 'unwritable';

/** The vault cannot be used. Without it no content can be read or written. See docs/runbooks/lost-key.md */
export class VaultError extends Error {
  readonly trouble: VaultTrouble;
  constructor(trouble: VaultTrouble, message: string, cause?: unknown) {
    super(message, { cause });
    this.trouble = trouble;
  }
}

/** The file as it is: a data key under each master key, and the body under the data key. */
interface VaultFile {
  readonly v: 1;
  readonly wraps: readonly { readonly master: string; readonly nonce: string; readonly key: string }[];
  readonly nonce: string;
  readonly body: string;
}

export interface OpenVault {
  readonly body: VaultBody;
  readonly dataKey: Uint8Array;
  readonly wraps: VaultFile['wraps'];
  /** Changes with the file: whoever remembers a body looks at it. */
  readonly stamp: string;
}

export function masterKey(key: Uint8Array, { hmac }: Primitives): MasterKey {
  if (key.length !== KEY_BYTES)
    throw new VaultError('wrong-master-key', `a master key has ${KEY_BYTES} bytes, and this one ${key.length}`);
  return { key, id: hmac(key, text('writkeeper/v1/master')).toHex().slice(0, 16) };
}

export function stampOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.ino} ${found.mtimeMs} ${found.size}`;
}

/**
 * @param master asked only where the data key is not known or has changed, so that a system that runs needs it once.
 * @param dataKey the one that opened the vault before.
 */
export function readVault(
  path: string,
  master: () => MasterKey,
  primitives: Primitives,
  dataKey?: Uint8Array,
): OpenVault {
  const stamp = stampOf(path);
  if (stamp === undefined) {
    throw new VaultError(
      'no-vault',
      `${path}: there is no vault; without it nothing that is encrypted can be read. See docs/runbooks/lost-key.md`,
    );
  }
  const file = parsed(path);
  const open = (key: Uint8Array): Uint8Array | undefined =>
    primitives.decrypt(key, bytes(file.nonce), bytes(file.body), BOUND_BODY);
  let key = dataKey;
  let opened = key === undefined ? undefined : open(key);
  if (key === undefined || opened === undefined) {
    key = unwrapped(path, file, master(), primitives);
    opened = open(key);
  }
  if (opened === undefined) {
    throw new VaultError(
      'damaged',
      `${path}: the vault is damaged or was exchanged; bring its copy back. See docs/runbooks/lost-key.md`,
    );
  }
  return { body: JSON.parse(new TextDecoder().decode(opened)) as VaultBody, dataKey: key, wraps: file.wraps, stamp };
}

export function newVault(path: string, master: MasterKey, primitives: Primitives): OpenVault {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const dataKey = primitives.random(KEY_BYTES);
  return writeVault(
    path,
    { body: { agencies: {} }, dataKey, wraps: [wrapped(dataKey, master, primitives)] },
    primitives,
  );
}

/** The new file takes the old one's place at once or not at all, and the old bytes are overwritten. */
export function writeVault(
  path: string,
  { body, dataKey, wraps }: Omit<OpenVault, 'stamp'>,
  primitives: Primitives,
): OpenVault {
  const nonce = primitives.random(NONCE_BYTES);
  const sealed = primitives.encrypt(dataKey, nonce, text(canonicalJson(body)), BOUND_BODY);
  const file: VaultFile = { v: 1, wraps, nonce: nonce.toHex(), body: sealed.toHex() };
  try {
    // One that a crash left beside it has keys too, and may be older than what a court had destroyed.
    const old = [path, `${path}.new`].filter((each) => existsSync(each)).map((each) => openSync(each, 'r+'));
    try {
      replaceDurably(path, JSON.stringify(file));
      for (const each of old) overwrite(each);
    } finally {
      for (const each of old) closeSync(each);
    }
  } catch (error) {
    throw new VaultError(
      'unwritable',
      `${path}: the vault cannot be written (${(error as Error).message}); nothing was changed`,
      error,
    );
  }
  return { body, dataKey, wraps, stamp: stampOf(path) ?? '' };
}

export function wrapped(
  dataKey: Uint8Array,
  { id, key }: MasterKey,
  primitives: Primitives,
): VaultFile['wraps'][number] {
  const nonce = primitives.random(NONCE_BYTES);
  return { master: id, nonce: nonce.toHex(), key: primitives.encrypt(key, nonce, dataKey, BOUND_KEY).toHex() };
}

/** One writer of the vault at a time, in whichever process. */
export async function underLock<T>(path: string, work: () => T): Promise<T> {
  const lock = `${path}.lock`;
  let release = locked(lock);
  for (let tries = 0; release === undefined; tries += 1) {
    if (tries > 400) throw new VaultError('locked', `${lock}: another process has been writing the vault for 10 s`);
    await new Promise((resolve) => setTimeout(resolve, 25));
    release = locked(lock);
  }
  try {
    return work();
  } finally {
    release();
  }
}

function locked(lock: string): (() => void) | undefined {
  try {
    return tryLock(lock);
  } catch (error) {
    const { message } = error as Error;
    throw new VaultError('unwritable', `${lock}: the vault's folder cannot be written (${message})`, error);
  }
}

function parsed(path: string): VaultFile {
  const damaged = (cause?: unknown): VaultError =>
    new VaultError('damaged', `${path}: this is no vault; bring its copy back. See docs/runbooks/lost-key.md`, cause);
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as Partial<VaultFile>;
    if (file.v !== 1 || !Array.isArray(file.wraps) || typeof file.nonce !== 'string' || typeof file.body !== 'string')
      throw damaged();
    return file as VaultFile;
  } catch (error) {
    throw error instanceof VaultError ? error : damaged(error);
  }
}

function unwrapped(path: string, { wraps }: VaultFile, { id, key }: MasterKey, primitives: Primitives): Uint8Array {
  const wrap = wraps.find(({ master }) => master === id);
  const dataKey =
    wrap === undefined ? undefined : primitives.decrypt(key, bytes(wrap.nonce), bytes(wrap.key), BOUND_KEY);
  if (dataKey !== undefined) return dataKey;
  throw new VaultError(
    'wrong-master-key',
    `${path}: this master key (${id}) does not open the vault; it wants ${wraps.map(({ master }) => master).join(' or ')}. See docs/runbooks/lost-key.md`,
  );
}

/** What a court had destroyed must not lie on in a freed block, as far as a file system lets us reach it. */
function overwrite(file: number): void {
  writeFileSync(file, new Uint8Array(fstatSync(file).size));
  fsyncSync(file);
  ftruncateSync(file, 0);
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

const BOUND_BODY = text('writkeeper/v1/vault');
const BOUND_KEY = text('writkeeper/v1/vault-key');
