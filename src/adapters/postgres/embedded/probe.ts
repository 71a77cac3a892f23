import pg from 'pg';
import { systemCode } from './failure.ts';
import { DATABASE, SUPERUSER, type Place } from './place.ts';

export interface Address {
  /** A folder with a socket, or an IP address. */
  readonly host: string;
  readonly port: number;
}

export interface Login {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/**
 * What is at an address. `empty` is ours before its database was made; `busy` is a server that starts, stops or is too slow to say; `foreign` is one that does not take
 * our password or keeps another cluster.
 */
export type Presence = 'ready' | 'empty' | 'busy' | 'absent' | 'foreign';

const QUESTION =
  `select current_setting('data_directory') as here, ` +
  `exists(select from pg_database where datname = '${DATABASE}') as complete`;

/** Long enough for a loaded machine, short enough to look again. */
const PATIENCE_MS = 5_000;

export async function probe(place: Place, address: Address, password: string): Promise<Presence> {
  const login = { user: SUPERUSER, password, database: 'postgres' };
  try {
    const { rows } = await query<{ here: string; complete: boolean }>(address, login, QUESTION, {
      query_timeout: PATIENCE_MS,
    });
    // A copied folder has the same password and names the original's server. A socket in the folder itself is ours, even
    // if a container sees the folder under another path.
    if (rows[0]?.here !== place.cluster && address.host !== place.sockets) return 'foreign';
    return rows[0]?.complete === true ? 'ready' : 'empty';
  } catch (error) {
    return presenceFrom(systemCode(error));
  }
}

export async function query<Row extends pg.QueryResultRow>(
  address: Address,
  login: Login,
  text: string,
  patience?: { readonly query_timeout: number },
): Promise<pg.QueryResult<Row>> {
  const client = new pg.Client({ ...address, ...login, ...patience, connectionTimeoutMillis: PATIENCE_MS });
  // The server may go while we ask: the query's own promise tells; an unheard event would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.query<Row>(text);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** SQLSTATE (PostgreSQL 18, appendix A) or the system's word. */
function presenceFrom(code: string): Presence {
  switch (code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
    case 'ENOTDIR':
      return 'absent';
    case '28P01': // invalid_password
    case '28000': // invalid_authorization_specification
    case 'EACCES':
      return 'foreign';
    case '53300': // too_many_connections: it serves others
      return 'ready';
    default:
      return 'busy';
  }
}
