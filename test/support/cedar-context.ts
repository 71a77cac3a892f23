import type { Context } from '@cedar-policy/cedar-wasm/nodejs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Unknown, type Facts } from '../../src/domain/law/evaluate.ts';
import type { Rule } from '../../src/domain/law/pack.ts';
import { RULE_PACKS } from './packs.ts';

const datetimes = datetimesIn(readFileSync(join(RULE_PACKS, 'facts.cedarschema'), 'utf8'));

/** Our facts as Cedar reads them: dates as its datetimes. With `wanted`, only the facts named there. */
export function cedarContext(facts: Facts, wanted?: ReadonlySet<string>, prefix = ''): Context {
  const entries = Object.entries(facts).filter(([name]) => wanted === undefined || wanted.has(`${prefix}${name}`));
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const path = `${prefix}${name}`;
      if (datetimes.has(path)) {
        return [name, { __extn: { fn: 'datetime', arg: new Date(value as number).toISOString() } }];
      }
      return [name, isRecord(value) ? cedarContext(value, wanted, `${path}.`) : value];
    }),
  ) as Context;
}

export function isRecord(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

/** `at`, `detainer.issuedOn`, …: read from the schema, so that a new date fact cannot be forgotten here. */
function datetimesIn(text: string): Set<string> {
  const types = new Map<string, string[]>();
  for (const [, name = '', body = ''] of text.matchAll(/type (\w+) = \{([^}]*)\}/g)) {
    types.set(
      name,
      [...body.matchAll(/^\s*(\w+): datetime/gm)].map((match) => match[1] ?? ''),
    );
  }
  const facts = /type Facts = \{([^}]*)\}/.exec(text)?.[1] ?? '';
  const nested = [...facts.matchAll(/^\s*(\w+): (\w+),/gm)].flatMap(([, name = '', type = '']) =>
    (types.get(type) ?? []).map((each) => `${name}.${each}`),
  );
  return new Set([...(types.get('Facts') ?? []), ...nested]);
}

/** Whether a fact is unknown even here: Cedar has no such value, and is not asked. With `wanted`, only of the facts named there. */
export function holdsUnknown(facts: Facts, wanted?: ReadonlySet<string>, prefix = ''): boolean {
  return Object.entries(facts).some(([name, value]) => {
    const path = `${prefix}${name}`;
    if (wanted !== undefined && !wanted.has(path)) return false;
    return value instanceof Unknown || (isRecord(value) && holdsUnknown(value, wanted, `${path}.`));
  });
}

/** The facts that rules name in their texts. */
export function factsNamedIn(rules: readonly Pick<Rule, 'source'>[]): ReadonlySet<string> {
  const paths = rules.flatMap(({ source }) =>
    [...source.matchAll(/context\.([\w.]+)/g)].map((match) => match[1] ?? ''),
  );
  return new Set(paths.flatMap(namesIn));
}

/** `detainer.signed` → `detainer`, `detainer.signed`; a method's name behind it does no harm. */
function namesIn(path: string): string[] {
  const [first = '', second] = path.split('.');
  return second === undefined ? [first] : [first, `${first}.${second}`];
}
