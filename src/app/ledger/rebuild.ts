import { canonicalJson } from '../../domain/case/canonical.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import { openState, sealState, type KeptState } from '../../domain/record/kept-state.ts';
import {
  aboutOf,
  erasedState,
  foldAll,
  holdEndsIn,
  type HoldEnd,
  type SubjectState,
} from '../../domain/record/subject-state.ts';
import { entryOf, isEntry, openRow, readable } from './history.ts';
import type { LedgerPorts } from './ledger.ts';
import type { EntryRead } from './ports.ts';

export interface RebuildReport {
  readonly agency: string;
  readonly subjects: number;
  /** Subjects whose kept projection is not what the entries come to. */
  readonly different: readonly Handle[];
  /** Subjects that could not be worked out: their entries cannot be read, and no court's order says why. */
  readonly unreadable: readonly Handle[];
  /** Subjects of whose holds other ends are kept than their entries say. No rebuilding mends that: those rows only grow. */
  readonly otherEnds: readonly Handle[];
  /** Subjects whose key is gone by an order that this copy of the record does not know (writkeeper ledger continue). */
  readonly forgotten: readonly Handle[];
}

type RebuildPorts = Pick<LedgerPorts, 'store' | 'keyring' | 'primitives'> & {
  readonly progress?: (agency: string, done: number) => void;
};

/** What a court last ordered of a subject. */
type Erasure = NonNullable<SubjectState['erased']>;

/**
 * Works every projection out again from the entries and holds it against the one that is kept, byte for byte once opened.
 * @param write puts the new one in the place of one that differs.
 */
export async function rebuild(ports: RebuildPorts, agency: string, write: boolean): Promise<RebuildReport> {
  const { store, progress } = ports;
  const erasures = await erasuresOf(ports, agency);
  const different: Handle[] = [];
  const unreadable: Handle[] = [];
  const otherEnds: Handle[] = [];
  const destroyed = ports.keyring.destroyed(agency);
  let subjects = 0;
  for await (const page of store.subjects(agency)) {
    const doubted = doubtedIn(await look(ports, agency, page, erasures));
    const looked = await lookAgain(ports, agency, doubted);
    different.push(...looked.mended.keys());
    unreadable.push(...looked.unreadable);
    otherEnds.push(...looked.otherEnds);
    if (write && looked.mended.size > 0) await store.replaceStates(agency, looked.mended);
    subjects += page.length;
    progress?.(agency, subjects);
  }
  const { forgotten = [], unexplained = [] } = Object.groupBy(unreadable, (subject) =>
    destroyed.has(subject) ? 'forgotten' : 'unexplained',
  );
  return { agency, subjects, different, unreadable: unexplained, otherEnds, forgotten };
}

/** What was found of some subjects, and the projections against which it was held. */
interface Looked {
  readonly kept: ReadonlyMap<Handle, KeptState>;
  readonly mended: Map<Handle, KeptState | undefined>;
  readonly unreadable: Handle[];
  readonly otherEnds: Handle[];
}

async function look(
  ports: RebuildPorts,
  agency: string,
  subjects: readonly Handle[],
  erasures: ReadonlyMap<Handle, Erasure> | undefined,
): Promise<Looked> {
  const kept = await ports.store.states(agency, subjects);
  const erased = erasures ?? (await erasuresOf(ports, agency));
  const rows = Map.groupBy(await ports.store.entriesOn(agency, subjects), ({ subject }) => subject);
  const ends = Map.groupBy(await ports.store.holdEnds(agency, subjects), ({ subject }) => subject);
  const looked: Looked = { kept, mended: new Map(), unreadable: [], otherEnds: [] };
  for (const subject of subjects) {
    const onSubject = rows.get(subject) ?? [];
    if (onSubject.length === 0) {
      looked.mended.set(subject, undefined);
      continue;
    }
    const state = stateFrom(ports, agency, onSubject, erased.get(subject));
    if (state === undefined) looked.unreadable.push(subject);
    else if (!isSame(ports, agency, subject, state, kept.get(subject)))
      looked.mended.set(subject, sealed(ports, agency, subject, state));
    // Of one that is sealed or expunged nobody here can say when its holds ended.
    if (state !== undefined && state.erased === undefined && textOf(ends.get(subject)) !== textOf(holdEndsIn(state)))
      looked.otherEnds.push(subject);
  }
  return looked;
}

