import type { ImportedBasis, ImportedBooking } from '../../domain/import/booking.ts';
import type { Steps } from '../../domain/import/on-record.ts';
import type { Content, EventType } from '../../domain/record/catalogue.ts';
import type { Draft } from '../../domain/record/event.ts';
import { newHandle, type Handle } from '../../domain/record/key-tree.ts';
import { isoOf, type Instant } from '../../domain/time/instant.ts';
import { uuidFrom } from '../ledger/draft.ts';
import type { Appended } from '../ledger/ledger.ts';
import type { ImportPorts, ImportRequest } from './ports.ts';

/** How far the steps of one booking got. */
export interface Written {
  readonly events: number;
  /** The handle of a booking that was opened. */
  readonly handle?: Handle | undefined;
  readonly failure?: Exclude<Appended, { kind: 'recorded' }> | undefined;
}

/**
 * Appends what is new of one booking. What rests on an entry waits until that entry is on record, so a kill at any moment
 * leaves a beginning that the next run continues; bookings go side by side.
 */
export async function writeSteps(
  ports: ImportPorts,
  request: ImportRequest,
  booking: ImportedBooking,
  known: Handle | undefined,
  steps: Steps,
): Promise<Written> {
  const { openedAt } = booking;
  const handle = known ?? newHandle(ports.primitives);
  const writing = newWriting(ports, request, handle);
  if (steps.opens) {
    const { number, jurisdiction, facility } = booking;
    await writing.append('booking.opened', openedAt, { booking: number, jurisdiction, facility });
  }
  const described = steps.bornOn === undefined ? undefined : { person: { bornOn: steps.bornOn } };
  const [begun] = await Promise.all([
    Promise.all(steps.begun.map(writing.begin)),
    described === undefined ? undefined : writing.append('person.described', openedAt, described),
  ]);
  await Promise.all([...steps.ended, ...begun].map(writing.end));
  const { left } = steps;
  if (left?.by === 'released') await writing.append('custody.released', left.at, { releasedAt: isoOf(left.at) });
  if (left?.by === 'handed-over')
    await writing.append('custody.handed-over', left.at, { handedOverAt: isoOf(left.at) });
  return writing.written(steps.opens ? handle : undefined);
}

/** Two people say that the export holds nobody whose record was sealed or expunged. */
export async function writeVouching(
  ports: ImportPorts,
  request: ImportRequest,
  second: string,
  erased: number,
): Promise<Written> {
  const writing = newWriting(ports, request, ports.keyring.agencySubject(request.agency));
  await writing.append('import.vouched', ports.now(), { erased, second });
  return writing.written(undefined);
}

/** A custody basis and the entry that began it; undefined where it did not go on record. */
interface Begun {
  readonly entry: number | undefined;
  readonly basis: ImportedBasis;
}

function newWriting({ ledger, primitives }: ImportPorts, { agency, by, isTrial }: ImportRequest, subject: Handle) {
  let events = 0;
  let failure: Written['failure'];
  /** @returns the entry's sequence; undefined where it, or one before it, did not go on record. */
  const append = async <Type extends EventType>(
    type: Type,
    occurredAt: Instant,
    content: Content<Type>,
  ): Promise<number | undefined> => {
    if (failure !== undefined) return undefined;
    if (isTrial) {
      events += 1;
      return 0;
    }
    const request = uuidFrom(primitives.random(16));
    const draft = { type, subject, occurredAt, actor: by, request, content } as Draft;
    const appended = await ledger.append(agency, draft);
    if (appended.kind !== 'recorded') {
      failure = appended;
      return undefined;
    }
    events += 1;
    return appended.envelope.sequence;
  };
  return {
    append,
    begin: async (basis: ImportedBasis): Promise<Begun> => {
      const { kind, since } = basis;
      return { entry: await append('custody.basis-began', since, { kind, since: isoOf(since) }), basis };
    },
    end: async ({ entry, basis: { endedAt, endedBy } }: Begun): Promise<void> => {
      if (endedAt === undefined || entry === undefined) return;
      const how = endedBy === undefined ? {} : { endedBy };
      await append('custody.basis-ended', endedAt, { basis: entry, endedAt: isoOf(endedAt), ...how });
    },
    written: (handle: Handle | undefined): Written => ({
      events,
      failure,
      handle: events > 0 && !isTrial ? handle : undefined,
    }),
  };
}
