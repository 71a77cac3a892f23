import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Appended } from '../../src/app/ledger/ledger.ts';
import type { Content, EventType } from '../../src/domain/record/catalogue.ts';
import type { Draft } from '../../src/domain/record/event.ts';
import { newHandle, type Handle } from '../../src/domain/record/key-tree.ts';
import type { Instant } from '../../src/domain/time/instant.ts';
import { openHouse, type House } from '../../src/main/house.ts';
import { settingsFrom } from '../../src/main/settings.ts';
import { primitives } from '../../src/adapters/system/primitives.ts';
import type { TestServer } from './databases.ts';

export const AGENCY = 'us/fl/monroe-county/sheriff';
export const MIGRATIONS = join(import.meta.dirname, '..', '..', 'migrations');

/** A house of a test's own: a real database, a vault and a list of signed sizes in a folder of its own. */
export interface TestHouse extends House {
  readonly folder: string;
  /** Alarms that were raised, by code. */
  readonly alarms: string[];
  /** Another house over the same database and folder, as a second process opens it. Closed with this one. */
  readonly beside: () => Promise<House>;
  /** Closes the house and opens it again, as after a restart. */
  readonly reopened: () => Promise<TestHouse>;
  /** Closes it and takes everything away. */
  readonly remove: () => Promise<void>;
}

export async function testHouse(server: TestServer): Promise<TestHouse> {
  const database = await server.fresh();
  const folder = mkdtempSync(join(tmpdir(), 'writkeeper-house-'));
  const open = async (): Promise<TestHouse> => {
    const alarms: string[] = [];
    const settings = settingsFrom({ DATABASE_URL: database.url }, folder);
    const openOne = (): Promise<House> => openHouse(settings, MIGRATIONS, ({ code }) => alarms.push(code));
    const house = await openOne();
    const others: House[] = [];
    const close = async (): Promise<void> => {
      for (const each of [...others.splice(0), house]) await each.close();
    };
    return {
      ...house,
      close,
      folder,
      alarms,
      beside: async () => {
        const other = await openOne();
        others.push(other);
        return other;
      },
      reopened: async () => {
        await close();
        return open();
      },
      remove: async () => {
        await close();
        await database.drop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  };
  return open();
}

/** A draft about a subject, with what tests do not care about filled in. */
export function draftOf<Type extends EventType>(
  type: Type,
  subject: Handle,
  content: Content<Type>,
  more: Partial<Draft> = {},
): Draft {
  const occurredAt = Temporal.Now.instant().epochMilliseconds as Instant;
  return { type, subject, content, occurredAt, actor: 'sergeant.one', request: randomUUID(), ...more };
}

export function bookingOpened(booking = '2026-000123', subject = newHandle(primitives)): Draft {
  const facility = { id: 'main-jail', agency: AGENCY, kind: 'jail', timeZone: 'America/New_York' } as const;
  return draftOf('booking.opened', subject, { booking, jurisdiction: 'us/fl/monroe-county', facility });
}

/** The entry that a draft became. @throws where it became none. */
export function recorded(appended: Appended): Appended & { kind: 'recorded' } {
  if (appended.kind !== 'recorded') throw new Error(`not recorded: ${JSON.stringify(appended)}`);
  return appended;
}

/** A booking whose person may be held until an hour: what a hold needs to stand on. */
export async function bookedWithDecision(
  { ledger }: Pick<House, 'ledger'>,
  until = '2026-12-03T12:00:00Z',
): Promise<{ subject: Handle; decision: number }> {
  const opening = bookingOpened();
  const { envelope } = recorded(await ledger.append(AGENCY, opening));
  const decided = decisionMade(opening.subject, envelope.sequence, until);
  const { sequence } = recorded(await ledger.append(AGENCY, decided)).envelope;
  return { subject: opening.subject, decision: sequence };
}

/** A decision that permits a hold until an hour. */
export function decisionMade(subject: Handle, basedOn: number, until = '2026-12-03T12:00:00Z'): Draft {
  const question = { act: 'hold', at: '2026-12-01T12:00:00Z' } as const;
  const answer = { outcome: 'permitted', clock: { deadline: until } } as const;
  return draftOf('decision.made', subject, { question, answer }, { basedOn });
}
