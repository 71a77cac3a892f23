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
    const house = await openHouse(settings, MIGRATIONS, ({ code }) => alarms.push(code));
    return {
      ...house,
      folder,
      alarms,
      reopened: async () => {
        await house.close();
        return open();
      },
      remove: async () => {
        await house.close();
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
