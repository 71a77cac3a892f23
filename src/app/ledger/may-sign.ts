import { NO_ENTRIES, rootOfFrontier } from '../../domain/ledger/frontier.ts';
import { isSameHash, type Hash } from '../../domain/ledger/hashes.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Head, SignedSizes } from './ports.ts';

/** Why a log may not be signed now, in the words of whoever keeps the system. */
export interface MayNotSign {
  readonly kind: 'unavailable';
  readonly trouble: 'clock-stepped-back' | 'already-signed' | 'refused';
  readonly message: string;
}

interface Signing {
  readonly signedSizes: SignedSizes;
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
 */
export function alreadySigned(signed: Signed, head: Head | undefined): boolean {
  const size = head?.size ?? 0;
  if (signed === undefined) return size > 0;
  if (signed === 'damaged') return true;
  if (signed.size !== size) return signed.size > size;
  return size > 0 && signed.root !== head?.root.toHex();
}

export function signedTrouble(signed: Signed, head: Head | undefined): MayNotSign | undefined {
  if (!alreadySigned(signed, head)) return undefined;
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

/** A log of which nothing was signed yet. @throws StoreUnavailable */
export function keepNone({ signedSizes, primitives: { hash } }: Signing, origin: string): void {
  signedSizes.keep(origin, 0, rootOfFrontier(NO_ENTRIES, hash).toHex());
}

/** Why nobody knows how much of a log was signed. */
export const UNKNOWN_SIZE = {
  missing: 'the list of signed sizes has no line of this log',
  damaged: 'the line of this log in the list of signed sizes cannot be read',
} as const;
