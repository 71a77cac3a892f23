import type { Destroyed, Keyring } from '../../app/ledger/ports.ts';
import {
  newHandle,
  newKeyTree,
  subjectKey,
  withoutKey,
  type Handle,
  type KeyTree,
} from '../../domain/record/key-tree.ts';
import { KEY_BYTES, type Primitives } from '../../domain/record/primitives.ts';
import {
  newVault,
  readVault,
  stampOf,
  underLock,
  VaultError,
  wrapped,
  writeVault,
  type AgencyKeys,
  type MasterKey,
  type OpenVault,
} from './vault-file.ts';

/**
 * The keys of all agencies, in one small file under a master key, apart from the database and from its backups
 * (docs/adr/0010). Several processes may have it open: each looks whether the file has changed before it answers.
 */
export interface Vault extends Keyring {
  /** Seeds of the Ed25519 keys that sign an agency's checkpoints now. */
  readonly signingSeeds: (agency: string) => Uint8Array[];
  /** Also those of keys that were retired: what they signed stays signed. */
  readonly everySigningSeed: (agency: string) => Uint8Array[];
  /** A new signing key beside the ones in use; `retire` takes those out. */
  readonly rotateSigning: (agency: string, retire: boolean) => Promise<Uint8Array>;
  /** The newest signing key alone signs from now on. */
  readonly retireSigning: (agency: string) => Promise<void>;
  /**
   * The vault opens with this master key too; with `only` with no other, and under a new data key, so that no copy made
   * before opens the vault as it is now. Running processes go on, and ask for their master key again.
   */
  readonly rotateMaster: (master: MasterKey, only: boolean) => Promise<void>;
}

