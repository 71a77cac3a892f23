import { rootOfFrontier } from '../../domain/ledger/frontier.ts';
import { isSameHash, type Hash } from '../../domain/ledger/hashes.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Head, SignedSizes } from './ports.ts';

/** Why a log may not be signed now, in the words of whoever keeps the system. */
export interface MayNotSign {
  readonly kind: 'unavailable';
  readonly trouble: 'clock-stepped-back' | 'already-signed' | 'refused';
  readonly message: string;
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

/** Whether the next signature would be at or below a size that others have seen already. */
export function alreadySigned(signed: Signed, head: Head | undefined): signed is NonNullable<Signed> {
  const size = head?.size ?? 0;
  return signed !== undefined && signed.size >= size && !(signed.size === size && signed.root === head?.root.toHex());
}

export function signedTrouble(signed: Signed, head: Head | undefined): MayNotSign | undefined {
  if (!alreadySigned(signed, head)) return undefined;
  return {
    kind: 'unavailable',
    trouble: 'already-signed',
    message:
      `size ${signed.size} of this log was signed already, and the store holds ${head?.size ?? 0} entries: it is older than what ` +
      'others have seen. Signing again would show two histories. See docs/runbooks/restore.md',
  };
}
