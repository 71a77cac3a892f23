import { unreachable } from '../../../domain/unreachable.ts';
import { passwordOf } from './cluster.ts';
import { EmbeddedPostgresError } from './failure.ts';
import type { Place } from './place.ts';
import { readPostmaster, type Postmaster } from './postmaster.ts';
import { probe, type Address } from './probe.ts';

/** What a look at the folder shows. */
export type Sight =
  /** It answers. `isWithin` is whether its process can be seen, and so be stopped, from here; `isEmpty`, that its database is still to be made. */
  | { readonly kind: 'running'; readonly address: Address; readonly isWithin: boolean; readonly isEmpty: boolean }
  /** It starts or stops. */
  | { readonly kind: 'busy' }
  /** No server; `left` is what a dead one wrote. */
  | { readonly kind: 'none'; readonly left: Postmaster | undefined };

/** Looks once. @throws EmbeddedPostgresError where a server runs on the cluster and does not take our password. */
export async function look(place: Place): Promise<Sight> {
  const postmaster = await readPostmaster(place);
  if (postmaster === undefined) return { kind: 'none', left: undefined };
  if (!postmaster.isAlive) return lookBeyond(place, postmaster);
  // It has not yet written where it listens.
  if (postmaster.address.host === '') return { kind: 'busy' };
  const presence = await probe(place, postmaster.address, await passwordOf(place));
  switch (presence) {
    case 'ready':
    case 'empty':
      return { kind: 'running', address: postmaster.address, isWithin: true, isEmpty: presence === 'empty' };
    case 'foreign':
      throw refused(place);
    case 'busy':
    case 'absent': // its process is there, its socket not yet or no more
      return { kind: 'busy' };
    default:
      return unreachable(presence);
  }
}

/**
 * The process cannot be seen. It may have died; or it runs in another container that has the same folder, where a second
 * server would ruin the data, since process ids and shared memory do not show one to the other. The socket does.
 */
async function lookBeyond(place: Place, left: Postmaster): Promise<Sight> {
  if (left.socketFolder === '') return { kind: 'none', left };
  const address = { host: place.sockets, port: left.address.port };
  const presence = await probe(place, address, await passwordOf(place));
  switch (presence) {
    case 'ready':
      return { kind: 'running', address, isWithin: false, isEmpty: false };
    case 'foreign':
      throw refused(place);
    case 'empty': // whoever runs it is about to make the database
    case 'busy':
      return { kind: 'busy' };
    case 'absent':
      return { kind: 'none', left };
    default:
      return unreachable(presence);
  }
}

function refused(place: Place): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'refused',
    `A PostgreSQL server runs on ${place.cluster} and refuses us: the password in ${place.password} is not its own, or ` +
      'its socket is closed to this user. Run Writkeeper as the user who started it, or copy the password back from the backup.',
  );
}
