import type { z } from 'zod';
import type { Failure } from '../failure.ts';
import { pathOf } from './edit.ts';

/** A schema's complaint in the reader's words: the path into the document, what must stand there, what stands there. */
export function malformed(issue: z.core.$ZodIssue, document: unknown): Failure[] {
  const where = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'malformed',
      where: where === '' ? key : `${where}.${key}`,
      message: 'is no key of the case contract; remove it or correct its name',
    }));
  }
  return [{ code: 'malformed', where, message: wordsOf(issue, valueAt(document, issue.path)) }];
}

function wordsOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined) return 'is missing; the contract needs it';
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

function shown(value: unknown): string {
  const text = JSON.stringify(value);
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
