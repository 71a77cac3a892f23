/**
 * The one text of a JSON value (RFC 8785, JSON Canonicalization Scheme): keys in order of their UTF-16 code units, no
 * space, numbers and strings as ECMAScript writes them. The same value gives the same bytes on every machine.
 * @throws TypeError for what JSON cannot hold: undefined, functions, NaN, infinities, lone surrogates.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`not a JSON number: ${String(value)}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, each]) => `${canonicalString(key)}:${canonicalJson(each)}`).join(',')}}`;
  }
  throw new TypeError(`not a JSON value: ${typeof value}`);
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a text with half a character (lone surrogate) has no canonical form');
  return JSON.stringify(text);
}