/** @throws VaultError */
export async function openVault(path: string, master: () => MasterKey, primitives: Primitives): Promise<Vault> {
  let open = await underLock(path, () =>
    stampOf(path) === undefined ? newVault(path, master(), primitives) : readVault(path, master, primitives),
  );
  let trees = new Map<string, KeyTree>();
  let keys = new Map<string, Uint8Array>();

  const take = (next: OpenVault): void => {
    open = next;
    trees = new Map();
    keys = new Map();
  };
  const look = (): void => {
    if (stampOf(path) !== open.stamp) take(readVault(path, master, primitives, open.dataKey));
  };
  // An append asks for many keys in one turn of the event loop, and one look serves them all: what another process changes
  // in between it could as well have changed right after.
  let hasLooked = false;
  const refresh = (): void => {
    if (hasLooked) return;
    look();
    hasLooked = true;
    setImmediate(() => (hasLooked = false));
  };
  const agencyKeys = (agency: string): AgencyKeys => {
    refresh();
    const found = open.body.agencies[agency];
    if (found === undefined) throw new VaultError('no-vault', `the vault holds no keys of ${agency}`);
    return found;
  };
  const treeOf = (agency: string): KeyTree => {
    const { tree: secrets } = agencyKeys(agency);
    const known = trees.get(agency);
    // Each destroyed key leaves hundreds of secrets: they are listed once and not for each key that follows from them.
    if (known !== undefined) return known;
    const tree = new Map(Object.entries(secrets).map(([path_, secret]) => [path_, Uint8Array.fromHex(secret)]));
    trees.set(agency, tree);
    return tree;
  };
  const change = (agency: string, to: (before: AgencyKeys | undefined) => AgencyKeys): Promise<void> =>
    underLock(path, () => {
      look();
      const before = open.body.agencies[agency];
      const after = to(before);
      if (after === before) return;
      const body = { agencies: { ...open.body.agencies, [agency]: after } };
      take(writeVault(path, { ...open, body }, primitives));
    });

  return {
    ensure: async (agency) => {
      refresh();
      if (open.body.agencies[agency] === undefined) await change(agency, (before) => before ?? newAgency(primitives));
    },
    knows: (agency) => {
      refresh();
      return open.body.agencies[agency] !== undefined;
    },
    hasSigned: (agency) => {
      refresh();
      return open.body.agencies[agency]?.begun === true;
    },
    markSigned: (agency) =>
      change(agency, (before) => {
        const had = before ?? newAgency(primitives);
        return had.begun === true ? had : { ...had, begun: true };
      }),
    agencies: () => {
      refresh();
      return Object.keys(open.body.agencies);
    },
    agencySubject: (agency) => agencyKeys(agency).subject as Handle,
    subjectKey: (agency, subject) => {
      refresh();
      const name = `${agency} ${subject}`;
      const known = keys.get(name);
      if (known !== undefined) return known;
      const given = agencyKeys(agency).given[subject];
      const key = given === undefined ? subjectKey(treeOf(agency), subject, primitives) : Uint8Array.fromHex(given);
      if (keys.size >= REMEMBERED) keys.clear();
      if (key !== undefined) keys.set(name, key);
      return key;
    },
    destroy: (agency, subject, why) =>
      change(agency, (before) => {
        const had = before ?? agencyKeys(agency);
        return {
          ...had,
          given: without(had.given, subject),
          destroyed: { ...had.destroyed, [subject]: why },
          tree: texts(withoutKey(treeOf(agency), subject, primitives)),
        };
      }),
    destroyed: (agency) => new Map(Object.entries(agencyKeys(agency).destroyed) as [Handle, Destroyed][]),
    restore: (agency, subject, key) =>
      change(agency, (before) => {
        const had = before ?? agencyKeys(agency);
        const given = { ...had.given, [subject]: key.toHex() };
        return { ...had, given, destroyed: without(had.destroyed, subject) };
      }),
    signingSeeds: (agency) =>
      agencyKeys(agency)
        .signing.filter(({ retired }) => retired !== true)
        .map(({ seed }) => Uint8Array.fromHex(seed)),
    everySigningSeed: (agency) => agencyKeys(agency).signing.map(({ seed }) => Uint8Array.fromHex(seed)),
    rotateSigning: async (agency, retire) => {
      const seed = primitives.random(KEY_BYTES);
      await change(agency, (before) => {
        const had = before ?? newAgency(primitives);
        const old = retire ? had.signing.map((each) => ({ ...each, retired: true as const })) : had.signing;
        return { ...had, signing: [...old, { seed: seed.toHex() }] };
      });
      return seed;
    },
    retireSigning: (agency) =>
      change(agency, (before) => {
        const had = before ?? agencyKeys(agency);
        const retired = had.signing.slice(0, -1).map((each) => ({ ...each, retired: true as const }));
        return { ...had, signing: [...retired, ...had.signing.slice(-1)] };
      }),
    rotateMaster: (next, only) =>
      underLock(path, () => {
        look();
        if (only) {
          const dataKey = primitives.random(KEY_BYTES);
          take(writeVault(path, { body: open.body, dataKey, wraps: [wrapped(dataKey, next, primitives)] }, primitives));
          return;
        }
        const others = open.wraps.filter(({ master: id }) => id !== next.id);
        take(writeVault(path, { ...open, wraps: [...others, wrapped(open.dataKey, next, primitives)] }, primitives));
      }),
  };
}

const REMEMBERED = 50_000;

function newAgency(primitives: Primitives): AgencyKeys {
  return {
    subject: newHandle(primitives),
    tree: texts(newKeyTree(primitives)),
    given: {},
    destroyed: {},
    signing: [{ seed: primitives.random(KEY_BYTES).toHex() }],
  };
}

function texts(tree: KeyTree): Record<string, string> {
  return Object.fromEntries([...tree].map(([path, secret]) => [path, secret.toHex()]));
}

function without<Each>(all: Readonly<Record<string, Each>>, name: string): Record<string, Each> {
  return Object.fromEntries(Object.entries(all).filter(([each]) => each !== name));
}
