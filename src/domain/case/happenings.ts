import type { Instant } from '../time/instant.ts';
import { NEVER } from '../time/instant.ts';
import type { Case, Service, Warrant } from './case.ts';

/** Before anything that a case may hold. */
const LONG_AGO = 0 as Instant;

/**
 * When a happening came, as seen from the act; `NEVER` where it has not. Of a booking tried on another day only *that*
 * a thing was recorded is taken, and not when (docs/adr/0007): what forbids as well as what permits.
 */
export function happenedAt({ triedOnAnotherDay, question }: Case, instant: Instant | undefined): Instant {
  if (instant === undefined) return NEVER;
  return triedOnAnotherDay && instant > question.at ? LONG_AGO : instant;
}

export function hasHappened(recorded: Case, instant: Instant | undefined): boolean {
  return happenedAt(recorded, instant) <= recorded.question.at;
}

/** Whether the person has left: released, or handed over. */
export function isOver(recorded: Case): boolean {
  const { custody } = recorded;
  return hasHappened(recorded, custody?.releasedAt) || hasHappened(recorded, custody?.handedOverAt);
}

/** The service of a warrant, where it has been made by the act. */
export function serviceMade({ question }: Case, warrant: Warrant | undefined): Service | undefined {
  const service = warrant?.service;
  return service !== undefined && service.at <= question.at ? service : undefined;
}

/** Whether the officer whom the case describes served: what an agreement gives and asks for hangs on that service alone. */
export function isByThisOfficer({ officer }: Case, { by }: Service): boolean {
  return by === officer?.id;
}
