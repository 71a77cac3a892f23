import { DatabaseError, type Pool, type QueryConfig } from 'pg';
import type { Batch, Committed } from '../../app/ledger/ports.ts';
import { bytesOf } from './ledger-rows.ts';

/** Puts one append on record, all of it or nothing. */
export async function commit(pool: Pool, batch: Batch): Promise<Committed> {
  const { before, after, entries, states, tileRoots, holdEnds, tombstones, sealedKeys } = batch;
  const ofEntries = entries.length === 1 ? 'one' : 'many';
  const ofStates = states.length === 1 ? 'one' : 'many';
  const column = <Row>(rows: readonly Row[], value: (row: Row) => unknown): unknown =>
    rows.length === 1 ? value(rows[0] as Row) : rows.map(value);
  const parameters: unknown[] = [
    after.agency,
    after.origin,
    after.size,
    after.root,
    Buffer.concat(after.peaks),
    after.recordedOn,
    after.checkpoint,
    before?.size ?? null,
    before?.root ?? null,
    column(entries, ({ sequence }) => sequence),
    column(entries, ({ type }) => type),
    column(entries, ({ subject }) => bytesOf(subject)),
    column(entries, ({ request }) => request),
    column(entries, ({ envelope }) => envelope),
    column(entries, ({ leafHash }) => leafHash),
    column(entries, ({ ciphertext }) => ciphertext),
    column(states, ({ subject }) => bytesOf(subject)),
    column(states, ({ state }) => state.lastSequence),
    column(states, ({ state }) => JSON.stringify(state)),
    column(states, ({ expected }) => expected ?? null),
  ];
  // The server plans the few different statements once for each connection, and tells them apart by these names.
  const head = before === undefined ? 'first' : 'next';
  let name = `append ${head} ${ofEntries} ${ofStates}`;
  let text = appendOf(head, ofEntries, ofStates);
  const rare = (part: keyof typeof RARE, ...columns: readonly (readonly unknown[])[]): void => {
    if (columns[0]?.length === 0) return;
    let last = parameters.length;
    name += ` ${part}`;
    text += `, ${RARE[part].replaceAll('#', () => `$${(last += 1)}`)}`;
    parameters.push(...columns);
  };
  rare(
    'tiles',
    tileRoots.map(({ level }) => level),
    tileRoots.map(({ index }) => index),
    tileRoots.map(({ hash }) => hash),
  );
  rare(
    'ends',
    holdEnds.map(({ hold }) => hold),
    holdEnds.map(({ sequence }) => sequence),
  );
  rare(
    'stones',
    tombstones.map(({ subject }) => bytesOf(subject)),
    tombstones.map(({ sequence }) => sequence),
  );
  rare(
    'seals',
    sealedKeys.map(({ subject }) => bytesOf(subject)),
    sealedKeys.map(({ sequence }) => sequence),
    sealedKeys.map(({ sealed }) => sealed),
  );
  const query = { name, text: `${text}\nselect count(*)::int as moved from moved`, values: parameters };
  return tombstones.length > 0 ? erase(pool, batch, query) : run(pool, query);
}

/**
 * One statement, and so one transaction and one way to the server: the head moves only if it is still the one that was
 * read, and everything else happens only if it moved. A row that is there already breaks the whole.
 * @param entries @param states how many rows: one by itself is far cheaper as plain values than as arrays of one.
 */
function appendOf(head: keyof typeof MOVED, entries: Rows, states: Rows): string {
  return `
with moved as (
  ${MOVED[head]}
  returning 1
), entries as (
  insert into entry (agency, sequence, type, subject, request, envelope, leaf_hash)
  select $1, each.*
  from moved, ${rowsOf(entries, ['$10::bigint', '$11::text', '$12::bytea', '$13::uuid', '$14::bytea', '$15::bytea'])} each
), contents as (
  insert into content (agency, sequence, subject, ciphertext)
  select $1, each.* from moved, ${rowsOf(entries, ['$10::bigint', '$12::bytea', '$16::bytea'])} each
), told as (
  insert into outbox (agency, sequence, type)
  select $1, each.* from moved, ${rowsOf(entries, ['$10::bigint', '$11::text'])} each
), signed as (
  insert into checkpoint (agency, size, note) select $1, $3, $7 from moved
), states as (
  insert into subject_state (agency, subject, last_sequence, state)
  select $1, subject, last_sequence, state
  from moved, ${rowsOf(states, ['$17::bytea', '$18::bigint', '$19::jsonb'])} each (subject, last_sequence, state)
  on conflict (agency, subject) do update set state = excluded.state, last_sequence = case
    when subject_state.last_sequence = ${EXPECTED[states]} then excluded.last_sequence
    -- Not what the writer had folded: null breaks the column's rule, and with it the whole append.
  end
)`;
}

