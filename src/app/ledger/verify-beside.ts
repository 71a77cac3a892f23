import type { Fault } from '../../domain/ledger/audit.ts';
import { isSameHash } from '../../domain/ledger/hashes.ts';
import type { Content } from '../../domain/record/catalogue.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import { readableOn } from './history.ts';
import type { LedgerPorts } from './ledger.ts';
import type { Head, LedgerStore } from './ports.ts';
import { rebuild } from './rebuild.ts';
import { forgottenErasures } from './tombstones.ts';

/** What the store keeps beside the entries: nothing of it is under a root, so it is held against what entries say. */

/** @param kept subjects with a tombstone. @param ordered those that entries say were expunged, and which entry says so. */
export async function tombstoneFaults(
  store: LedgerStore,
  agency: string,
  kept: ReadonlySet<string>,
  ordered: ReadonlyMap<string, number>,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const subject of kept) {
    if (ordered.has(subject)) continue;
    const message = `subject ${subject} has a tombstone, and no court's order is on record`;
    faults.push({ code: 'content-missing', message });
  }
  // Read once more: what was ordered while the entries were read has its tombstone by now.
  const now = new Set<string>(await store.expunged(agency));
  for (const [subject, entry] of ordered) {
    if (kept.has(subject) || now.has(subject)) continue;
    const message = `a court had subject ${subject} expunged (entry ${entry}), and its tombstone is gone, without which its content can be brought back`;
    faults.push({ code: 'tombstone-missing', entry, message });
    const left = (await store.entriesOn(agency, [subject as Handle])).filter(
      ({ ciphertext }) => ciphertext !== undefined,
    );
    for (const { sequence } of left) faults.push(notExpunged(sequence));
  }
  return faults;
}

function notExpunged(sequence: number): Fault {
  const message = `the content of entry ${sequence} is still there, though a court had it expunged`;
  return { code: 'content-not-expunged', entry: sequence, message };
}

/** Courts' orders that the vault has carried out and this copy of the record does not know: it is an older one. */
export async function ordersForgotten(
  ports: Pick<LedgerPorts, 'store' | 'keyring'>,
  agency: string,
): Promise<{ readonly subjects: ReadonlySet<string>; readonly faults: readonly Fault[] }> {
  if (!ports.keyring.knows(agency)) return { subjects: new Set(), faults: [] };
  const forgotten = await forgottenErasures(ports, agency);
  const faults = forgotten.map(({ subject, how }): Fault => {
    const message =
      `a court had subject ${subject} ${how}, as the vault knows, and no entry says so: this is an older copy of the record; ` +
      `writkeeper ledger continue ${agency} puts the order on record again`;
    return { code: 'order-forgotten', message };
  });
  return { subjects: new Set(forgotten.map(({ subject }) => subject)), faults };
}

/**
 * The keys that only a court can open are those that were sealed to it: it has no other way to the content. A doubt is
 * looked at again, since one may have been given back and sealed anew between two reads.
 */
export async function sealedKeyFaults(
  ports: Pick<LedgerPorts, 'store' | 'keyring' | 'primitives'>,
  agency: string,
): Promise<Fault[]> {
  const first = await lookAtSealedKeys(ports, agency);
  if (first.length === 0) return first;
  const doubted = new Set(first.map(({ entry }) => entry));
  return (await lookAtSealedKeys(ports, agency)).filter(({ entry }) => doubted.has(entry));
}

