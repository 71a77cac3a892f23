import type { Failure } from '../../domain/failure.ts';
import { NO_ENTRIES, rootOfFrontier, withLeaf, type Frontier } from '../../domain/ledger/frontier.ts';
import { leafHash } from '../../domain/ledger/hashes.ts';
import { CATALOGUE, type Content } from '../../domain/record/catalogue.ts';
import {
  dayRecorded,
  envelopeFrom,
  isErasure,
  sealEntry,
  type Draft,
  type Entry,
  type Envelope,
  type EventRead,
} from '../../domain/record/event.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import { sealState } from '../../domain/record/kept-state.ts';
import {
  beginsSubject,
  erasedState,
  fold,
  foldAll,
  holdEndsIn,
  type HoldEnd,
  type Refusal,
  type SubjectState,
} from '../../domain/record/subject-state.ts';
import { isoOfMilliseconds, type Instant } from '../../domain/time/instant.ts';
import { entryAt, historyOf, readable } from './history.ts';
import type { Appended, LedgerPorts } from './ledger.ts';
import type { Batch, Destroyed, Head, TileRoot } from './ports.ts';
import { statesOf } from './states.ts';

/** A draft, and for an erasure what goes with it. */
export interface Wanted {
  readonly draft: Draft;
  readonly extra?: { readonly sealed?: Uint8Array; readonly key?: Uint8Array } | undefined;
}

export interface Plan<Each extends Wanted> {
  /** Undefined: nothing is left to append. */
  readonly batch: Batch | undefined;
  readonly accepted: readonly { readonly wanted: Each; readonly envelope: Envelope }[];
  readonly refused: readonly { readonly wanted: Each; readonly appended: Appended }[];
  /** Subjects as they are once the batch is committed. */
  readonly states: ReadonlyMap<Handle, SubjectState>;
  /** What must be done once it is committed, and can be done again after a crash: keys destroyed or taken back. */
  readonly effects: readonly (() => Promise<void>)[];
}

interface Setting {
  readonly agency: string;
  readonly head: Head | undefined;
  readonly now: Instant;
  /** States that are remembered as of the head. */
  readonly known: ReadonlyMap<Handle, SubjectState>;
  /** Looks for a subject also where a draft begins it. */
  readonly looksForAll: boolean;
  readonly ports: LedgerPorts;
}

/** What an entry changes beside the tree. */
interface Change {
  readonly states: ReadonlyMap<Handle, SubjectState>;
  readonly tombstone?: Handle;
  readonly sealedKey?: { readonly subject: Handle; readonly sealed: Uint8Array };
  /** A key that the keyring gets back only once this is on record. */
  readonly givenBack?: { readonly subject: Handle; readonly key: Uint8Array };
  readonly effect?: () => Promise<void>;
}

export function isAlone({ type }: Draft): boolean {
  return type === 'correction' || isErasure(type);
}

/** Works out one append: which drafts fit what is on record, and all that the store must change for them. */
export async function planBatch<Each extends Wanted>(setting: Setting, wanted: readonly Each[]): Promise<Plan<Each>> {
  const { agency, head, now, ports } = setting;
  const before = await statesBefore(setting, wanted);
  const states = new Map(before);
  const building = newBuilding(head ?? NO_ENTRIES, ports);
  const accepted: { wanted: Each; envelope: Envelope }[] = [];
  const refused: { wanted: Each; appended: Appended }[] = [];
  const effects: (() => Promise<void>)[] = [];
  const changed = new Set<Handle>();
  const keys = new Map<Handle, Uint8Array>();
  for (const each of wanted) {
    const { draft } = each;
    const early = notYet(draft, now);
    if (early !== undefined) {
      refused.push({ wanted: each, appended: { kind: 'invalid', failures: [early] } });
      continue;
    }
    const sequence = building.frontier().size;
    const change = await changeOf(each, { ...setting, states, sequence });
    const key = ports.keyring.subjectKey(agency, draft.subject);
    if ('code' in change || key === undefined) {
      const refusal = 'code' in change ? change : KEY_GONE;
      refused.push({ wanted: each, appended: await conflict(ports, agency, refusal) });
      continue;
    }
    const entry = sealEntry(draft, { agency, sequence, recordedAt: now }, key, ports.primitives);
    building.add(entry, draft, change);
    keys.set(draft.subject, key);
    if (change.givenBack !== undefined) keys.set(change.givenBack.subject, change.givenBack.key);
    for (const [subject, state] of change.states) {
      states.set(subject, state);
      changed.add(subject);
    }
    if (change.effect !== undefined) effects.push(change.effect);
    accepted.push({ wanted: each, envelope: entry.envelope });
  }
  if (accepted.length === 0) return { batch: undefined, accepted, refused, states, effects };
  const unsigned = {
    ...building.frontier(),
    agency,
    origin: head?.origin ?? ports.originOf(agency),
    root: rootOfFrontier(building.frontier(), ports.primitives.hash),
    recordedOn: dayRecorded(now),
  };
  const batch: Batch = {
    before: head,
    after: { ...unsigned, checkpoint: await ports.sign(unsigned) },
    ...building.built(),
    states: [...changed].map((subject) => ({
      subject,
      state: sealState(states.get(subject) as SubjectState, { agency, subject }, keys.get(subject), ports.primitives),
      expected: before.get(subject)?.lastSequence,
    })),
  };
  return { batch, accepted, refused, states, effects };
}

