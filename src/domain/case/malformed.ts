import type { z } from 'zod';
import type { Failure } from '../failure.ts';
import { pathOf } from './edit.ts';

/**
 * A schema's complaint in the reader's words: the path into the document, what must stand there, what stands there.
 * @param contract where the reader finds what a document holds.
 */
export function malformed(issue: z.core.$ZodIssue, document: unknown, contract = 'the case contract'): Failure[] {
  const where = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'malformed',
      where: where === '' ? keyShown(key) : `${where}.${keyShown(key)}`,
      message: `is no key of ${contract}; remove it or correct its name`,
    }));
  }
  const words = wordsOf(issue, valueAt(document, issue.path), contract);
  return [{ code: 'malformed', where, message: where === '' ? `the whole document ${words}` : words }];
}

/** A key as it stands in a path; one that would blur the path, or break its line, as it stands in JSON. */
function keyShown(key: string): string {
  return /^[\w-]{1,60}$/.test(key) ? key : shown(key);
}

function wordsOf(issue: z.core.$ZodIssue, value: unknown, contract: string): string {
  if (value === undefined) return `is missing; ${contract} needs it`;
  const got = `not ${shown(value)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}, ${got}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}; ${got}`;
    default:
      return `${issue.message}; ${got}`;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  array: 'a list',
  object: 'an object',
};

/** What stands in a document, as JSON on one line, and no more of it than a reader needs. */
export function shown(value: unknown): string {
  // A number too great for any, which JSON has no word for, is read as Infinity.
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
