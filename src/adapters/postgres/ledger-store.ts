import { sql, type Selectable } from 'kysely';
import { StoreUnavailable, type LedgerStore, type StoreTrouble } from '../../app/ledger/ports.ts';
import type { KeptState } from '../../domain/record/kept-state.ts';
import { commit } from './append.ts';
import type { Database, Tables } from './database.ts';
import { guardsOf } from './guards.ts';
import { bytesOf, entryRead, entryRow, handleOf, headOf, type JoinedRow } from './ledger-rows.ts';
import { troubleOf } from './trouble.ts';

/** Entries read at a time where all are read. */
const STRETCH = 4096;
/** Subjects read at a time. */
const PAGE = 500;

/** What is joined to a head; nothing, where its last entry is missing. */
type Last = JoinedRow | { readonly sequence: null };

/**
 * The ledger in PostgreSQL (migrations/).
 * @param onTrouble hears of each failure before whoever asked does.
 */
export function postgresLedger({ db, pool }: Database, onTrouble?: (trouble: StoreTrouble) => void): LedgerStore {
  const store: LedgerStore = {
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
      return new Map(rows.map(({ subject, state }) => [handleOf(subject), keptState(state)]));
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
      return rows[0]?.hashes ?? new Uint8Array();
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
    everyCosignature: async (agency) => {
      const rows = await db
        .selectFrom('cosignature')
        .select(['size', 'witness', 'line'])
        .where('agency', '=', agency)
        .orderBy('size')
        .execute();
      return rows.map(({ size, ...row }) => ({ size: Number(size), ...row }));
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
    holdEnds: async (agency, subjects) => {
      const { rows } = await sql<{ hold: string; sequence: string; subject: Buffer }>`
        select h.hold, h.sequence, e.subject from hold_end h join entry e on e.agency = h.agency and e.sequence = h.hold
        where h.agency = ${agency} and e.subject = any(${subjects.map(bytesOf)}::bytea[])`.execute(db);
      return rows.map(({ hold, sequence, subject }) => ({
        hold: Number(hold),
        sequence: Number(sequence),
        subject: handleOf(subject),
      }));
    },
    guards: () => guardsOf(pool),
  };
  return guarded(store, onTrouble);
}

/** What is no object was put there by somebody else: then nothing is kept, and rebuilding mends it. */
function keptState(state: unknown): KeptState {
  return (typeof state === 'object' && state !== null && !Array.isArray(state) ? state : {}) as KeptState;
}

/** Every method's failures in the words of the port. */
function guarded(store: LedgerStore, onTrouble: (trouble: StoreTrouble) => void = () => undefined): LedgerStore {
  const inWords = (error: unknown): Error => {
    const trouble = troubleOf(error);
    if (trouble instanceof StoreUnavailable) onTrouble(trouble.trouble);
    return trouble;
  };
  const words = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw inWords(error);
    }
  };
  const eachInWords = async function* <T>(each: AsyncIterable<T>): AsyncIterable<T> {
    try {
      yield* each;
    } catch (error) {
      throw inWords(error);
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
    everyCosignature: (agency) => words(store.everyCosignature(agency)),
    sealedKey: (agency, subject) => words(store.sealedKey(agency, subject)),
    holdEnds: (agency, subjects) => words(store.holdEnds(agency, subjects)),
    guards: () => words(store.guards()),
  };
}
