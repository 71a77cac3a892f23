import { NO_ENTRIES, rootOfFrontier } from '../../domain/ledger/frontier.ts';
import { isSameHash, type Hash } from '../../domain/ledger/hashes.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Head, Keyring, LedgerStore, ReadCheckpoint, SignedSizes } from './ports.ts';

/** Why a log may not be signed now, in the words of whoever keeps the system. */
export interface MayNotSign {
  readonly kind: 'unavailable';
  readonly trouble: 'clock-stepped-back' | 'already-signed' | 'refused';
  readonly message: string;
}

interface Signing {
  readonly signedSizes: SignedSizes;
  readonly keyring: Pick<Keyring, 'hasSigned' | 'markSigned'>;
  readonly primitives: { readonly hash: Hash };
}

type Signed = ReturnType<SignedSizes['last']>;

/** Clocks of two machines differ by milliseconds; what is behind by more was stepped back. */
const CLOCK_TOLERANCE = 1000;

/** @param lastAt when the last entry was recorded. */
export function clockTrouble(lastAt: Instant, now: Instant): MayNotSign | undefined {
  const behind = lastAt - now;
  if (behind <= CLOCK_TOLERANCE) return undefined;
  return {
    kind: 'unavailable',
    trouble: 'clock-stepped-back',
    message: `this machine's clock is ${Math.ceil(behind / 1000)} s behind the last entry; set it right, then write again`,
  };
}

/** The peaks are what the next root is made of: where they are not those of this root, nothing may grow from them. */
export function headTrouble(head: Head | undefined, hash: Hash): MayNotSign | undefined {
  if (head === undefined || isSameHash(rootOfFrontier(head, hash), head.root)) return undefined;
  return {
    kind: 'unavailable',
    trouble: 'refused',
    message:
      'the kept head of this log does not hold together, and nothing is signed on it; run writkeeper ledger verify',
  };
}

/**
 * Whether the next signature could be at or below a size that others have seen already. A log that has entries was signed,
 * so where no list says how far, it may have been further than the store knows: unknown is never yes.
 * @param hasSigned whether anything was signed in the agency's name, as the vault knows.
 */
export function alreadySigned(signed: Signed, head: Head | undefined, hasSigned: boolean): boolean {
  const size = head?.size ?? 0;
  if (signed === undefined) return size > 0 || hasSigned;
  if (signed === 'damaged') return true;
  if (signed.size !== size) return signed.size > size;
  return size > 0 && signed.root !== head?.root.toHex();
}

export function signedTrouble(signed: Signed, head: Head | undefined, hasSigned: boolean): MayNotSign | undefined {
  if (!alreadySigned(signed, head, hasSigned)) return undefined;
  const size = head?.size ?? 0;
  const why =
    signed === undefined || signed === 'damaged'
      ? `${UNKNOWN_SIZE[signed ?? 'missing']}, and the store holds ${size} entries: others may have seen more`
      : `size ${signed.size} of this log was signed already, and the store holds ${size} entries: it is older than what others have seen`;
  return {
    kind: 'unavailable',
    trouble: 'already-signed',
    message: `${why}. Signing again could show two histories. See docs/runbooks/restore.md`,
  };
}

/** Before the first signature of a name: list and vault then know of it, and a loss of either is found. @throws StoreUnavailable */
export async function beginSigning(
  { signedSizes, keyring, primitives: { hash } }: Signing,
  agency: string,
  origin: string,
): Promise<void> {
  // The line first: a vault that knows of a signature without one refuses.
  signedSizes.keep(origin, 0, rootOfFrontier(NO_ENTRIES, hash).toHex());
  if (!keyring.hasSigned(agency)) await keyring.markSigned(agency);
}

/**
 * A head may be a step ahead of the list: whoever wrote it was ended before the size was kept. It is kept before anybody is
 * shown that head. A list without a line is not mended: it was lost, and nobody knows how far it went.
 */
export async function keepShown(
  { signedSizes, readCheckpoint }: Pick<Signing, 'signedSizes'> & { readonly readCheckpoint: ReadCheckpoint },
  head: Head,
): Promise<void> {
  const signed = signedSizes.last(head.origin);
  if (typeof signed !== 'object' || signed.size >= head.size) return;
  const read = await readCheckpoint(head.agency, head.checkpoint);
  // A head that nobody has signed is no news; verify says what it is.
  if ('why' in read || read.size !== head.size || !isSameHash(read.root, head.root)) return;
  signedSizes.keep(head.origin, head.size, head.root.toHex());
}

/** A store as outsiders are shown it: each head is in the list of signed sizes before they see it. */
export function storeShown(store: LedgerStore, signing: Parameters<typeof keepShown>[0]): LedgerStore {
  return {
    ...store,
    head: async (agency) => {
      const head = await store.head(agency);
      if (head !== undefined) await keepShown(signing, head);
      return head;
    },
  };
}

/** Why nobody knows how much of a log was signed. */
export const UNKNOWN_SIZE = {
  missing: 'the list of signed sizes has no line of this log',
  damaged: 'the line of this log in the list of signed sizes cannot be read',
} as const;
