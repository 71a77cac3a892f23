import { sql, type Selectable } from 'kysely';
import { DatabaseError, type Pool, type QueryConfig } from 'pg';
import type { Batch, Committed, EntryRead, EntryRow, Head, LedgerStore } from '../../app/ledger/ports.ts';
import type { EventType } from '../../domain/record/catalogue.ts';
import type { KeptState } from '../../domain/record/kept-state.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import type { Database, Tables } from './database.ts';
import { troubleOf } from './trouble.ts';

const HASH = 32;
/** Entries read at a time where all are read. */
const STRETCH = 4096;
/** Subjects read at a time. */
const PAGE = 500;

/** The ledger in PostgreSQL (migrations/0001-ledger.sql). */
export function postgresLedger({ db, pool }: Database): LedgerStore {
  return guarded({
    agencies: async () =>
      (await db.selectFrom('log').select('agency').orderBy('agency').execute()).map((row) => row.agency),
    head: async (agency) => {
      // With its last entry in one way to the server: whoever lost a race to another house must look quickly.
      const { rows } = await sql<Selectable<Tables['log']> & Last>`
        select log.*, e.sequence, e.type, e.subject, e.request, e.envelope, e.leaf_hash, c.ciphertext
        from log left join entry e on e.agency = log.agency and e.sequence = log.size - 1
          left join content c on c.agency = e.agency and c.sequence = e.sequence
        where log.agency = ${agency}`.execute(db);
      const [row] = rows;
      if (row === undefined) return undefined;
      return row.sequence === null ? headOf(row) : { ...headOf(row), last: entryRead(row) };
    },
    commit: (batch) => commit(pool, batch),
    byRequest: async (agency, requests) =>
      (
        await db
          .selectFrom('entry')
          .selectAll()
          .where('agency', '=', agency)
          .where('request', 'in', [...requests])
          .execute()
      ).map(entryRow),
    states: async (agency, subjects) => {
      if (subjects.length === 0) return new Map();
      const rows = await db
        .selectFrom('subject_state')
        .select(['subject', 'state'])
        .where('agency', '=', agency)
        .where('subject', 'in', subjects.map(bytesOf))
        .execute();
      return new Map(rows.map(({ subject, state }) => [handleOf(subject), state as KeptState]));
    },
    entriesOn: async (agency, subjects) => {
      const { rows } = await sql<JoinedRow>`
        select e.sequence, e.type, e.subject, e.request, e.envelope, e.leaf_hash, c.ciphertext
        from entry e left join content c using (agency, sequence)
        where e.agency = ${agency} and e.subject = any(${subjects.map(bytesOf)}::bytea[]) order by e.sequence`.execute(
        db,
      );
      return rows.map(entryRead);
    },
    subjects: async function* (agency) {
      for (let after: Buffer = Buffer.alloc(0); ;) {
        const { rows } = await sql<{ subject: Buffer }>`
          select subject from entry where agency = ${agency} and subject > ${after}
          union select subject from subject_state where agency = ${agency} and subject > ${after}
          order by subject limit ${PAGE}`.execute(db);
        if (rows.length > 0) yield rows.map(({ subject }) => handleOf(subject));
        if (rows.length < PAGE) return;
        after = rows.at(-1)?.subject ?? after;
      }
    },
    replaceStates: async (agency, states) => {
      const each = [...states].flatMap(([subject, state]) => (state === undefined ? [] : [[subject, state] as const]));
      const gone = [...states].flatMap(([subject, state]) => (state === undefined ? [bytesOf(subject)] : []));
      await sql`delete from subject_state where agency = ${agency} and subject = any(${gone}::bytea[])`.execute(db);
      await sql`
        insert into subject_state (agency, subject, last_sequence, state)
        select ${agency}, each.*
        from unnest(
          ${each.map(([subject]) => bytesOf(subject))}::bytea[],
          ${each.map(([, { lastSequence }]) => lastSequence)}::bigint[],
          ${each.map(([, state]) => JSON.stringify(state))}::jsonb[]
        ) each
        on conflict (agency, subject) do update
          set last_sequence = excluded.last_sequence, state = excluded.state`.execute(db);
    },
    entries: async function* (agency, from, to) {
      // By key and not by page: what lies between two sequences may be missing, and must not end the reading.
      for (let at = from; ;) {
        const { rows } = await sql<JoinedRow>`
          select e.sequence, e.type, e.subject, e.request, e.envelope, e.leaf_hash, c.ciphertext
          from entry e left join content c using (agency, sequence)
          where e.agency = ${agency} and e.sequence >= ${at} and e.sequence < ${to}
          order by e.sequence limit ${STRETCH}`.execute(db);
        if (rows.length > 0) yield rows.map(entryRead);
        if (rows.length < STRETCH) return;
        at = Number(rows.at(-1)?.sequence) + 1;
      }
    },
    hashes: async (agency, level, from, to) => {
      // In one row: a tile's hashes are read for every proof, and 256 rows take the driver longer than the server.
      const { rows } =
        level === 0
          ? await sql<{ hashes: Buffer | null }>`
              select string_agg(leaf_hash, ''::bytea order by sequence) as hashes from entry
              where agency = ${agency} and sequence >= ${from} and sequence < ${to}`.execute(db)
          : await sql<{ hashes: Buffer | null }>`
              select string_agg(hash, ''::bytea order by index) as hashes from tile_root
              where agency = ${agency} and level = ${level} and index >= ${from} and index < ${to}`.execute(db);
      return split(rows[0]?.hashes ?? Buffer.alloc(0));
    },
    checkpoints: async (agency, from, to) => {
      const rows = await db
        .selectFrom('checkpoint')
        .select(['size', 'note'])
        .where('agency', '=', agency)
        .where('size', '>=', String(from))
        .where('size', '<=', String(to))
        .orderBy('size')
        .execute();
      return rows.map(({ size, note }) => ({ size: Number(size), note }));
    },
    erased: async (agency) => {
      const { rows } = await sql<{ subject: Buffer }>`
        select subject from subject_state where agency = ${agency} and state ? 'erased'`.execute(db);
      return rows.map(({ subject }) => handleOf(subject));
    },
    keepCosignature: async (agency, size, witness, line) => {
      // A witness that cosigns the same size again has said nothing new.
      await sql`
        insert into cosignature (agency, size, witness, line) values (${agency}, ${size}, ${witness}, ${line})
        on conflict do nothing`.execute(db);
    },
    cosignatures: async (agency, size) => {
      const rows = await db
        .selectFrom('cosignature')
        .select('line')
        .where('agency', '=', agency)
        .where('size', '=', String(size))
        .orderBy('witness')
        .execute();
      return rows.map(({ line }) => line);
    },
    expunged: async (agency) => {
      const rows = await db.selectFrom('tombstone').select('subject').where('agency', '=', agency).execute();
      return rows.map(({ subject }) => handleOf(subject));
    },
    sealedKey: async (agency, subject) => {
      const row = await db
        .selectFrom('sealed_key')
        .select('sealed')
        .where('agency', '=', agency)
        .where('subject', '=', bytesOf(subject))
        .executeTakeFirst();
      return row?.sealed;
    },
  });
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

async function commit(pool: Pool, batch: Batch): Promise<Committed> {
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

export interface JoinedRow {
  readonly sequence: string;
  readonly type: string;
  readonly subject: Buffer;
  readonly request: string;
  readonly envelope: Buffer;
  readonly leaf_hash: Buffer;
  readonly ciphertext: Buffer | null;
}

/** What is joined to a head; nothing, where its last entry is missing. */
type Last = JoinedRow | { readonly sequence: null };

/** A row of `log` as the driver gives it. */
export function headOf(row: Selectable<Tables['log']>): Head {
  const { agency, origin, checkpoint, root } = row;
  return {
    agency,
    origin,
    checkpoint,
    root,
    recordedOn: row.recorded_on,
    size: Number(row.size),
    peaks: split(row.peaks),
  };
}

/** A row of `entry`. */
export function entryRow(row: Omit<JoinedRow, 'ciphertext'>): EntryRow {
  const { type, subject, request, envelope, leaf_hash: leafHash } = row;
  const sequence = Number(row.sequence);
  return { sequence, type: type as EventType, subject: handleOf(subject), request, envelope, leafHash };
}

function entryRead(row: JoinedRow): EntryRead {
  return { ...entryRow(row), ciphertext: row.ciphertext ?? undefined };
}

function bytesOf(handle: Handle): Buffer {
  return Buffer.from(handle, 'hex');
}

function handleOf(bytes: Buffer): Handle {
  return bytes.toString('hex') as Handle;
}

function split(peaks: Buffer): Buffer[] {
  return Array.from({ length: peaks.length / HASH }, (_, index) => peaks.subarray(index * HASH, (index + 1) * HASH));
}

/** Every method's failures in the words of the port. */
function guarded(store: LedgerStore): LedgerStore {
  const words = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw troubleOf(error);
    }
  };
  const eachInWords = async function* <T>(each: AsyncIterable<T>): AsyncIterable<T> {
    try {
      yield* each;
    } catch (error) {
      throw troubleOf(error);
    }
  };
  return {
    agencies: () => words(store.agencies()),
    head: (agency) => words(store.head(agency)),
    commit: (batch) => words(store.commit(batch)),
    byRequest: (agency, requests) => words(store.byRequest(agency, requests)),
    states: (agency, subjects) => words(store.states(agency, subjects)),
    entriesOn: (agency, subjects) => words(store.entriesOn(agency, subjects)),
    subjects: (agency) => eachInWords(store.subjects(agency)),
    replaceStates: (agency, states) => words(store.replaceStates(agency, states)),
    entries: (agency, from, to) => eachInWords(store.entries(agency, from, to)),
    hashes: (agency, level, from, to) => words(store.hashes(agency, level, from, to)),
    checkpoints: (agency, from, to) => words(store.checkpoints(agency, from, to)),
    erased: (agency) => words(store.erased(agency)),
    expunged: (agency) => words(store.expunged(agency)),
    keepCosignature: (agency, size, witness, line) => words(store.keepCosignature(agency, size, witness, line)),
    cosignatures: (agency, size) => words(store.cosignatures(agency, size)),
    sealedKey: (agency, subject) => words(store.sealedKey(agency, subject)),
  };
}