/**
 * Others write meanwhile, and what is read in several steps is then of several moments. A doubt stands only where the
 * projection was the same before its entries and orders were read and after: an append writes them together.
 */
async function lookAgain(ports: RebuildPorts, agency: string, subjects: readonly Handle[]): Promise<Looked> {
  const sure: Looked = { kept: new Map(), mended: new Map(), unreadable: [], otherEnds: [] };
  let left = subjects;
  while (left.length > 0) {
    const looked = await look(ports, agency, left, undefined);
    const doubted = doubtedIn(looked);
    const after = await ports.store.states(agency, doubted);
    const hasMoved = (subject: Handle): boolean =>
      JSON.stringify(looked.kept.get(subject)) !== JSON.stringify(after.get(subject));
    for (const [subject, state] of looked.mended) if (!hasMoved(subject)) sure.mended.set(subject, state);
    sure.unreadable.push(...looked.unreadable.filter((subject) => !hasMoved(subject)));
    sure.otherEnds.push(...looked.otherEnds.filter((subject) => !hasMoved(subject)));
    left = doubted.filter(hasMoved);
  }
  return sure;
}

function doubtedIn({ mended, unreadable, otherEnds }: Looked): Handle[] {
  return [...new Set([...mended.keys(), ...unreadable, ...otherEnds])];
}

function textOf(ends: readonly HoldEnd[] = []): string {
  return ends
    .map(({ hold, sequence }) => `${hold} ${sequence}`)
    .sort()
    .join();
}

/** Undefined: not all of it can be read. */
function stateFrom(
  { keyring, primitives }: RebuildPorts,
  agency: string,
  rows: readonly EntryRead[],
  erasure: Erasure | undefined,
): SubjectState | undefined {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined || !rows.every(isEntry)) return undefined;
  if (erasure !== undefined) {
    return erasedState({ about: aboutOf(first.type), lastSequence: last.sequence }, erasure);
  }
  const key = keyring.subjectKey(agency, first.subject);
  const events = readable(rows.map((row) => openRow(row, key, primitives)));
  const folded = events.length === rows.length ? foldAll(events) : undefined;
  return folded?.ok === true ? folded.state : undefined;
}

async function erasuresOf({ store, keyring }: RebuildPorts, agency: string): Promise<Map<Handle, Erasure>> {
  const erasures = new Map<Handle, Erasure>();
  for (const row of (await store.entriesOn(agency, [keyring.agencySubject(agency)])).filter(isEntry)) {
    const { type, erases, sequence } = entryOf(row);
    if (erases === undefined) continue;
    if (type === 'subject.unsealed') erasures.delete(erases);
    else erasures.set(erases, { how: type === 'subject.expunged' ? 'expunged' : 'sealed', by: sequence });
  }
  return erasures;
}

function isSame(
  { keyring, primitives }: RebuildPorts,
  agency: string,
  subject: Handle,
  state: SubjectState,
  kept: KeptState | undefined,
): boolean {
  if (kept === undefined) return false;
  const opened = openState(kept, { agency, subject }, keyring.subjectKey(agency, subject), primitives);
  return opened !== undefined && canonicalJson(state) === canonicalJson(opened);
}

function sealed(
  { keyring, primitives }: RebuildPorts,
  agency: string,
  subject: Handle,
  state: SubjectState,
): KeptState {
  return sealState(state, { agency, subject }, keyring.subjectKey(agency, subject), primitives);
}
