import { failed, ok, type Failure, type Result } from '../failure.ts';

/**
 * A JSON document with some paths set and some removed: `detainers[0].signed`. Setting makes the objects on its way,
 * never list items; `[n]` may be the next free place of a list. The document given stays as it is.
 */
export function edited(
  document: unknown,
  set: Readonly<Record<string, unknown>>,
  remove: readonly string[],
): Result<unknown> {
  const copy = structuredClone(document);
  const failures: Failure[] = [];
  for (const [path, value] of Object.entries(set)) {
    if (!put(copy, keysOf(path), structuredClone(value))) failures.push(noSuchPlace(path));
  }
  for (const path of remove) {
    if (!take(copy, keysOf(path))) failures.push(noSuchPlace(path));
  }
  return failures.length > 0 ? failed(...failures) : ok(copy);
}

/** `detainers[0].signed` → `detainers`, 0, `signed`. */
export function keysOf(path: string): (string | number)[] {
  return [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
}

/** `detainers`, 0, `signed` → `detainers[0].signed`: the other way round. */
export function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

type Container = Record<string | number, unknown>;

function put(document: unknown, keys: readonly (string | number)[], value: unknown): boolean {
  const last = keys.at(-1);
  let place = document as Container;
  for (const [index, key] of keys.slice(0, -1).entries()) {
    if (place[key] === undefined) {
      if (typeof key === 'number' || typeof keys[index + 1] === 'number') return false;
      place[key] = {};
    }
    place = place[key] as Container;
    if (typeof place !== 'object') return false;
  }
  if (last === undefined || (Array.isArray(place) && !(typeof last === 'number' && last <= place.length))) return false;
  place[last] = value;
  return true;
}

function take(document: unknown, keys: readonly (string | number)[]): boolean {
  const last = keys.at(-1);
  let place: Container | undefined = document as Container;
  for (const key of keys.slice(0, -1)) place = place?.[key] as Container | undefined;
  if (place === undefined || last === undefined || !(last in place)) return false;
  if (Array.isArray(place)) place.splice(Number(last), 1);
  else Reflect.deleteProperty(place, last);
  return true;
}

function noSuchPlace(path: string): Failure {
  return { code: 'malformed', where: path, message: 'is no place in the base case' };
}