/** Of two who begin a log at once the second finds it begun, and of two who move its head the second finds it moved. */
const MOVED = {
  first: `insert into log (agency, origin, size, root, peaks, recorded_on, checkpoint)
  select $1, $2, $3, $4, $5, $6, $7 where $8::bigint is null and $9::bytea is null
  on conflict do nothing`,
  next: `update log set origin = $2, size = $3, root = $4, peaks = $5, recorded_on = $6, checkpoint = $7
  where agency = $1 and size = $8 and root = $9`,
} as const;

type Rows = 'one' | 'many';

function rowsOf(rows: Rows, columns: readonly string[]): string {
  return rows === 'one'
    ? `(values (${columns.join(', ')}))`
    : `unnest(${columns.map((each) => `${each}[]`).join(', ')})`;
}

const EXPECTED: Readonly<Record<Rows, string>> = {
  one: '$20::bigint',
  many: `(select expected from unnest($17::bytea[], $20::bigint[]) known (subject, expected) where known.subject = excluded.subject)`,
};

/** What few appends bring: left out of the statement where there is none of it, for each part costs time. */
const RARE = {
  tiles: `tiles as (
  insert into tile_root (agency, level, index, hash) select $1, each.* from moved, unnest(#::smallint[], #::bigint[], #::bytea[]) each
)`,
  ends: `ends as (
  insert into hold_end (agency, hold, sequence) select $1, each.* from moved, unnest(#::bigint[], #::bigint[]) each
)`,
  stones: `stones as (
  insert into tombstone (agency, subject, sequence) select $1, each.* from moved, unnest(#::bytea[], #::bigint[]) each
)`,
  seals: `seals as (
  insert into sealed_key (agency, subject, sequence, sealed)
  select $1, each.* from moved, unnest(#::bytea[], #::bigint[], #::bytea[]) each
  on conflict (agency, subject) do update set sequence = excluded.sequence, sealed = excluded.sealed
)`,
} as const;

async function run(connection: Pick<Pool, 'query'>, query: QueryConfig): Promise<Committed> {
  try {
    const { rows } = await connection.query<{ moved: number }>(query);
    return rows[0]?.moved === 1 ? 'committed' : 'head-moved';
  } catch (error) {
    const moved = movedBy(error);
    if (moved === undefined) throw error;
    return moved;
  }
}

/** Content may go only where its tombstone stands, and a statement does not see its own rows: so here there are two. */
async function erase(pool: Pool, { after, tombstones }: Batch, query: QueryConfig): Promise<Committed> {
  const connection = await pool.connect();
  let isBroken = true;
  try {
    await connection.query('begin');
    const committed = await run(connection, query);
    if (committed === 'committed') {
      const gone = [after.agency, tombstones.map(({ subject }) => bytesOf(subject))];
      await connection.query(
        `delete from content using entry
         where entry.agency = $1 and entry.subject = any($2::bytea[])
           and content.agency = entry.agency and content.sequence = entry.sequence`,
        gone,
      );
      await connection.query('delete from sealed_key where agency = $1 and subject = any($2::bytea[])', gone);
    }
    await connection.query(committed === 'committed' ? 'commit' : 'rollback');
    isBroken = false;
    return committed;
  } finally {
    connection.release(isBroken);
  }
}

/** Which rule of the tables a broken append ran into, where somebody else's append explains it. */
function movedBy(error: unknown): Committed | undefined {
  if (!(error instanceof DatabaseError)) return undefined;
  const { code, constraint, table, column } = error;
  if (code === '23505' && constraint === 'entry_request') return 'request-known';
  if (code === '23505' && (constraint === 'entry_pkey' || constraint === 'checkpoint_pkey')) return 'head-moved';
  if (code === '23505' && constraint === 'hold_end_pkey') return 'state-moved';
  if (code === '23502' && table === 'subject_state' && column === 'last_sequence') return 'state-moved';
  // Two appends that wait for each other's rows: one is told to begin again.
  return code === '40P01' || code === '40001' ? 'head-moved' : undefined;
}
