import type { Result } from '../../domain/failure.ts';
import { uuidFrom } from './draft.ts';
import { notKept, oneAlone } from './erase.ts';
import type { Appended, Ledger, LedgerPorts } from './ledger.ts';
import { logName } from './log-name.ts';
import { lastRecorded } from './last-recorded.ts';
import { clockTrouble, signedTrouble, type MayNotSign } from './may-sign.ts';

/** The keys of a running house that its people exchange. */
export interface HouseKeys {
  /** An agency's signing keys, the oldest first, under its log's name. */
  readonly list: (agency: string) => Promise<{ readonly key: string; readonly isInUse: boolean }[]>;
  readonly rotateSigning: (
    agency: string,
    retire: boolean,
  ) => Promise<{ readonly key: string; readonly retired: readonly string[] }>;
  /** @returns the new master key's name in the vault. */
  readonly rotateMaster: (newKeyFile: string, only: boolean) => Promise<Result<string>>;
}

export interface Rotation {
  readonly agency: string;
  /** The older keys sign no more. Without it both sign, so that everybody has time to learn the new one. */
  readonly retire: boolean;
  readonly actor: string;
  readonly second: string;
}

/** A new key signs the log's checkpoints, and the log says so itself. */
export async function rotateSigning(
  ledger: Ledger,
  ports: LedgerPorts,
  keys: HouseKeys,
  { agency, retire, actor, second }: Rotation,
): Promise<Appended> {
  const alone = oneAlone({ actor, second }) ?? notKept(ports.keyring, agency);
  if (alone !== undefined) return alone;
  // Looked at first: a key that nobody could put on record would sign all the same.
  const stop = await stopOf(ports, agency);
  if (stop !== undefined) return stop;
  const { key, retired } = await keys.rotateSigning(agency, retire);
  const retires = retired.length === 0 ? {} : { retires: retired.join(' ') };
  return ledger.append(agency, {
    type: 'key.rotated',
    subject: ports.keyring.agencySubject(agency),
    occurredAt: ports.now(),
    actor,
    request: uuidFrom(ports.primitives.random(16)),
    content: { verifierKey: key, ...retires, second },
  });
}

async function stopOf(ports: LedgerPorts, agency: string): Promise<MayNotSign | undefined> {
  const { store, signedSizes, now, keyring } = ports;
  const hasSigned = keyring.hasSigned(agency);
  const signed = signedSizes.last(await logName(ports, agency));
  // Read after the signed size: whoever appends meanwhile keeps the entries first, and then the size.
  const head = await store.head(agency);
  return clockTrouble(await lastRecorded(ports, head), now()) ?? signedTrouble(signed, head, hasSigned);
}
