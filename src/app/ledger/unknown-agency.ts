import type { Failure } from '../../domain/failure.ts';
import type { Keyring } from './ports.ts';

/**
 * Says that the house has no record of an agency. Whoever looks, or does what needs a record, asks this first: a misspelt
 * agency must get no keys, which would stay in the vault. Undefined: it is known.
 */
export function unknownAgency(keyring: Pick<Keyring, 'knows' | 'agencies'>, agency: string): Failure | undefined {
  if (keyring.knows(agency)) return undefined;
  const known = keyring.agencies();
  const others = known.length === 0 ? 'nobody has one' : `there are some of ${known.join(', ')}`;
  return {
    code: 'not-found',
    where: agency,
    message: `has no record here, which begins with its first entry; ${others}`,
  };
}