/** Clocks of a jail's systems differ by minutes; a wrong day, month or year is more. */
const CLOCKS_APART = 15 * 60_000;

/** What has not happened yet is not put on record. */
function notYet({ occurredAt }: Draft, now: Instant): Failure | undefined {
  if (occurredAt <= now + CLOCKS_APART) return undefined;
  const [said, is] = [isoOfMilliseconds(occurredAt), isoOfMilliseconds(now)];
  const message = `says ${said}, and it is ${is} now; write when it happened, or set this machine's clock right`;
  return { code: 'impossible', where: 'occurredAt', message };
}

const KEY_GONE: Refusal = { code: 'erased', message: 'the key of this record is not here: it was sealed or expunged' };

/** The states that the drafts bear on, as of the head. A draft that begins its subject has none to look for. */
async function statesBefore(
  { agency, known, looksForAll, ports }: Setting,
  wanted: readonly Wanted[],
): Promise<Map<Handle, SubjectState>> {
  const states = new Map<Handle, SubjectState>();
  const missing = new Set<Handle>();
  for (const { draft } of wanted) {
    for (const subject of draft.erases === undefined ? [draft.subject] : [draft.subject, draft.erases]) {
      const found = known.get(subject);
      if (found !== undefined) states.set(subject, found);
      else if (looksForAll || !beginsSubject(draft.type)) missing.add(subject);
    }
  }
  if (missing.size === 0) return states;
  for (const [subject, state] of await statesOf(ports, agency, [...missing])) states.set(subject, state);
  return states;
}

type Looking = Setting & { readonly states: ReadonlyMap<Handle, SubjectState>; readonly sequence: number };

async function changeOf(wanted: Wanted, looking: Looking): Promise<Change | Refusal> {
  const { draft } = wanted;
  const { agency, ports, states, sequence } = looking;
  const before = states.get(draft.subject);
  if (CATALOGUE[draft.type].about === 'agency' && draft.subject !== ports.keyring.agencySubject(agency)) {
    return { code: 'unknown-subject', message: `${draft.type} is about the agency; its handle is another one` };
  }
  if (draft.basedOn !== undefined && before !== undefined && before.lastChange > draft.basedOn) {
    return {
      code: 'stale',
      message: `entry ${before.lastChange} came after what this was decided on; look again, then decide`,
      winner: before.lastChange,
    };
  }
  const event = eventOf(draft, sequence, looking);
  if (draft.type === 'correction') return corrected(event, looking);
  const folded = fold(before, event);
  if (!folded.ok) return folded.refusal;
  const change: Change = { states: new Map([[draft.subject, folded.state]]) };
  return draft.erases === undefined ? change : erasing(wanted, draft.erases, change, looking);
}

async function corrected(event: EventRead, { agency, ports }: Looking): Promise<Change | Refusal> {
  const { subject } = event.envelope;
  const folded = foldAll([...readable(await historyOf(ports, agency, subject)), event]);
  return folded.ok ? { states: new Map([[subject, folded.state]]) } : folded.refusal;
}