async function lookAtSealedKeys(
  ports: Pick<LedgerPorts, 'store' | 'keyring' | 'primitives'>,
  agency: string,
): Promise<Fault[]> {
  const { store, keyring, primitives } = ports;
  if (!keyring.knows(agency)) return [];
  const last = new Map<Handle, { readonly entry: number; readonly hash: string | undefined }>();
  for (const { envelope, content } of await readableOn(ports, agency, keyring.agencySubject(agency))) {
    const { type, erases, sequence: entry } = envelope;
    if (erases === undefined) continue;
    if (type !== 'subject.sealed') last.delete(erases);
    else last.set(erases, { entry, hash: (content as Content<'subject.sealed'>).sealedKey });
  }
  const faults: Fault[] = [];
  for (const [subject, { entry, hash }] of last) {
    const kept = await store.sealedKey(agency, subject);
    if (hash === undefined || (kept !== undefined && isSameHash(primitives.hash(kept), Uint8Array.fromHex(hash))))
      continue;
    const what = kept === undefined ? 'is gone' : 'is not the one that was sealed';
    const message = `the key of subject ${subject} as the court can open it (entry ${entry}) ${what}; only what the court was given opens the record`;
    faults.push({ code: 'sealed-key-differs', entry, message });
  }
  return faults;
}

/** Of older checkpoints nobody can say how many there were, and nothing rests on one that a newer one follows. */
export async function newestKeptFaults(store: LedgerStore, { agency, size }: Head): Promise<Fault[]> {
  if ((await store.checkpoints(agency, size, size)).length > 0) return [];
  const message = `the checkpoint of ${size} entries, the newest, is not among those that are kept`;
  return [{ code: 'checkpoint-missing', entry: size - 1, message }];
}

export async function guardFaults(store: LedgerStore): Promise<Fault[]> {
  const { missing, added } = await store.guards();
  const fault = (guard: string, what: string): Fault => ({
    code: 'guard-differs',
    message: `the database's own rule "${guard}" ${what}: somebody with its owner's power did that, and nothing refuses what it refused`,
  });
  return [
    ...missing.map((guard) => fault(guard, 'is gone or was changed')),
    ...added.map((guard) => fault(guard, 'is none of ours')),
  ];
}

/** What is worked out from the entries, and kept. */
export async function projectionFaults(
  ports: Pick<LedgerPorts, 'store' | 'keyring' | 'primitives'>,
  agency: string,
): Promise<Fault[]> {
  if (!ports.keyring.knows(agency)) {
    const message = `the vault holds no keys of ${agency}: its log was put there by somebody else, or this is not the vault of this record`;
    return [{ code: 'log-unknown', message }];
  }
  const { different, unreadable, otherEnds } = await rebuild(ports, agency, false);
  const projections = [...different, ...unreadable].map((subject): Fault => ({
    code: 'projection-differs',
    message: `what is shown of subject ${subject} is not what its entries come to; writkeeper ledger rebuild mends it`,
  }));
  const ends = otherEnds.map((subject): Fault => ({
    code: 'hold-end-differs',
    message: `the rows by which holds of subject ${subject} have ended are not what its entries say`,
  }));
  return [...projections, ...ends];
}

/** Whether a kept cosignature is what its witness gave for a checkpoint; `unknown`: nobody gave that witness's key. */
export type ReadCosignature = (
  checkpoint: string,
  witness: string,
  line: string,
) => Promise<'cosigned' | 'forged' | 'unknown'>;

/** Cosignatures are the witnesses' word, so only their keys can tell: those of a witness whose key is not known are counted. */
export async function cosignatureFaults(
  store: LedgerStore,
  agency: string,
  read: ReadCosignature,
): Promise<{ readonly faults: readonly Fault[]; readonly unknown: number }> {
  const faults: Fault[] = [];
  let unknown = 0;
  for (const { size, witness, line } of await store.everyCosignature(agency)) {
    const [checkpoint] = await store.checkpoints(agency, size, size);
    const is = checkpoint === undefined ? 'forged' : await read(checkpoint.note, witness, line);
    if (is === 'unknown') unknown += 1;
    if (is !== 'forged') continue;
    const message = `the cosignature of ${witness} that is kept at ${size} entries is not what that witness has given`;
    faults.push({ code: 'cosignature-forged', entry: size - 1, message });
  }
  return { faults, unknown };
}
