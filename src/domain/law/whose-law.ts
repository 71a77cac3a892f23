import { isLocal, isNameOf, type LawInForce } from './in-force.ts';
import type { Pack } from './pack.ts';

type LawRead = Pick<LawInForce, 'packs' | 'unreadPlaces'>;

/**
 * Whether an agency, where its name tells its place (`us/fl/monroe-county/sheriff`), lies under the law that is read. An
 * agency of a county or a city lies under its state's law, one of a city also under its county's, and one of the state
 * under the law of the place where it acts. Two states or two counties contradict each other, and so do two places of
 * which neither is known to lie in the other: an agency would be judged by a law that is not its own. So it would where
 * its county or city has a pack of its own that was not read: that may forbid what the law that was read commands. A name
 * without a place says nothing, and is the place's by the question.
 */
export function isUnderLaw(agency: string, jurisdiction: string, { packs, unreadPlaces }: LawRead): boolean {
  for (const place of unreadPlaces) if (isOfPlace(agency, place)) return false;
  // Asked in every decision, and nearly always so: no text is made for it.
  if (isBelow(agency, jurisdiction)) return true;
  const [state, local] = placeOf(agency);
  if (state === undefined) return true;
  const [, read, place] = jurisdiction.split('/');
  if (read === undefined) return true;
  if (state !== read) return false;
  if (local === undefined || place === undefined) return true;
  return isSamePlace(`us/${state}/${local}`, jurisdiction, packs) || (!isCounty(local) && isCountyRead(place, packs));
}

/**
 * The county or city of an agency whose own law was not read, although the agency lies under the law that was: because
 * only its state was named, or the county around its city.
 */
export function unreadPlaceOf(agency: string, jurisdiction: string, law: LawRead): string | undefined {
  // The jurisdiction's own agencies: nearly all.
  if (isLocal(jurisdiction) && isBelow(agency, jurisdiction)) return undefined;
  const [state, local] = placeOf(agency);
  if (state === undefined || local === undefined || !isUnderLaw(agency, jurisdiction, law)) return undefined;
  const place = `us/${state}/${local}`;
  return isSamePlace(place, jurisdiction, law.packs) ? undefined : place;
}

/** `us/fl/monroe-county/sheriff` → `fl`, `monroe-county`; `us/fl/highway-patrol` → `fl`; `Monroe Sheriff` → nothing. */
function placeOf(agency: string): readonly [state?: string, local?: string] {
  if (!agency.startsWith('us/')) return [];
  const [, state = '', local = '', ...office] = agency.split('/');
  if (!/^[a-z]{2}$/.test(state)) return [];
  return office.length > 0 || isCounty(local) ? [state, local] : [state];
}

function isSamePlace(one: string, other: string, packs: readonly Pack[]): boolean {
  return one === other || packs.some((pack) => isNameOf(pack, one) && isNameOf(pack, other));
}

/** The place itself as an agency, or an office of it. */
function isOfPlace(agency: string, place: string): boolean {
  return agency === place || isBelow(agency, place);
}

function isBelow(agency: string, place: string): boolean {
  return agency.startsWith(place) && agency.charAt(place.length) === '/';
}

/** A county that is called by another name is known by that of its pack. */
function isCountyRead(place: string, packs: readonly Pack[]): boolean {
  return isCounty(place) || packs.some(({ path }) => isLocal(path) && isCounty(path));
}

/** Louisiana's parishes are its counties. Boroughs are counties in Alaska and towns elsewhere, so their name tells nothing. */
function isCounty(name: string): boolean {
  return /-(county|parish)$/.test(name);
}