async function erasing(
  { draft, extra }: Wanted,
  subject: Handle,
  change: Change,
  { agency, ports, states, sequence }: Looking,
): Promise<Change | Refusal> {
  const target = states.get(subject);
  const along = (state: SubjectState): Change['states'] => new Map([...change.states, [subject, state]]);
  if (target === undefined) return { code: 'unknown-subject', message: `nothing is recorded of ${subject}` };
  if (target.about === 'agency')
    return { code: 'not-correctable', message: "the agency's own record cannot be sealed or expunged" };
  if (target.erased?.how === 'expunged') {
    return { code: 'already-done', message: 'this record was expunged already', winner: target.erased.by };
  }
  switch (draft.type) {
    case 'subject.expunged':
      return {
        states: along(erasedState(target, { how: 'expunged', by: sequence })),
        tombstone: subject,
        effect: () => ports.keyring.destroy(agency, subject, whyOf(draft)),
      };
    case 'subject.sealed':
      if (target.erased !== undefined)
        return { code: 'already-done', message: 'this record is sealed already', winner: target.erased.by };
      // Its key is with the court since a sealing that went with a lost tail: there is none to give again.
      if (ports.keyring.destroyed(agency).get(subject)?.how === 'sealed')
        return { states: along(erasedState(target, { how: 'sealed', by: sequence })) };
      if (extra?.sealed === undefined) return { code: 'no-authority', message: "sealing needs the court's public key" };
      return {
        states: along(erasedState(target, { how: 'sealed', by: sequence })),
        sealedKey: { subject, sealed: extra.sealed },
        effect: () => ports.keyring.destroy(agency, subject, whyOf(draft)),
      };
    default: {
      const key = extra?.key;
      if (target.erased === undefined) return { code: 'already-done', message: 'this record is not sealed' };
      if (key === undefined)
        return { code: 'no-authority', message: 'unsealing needs the key that the court gave back' };
      const kept = await historyOf(ports, agency, subject, key);
      if (kept.some((each) => !('event' in each)))
        return { code: 'no-authority', message: 'this is not the key of that record' };
      const folded = foldAll(readable(kept));
      if (!folded.ok) return folded.refusal;
      return {
        states: along(folded.state),
        givenBack: { subject, key },
        effect: () => ports.keyring.restore(agency, subject, key),
      };
    }
  }
}

function whyOf({ type, actor, content }: Draft): Destroyed {
  const { order, second } = content as Content<'subject.expunged'>;
  return { how: type === 'subject.expunged' ? 'expunged' : 'sealed', order, actor, second };
}

function eventOf(draft: Draft, sequence: number, { agency, now }: Looking): EventRead {
  const { type, subject, occurredAt, actor, corrects, request } = draft;
  const recordedOn = dayRecorded(now);
  const envelope = { v: 1 as const, agency, sequence, type, subject, recordedOn, commitment: '', ciphertext: '' };
  return {
    envelope: corrects === undefined ? envelope : { ...envelope, corrects },
    actor,
    occurredAt: isoOfMilliseconds(occurredAt),
    recordedAt: isoOfMilliseconds(now),
    request,
    content: draft.content,
  };
}

async function conflict(ports: LedgerPorts, agency: string, refusal: Refusal): Promise<Appended> {
  if (refusal.winner === undefined) return { kind: 'conflict', refusal };
  const row = await entryAt(ports, agency, refusal.winner);
  return { kind: 'conflict', refusal, winner: row === undefined ? undefined : envelopeFrom(row.envelope) };
}

/** Collects entries into a batch, and grows the tree by each. */
function newBuilding(start: Frontier, { primitives: { hash } }: LedgerPorts) {
  let frontier = start;
  const entries: Batch['entries'][number][] = [];
  const tileRoots: TileRoot[] = [];
  const holdEnds: HoldEnd[] = [];
  const tombstones: { subject: Handle; sequence: number }[] = [];
  const sealedKeys: { subject: Handle; sequence: number; sealed: Uint8Array }[] = [];
  return {
    frontier: () => frontier,
    built: () => ({ entries, tileRoots, holdEnds, tombstones, sealedKeys }),
    add: ({ envelope, bytes, ciphertext }: Entry, { type, subject, request }: Draft, change: Change): void => {
      const { sequence } = envelope;
      const leaf = leafHash(bytes, hash);
      frontier = withLeaf(frontier, leaf, hash, (level, index, node) => {
        if (level > 0 && level % 8 === 0) tileRoots.push({ level: level / 8, index, hash: node });
      });
      entries.push({ sequence, type, subject, request, envelope: bytes, leafHash: leaf, ciphertext });
      for (const end of holdEndsIn(change.states.get(subject))) if (end.sequence === sequence) holdEnds.push(end);
      if (change.tombstone !== undefined) tombstones.push({ subject: change.tombstone, sequence });
      if (change.sealedKey !== undefined) sealedKeys.push({ ...change.sealedKey, sequence });
    },
  };
}
