/**
 * The three-valued evaluator: Cedar expressions (in Cedar's own JSON form) over facts of which some are unknown.
 *
 * Cedar skips a policy that meets a missing fact, so a forbid can vanish and a permit win. Here such a policy is
 * *unknown*, and says which facts made it so. The logic is Kleene's: `false && unknown` is false whichever side it
 * stands on; all other operators are unknown as soon as an operand is. An expression that could err is unknown too.
 * On complete facts it must agree with Cedar itself: test/conformance/cedar-judge.test.ts is the proof.
 */

/** A fact that nobody has recorded, or what follows from one: the paths into the case that would settle it. */
export class Unknown {
  readonly paths: readonly string[];
  constructor(paths: readonly string[]) {
    this.paths = paths;
  }
}

/** A set of which some members are recorded and others are not: what it holds for sure it holds, the rest is unknown. */
export class PartlyKnown extends Unknown {
  readonly known: readonly string[];
  constructor(known: readonly string[], paths: readonly string[]) {
    super(paths);
    this.known = known;
  }
}

/** Datetimes and durations are milliseconds, as in Cedar. */
export type Known = boolean | number | string | readonly (string | number)[];
export type Value = Known | Unknown;

/** Facts are records of facts; a leaf is known or unknown, never absent. */
export interface Facts {
  readonly [name: string]: Value | Facts;
}

export type Expression = (facts: Facts) => Value;

/**
 * Facts by their places in a table. Each is worked out when an expression first asks for it, and once: most rules are
 * settled by the first facts that they name, and half of all facts are never asked for.
 */
export class FactsAsked {
  readonly #known: (Value | undefined)[];
  readonly #workOut: (place: number) => Value;

  constructor(size: number, workOut: (place: number) => Value) {
    this.#known = new Array<Value | undefined>(size);
    this.#workOut = workOut;
  }

  at(place: number): Value {
    return (this.#known[place] ??= this.#workOut(place));
  }
}

type FactPath = readonly [first: string, second: string | undefined, missing: Unknown];

/**
 * The facts that a set of expressions reads, each given a place once: looking a fact up by name is what takes an
 * evaluator its time, so every expression reads by place.
 */
export class FactTable {
  readonly #paths: FactPath[] = [];
  readonly #places = new Map<string, number>();

  get size(): number {
    return this.#paths.length;
  }

  /** What stands at each place, in their order: `today`, `detainer.signed`. */
  names(): string[] {
    return [...this.#places.keys()];
  }

  placeOf(first: string, second: string | undefined): number {
    const name = second === undefined ? first : `${first}.${second}`;
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    this.#places.set(name, this.#paths.length);
    return this.#paths.push([first, second, new Unknown([`context.${name}`])]) - 1;
  }

  read(facts: Facts): FactsAsked {
    return new FactsAsked(this.size, (place) => {
      const [first, second, missing] = this.#paths[place] as FactPath;
      const found = facts[first];
      const value = second === undefined ? found : (found as Facts | undefined)?.[second];
      return (value ?? missing) as Value;
    });
  }
}

/** An expression over the facts of its table. */
export type Compiled = (facts: FactsAsked) => Value;

/** Cedar's JSON form of an expression: one key that names the operator. */
export type CedarExpression = Readonly<Record<string, unknown>>;

/** An expression that these semantics cannot hold; the message is for the author of the rule. */
export class UnsupportedExpression extends Error {}

/** One expression alone. @throws UnsupportedExpression for operators whose meaning with unknown facts is not defined. */
export function compile(expression: CedarExpression): Expression {
  const table = new FactTable();
  const compiled = compileOver(expression, table);
  return (facts) => compiled(table.read(facts));
}

/** An expression beside others that share a table. @throws UnsupportedExpression */
export function compileOver(expression: CedarExpression, table: FactTable): Compiled {
  const [operator, operand] = Object.entries(expression)[0] ?? ['nothing', undefined];
  const operands = operand as Readonly<Record<string, CedarExpression>>;
  const over = (each: CedarExpression): Compiled => compileOver(each, table);
  const side = (name: string): Compiled => over(operands[name] ?? {});
  switch (operator) {
    case 'Value':
      return constant(operand);
    case 'Set':
      return setOf(operand as CedarExpression[], over);
    case '.':
      return attribute(expression, table);
    case '!':
      return negation(side('arg'));
    case '&&':
      return kleene(chained('&&', expression), false, table);
    case '||':
      return kleene(chained('||', expression), true, table);
    case 'if-then-else':
      return choice(side('if'), side('then'), side('else'));
    case 'isEmpty':
      return emptiness(side('arg'));
    case 'neg':
      return strict([side('arg')], ([number]) => (typeof number === 'number' ? -number : undefined));
    case 'like':
      return like(side('left'), operand as { pattern: readonly (string | { Literal: string })[] });
    case 'datetime':
    case 'duration':
      return constant(literalOf(operator, operand));
    case 'toDate':
      return strict((operand as CedarExpression[]).map(over), toDate);
    case 'offset':
    case 'durationSince': {
      const [left = {}, right = {}] = operand as CedarExpression[];
      return pair(left, right, EXTENSIONS[operator], table);
    }
    case 'contains':
    case 'containsAll':
    case 'containsAny':
      return membership(side('left'), side('right'), BINARY[operator] as Binary);
    default: {
      const binary = BINARY[operator];
      if (binary === undefined) throw new UnsupportedExpression(unsupported(operator));
      return pair(operands['left'] ?? {}, operands['right'] ?? {}, binary, table);
    }
  }
}

/** `a && b && c` as its three parts: Cedar nests them in pairs. */
function chained(operator: '&&' | '||', expression: CedarExpression): CedarExpression[] {
  const pair = expression[operator] as { left: CedarExpression; right: CedarExpression } | undefined;
  return pair === undefined ? [expression] : [...chained(operator, pair.left), ...chained(operator, pair.right)];
}

/** What a strict operator makes of known operands; undefined: it would err. */
type Operation = (operands: readonly Known[]) => Known | undefined;
type Binary = (left: Known, right: Known) => Known | undefined;

const compare =
  (holds: (left: number, right: number) => boolean): Binary =>
  (left, right) =>
    typeof left === 'number' && typeof right === 'number' ? holds(left, right) : undefined;

const arithmetic =
  (result: (left: number, right: number) => number): Binary =>
  (left, right) => {
    if (typeof left !== 'number' || typeof right !== 'number') return undefined;
    const value = result(left, right);
    // Past 2^53 a number here and Cedar's 64-bit integer part ways, and past 2^63 Cedar errs.
    return Number.isSafeInteger(value) ? value : undefined;
  };

const sets =
  (holds: (left: readonly unknown[], right: readonly unknown[]) => boolean): Binary =>
  (left, right) =>
    Array.isArray(left) && Array.isArray(right) ? holds(left as unknown[], right as unknown[]) : undefined;

const BINARY: Readonly<Record<string, Binary>> = {
  '==': (left, right) => isSame(left, right),
  '!=': (left, right) => !isSame(left, right),
  '<': compare((left, right) => left < right),
  '<=': compare((left, right) => left <= right),
  '>': compare((left, right) => left > right),
  '>=': compare((left, right) => left >= right),
  '+': arithmetic((left, right) => left + right),
  '-': arithmetic((left, right) => left - right),
  '*': arithmetic((left, right) => left * right),
  contains: (set, item) => (Array.isArray(set) ? set.includes(item) : undefined),
  containsAll: sets((set, items) => items.every((item) => set.includes(item))),
  containsAny: sets((set, items) => items.some((item) => set.includes(item))),
};

const EXTENSIONS = {
  offset: arithmetic((instant, duration) => instant + duration),
  durationSince: arithmetic((later, earlier) => later - earlier),
};

const toDate: Operation = ([instant]) =>
  typeof instant === 'number' ? Math.floor(instant / 86_400_000) * 86_400_000 : undefined;

function constant(value: unknown): Compiled {
  if (typeof value !== 'boolean' && typeof value !== 'number' && typeof value !== 'string') {
    throw new UnsupportedExpression('entities cannot be compared here; a rule reads facts of "context" only');
  }
  return () => value;
}

function attribute(expression: CedarExpression, table: FactTable): Compiled {
  const place = placeIn(expression, table) as number;
  return (facts) => facts.at(place);
}

/** Where a plain fact stands, so that whoever needs its value reads it without a call in between; undefined: it is none. */
function placeIn(expression: CedarExpression, table: FactTable): number | undefined {
  if (!('.' in expression)) return undefined;
  const path = pathOf(expression);
  const [first = '', second, third] = path;
  if (third !== undefined) throw new UnsupportedExpression(`context.${path.join('.')} is no fact`);
  return table.placeOf(first, second);
}

/** `context.detainer.signed` as its two names. */
export function pathOf(expression: CedarExpression): string[] {
  const access = expression['.'] as { left: CedarExpression; attr: string } | undefined;
  if (access !== undefined) return [...pathOf(access.left), access.attr];
  if (expression['Var'] === 'context') return [];
  throw new UnsupportedExpression('a rule reads facts of "context" only, such as context.detainer.signed');
}

function negation(operand: Compiled): Compiled {
  return (facts) => {
    const value = operand(facts);
    if (typeof value === 'boolean') return !value;
    return value instanceof Unknown ? value : false;
  };
}

/** Decided as soon as one part is `decisive`, wherever an unknown stands; else unknown by all that are; else the opposite. */
function kleene(parts: readonly CedarExpression[], decisive: boolean, table: FactTable): Compiled {
  const steps = parts.map((part) => {
    const place = placeIn(part, table);
    return place === undefined ? { place: 0, other: compileOver(part, table) } : { place, other: undefined };
  });
  return (facts) => {
    let unknown: Unknown | undefined;
    for (const { place, other } of steps) {
      const value = other === undefined ? facts.at(place) : other(facts);
      if (value === decisive) return decisive;
      if (typeof value === 'object' && value instanceof Unknown)
        unknown = unknown === undefined ? value : joined(unknown, value);
    }
    return unknown ?? !decisive;
  };
}

function choice(condition: Compiled, yes: Compiled, no: Compiled): Compiled {
  return (facts) => {
    const value = condition(facts);
    if (!(value instanceof Unknown)) return value === true ? yes(facts) : no(facts);
    const ifYes = yes(facts);
    const ifNo = no(facts);
    if (!(ifYes instanceof Unknown) && !(ifNo instanceof Unknown) && isSame(ifYes, ifNo)) return ifYes;
    return joined(joined(value, ifYes), ifNo);
  };
}

function setOf(items: readonly CedarExpression[], over: (each: CedarExpression) => Compiled): Compiled {
  const whole = strict(items.map(over), (facts) => facts as (string | number)[]);
  if (items.some((item) => !('Value' in item))) return whole;
  // A set of literals is the same each time.
  const value = whole(NO_FACTS);
  return () => value;
}

function like(text: Compiled, { pattern }: { pattern: readonly (string | { Literal: string })[] }): Compiled {
  const parts = pattern.map((part) => (typeof part === 'string' ? '[^]*' : RegExp.escape(part.Literal)));
  const whole = new RegExp(`^${parts.join('')}$`, 'u');
  return strict([text], ([value]) => (typeof value === 'string' ? whole.test(value) : undefined));
}

/** An operator that needs all its operands: unknown as soon as one is, or where it would err. */
function strict(operands: readonly Compiled[], operation: Operation): Compiled {
  return (facts) => {
    const known: Known[] = [];
    let unknown: Unknown | undefined;
    for (const operand of operands) {
      const value = operand(facts);
      if (value instanceof Unknown) unknown = unknown === undefined ? value : joined(unknown, value);
      else known.push(value);
    }
    return unknown ?? operation(known) ?? ERRS;
  };
}

/** `strict` for two operands. Most rules hold a fact against a literal, which must be quick. */
function pair(left: CedarExpression, right: CedarExpression, operation: Binary, table: FactTable): Compiled {
  const literal = literalIn(right);
  if (literal === undefined) return strictPair(compileOver(left, table), compileOver(right, table), operation);
  const place = placeIn(left, table);
  const fact = place === undefined ? compileOver(left, table) : undefined;
  const [isSameAs, differsFrom] = [BINARY['=='], BINARY['!=']];
  return (facts) => {
    const value = fact === undefined ? facts.at(place as number) : fact(facts);
    // What is no object is known, and texts, numbers and truth facts are the same where they are equal.
    if (typeof value !== 'object') {
      if (operation === isSameAs) return value === literal;
      if (operation === differsFrom) return value !== literal;
      return operation(value, literal) ?? ERRS;
    }
    return value instanceof Unknown ? value : (operation(value, literal) ?? ERRS);
  };
}

function literalIn(expression: CedarExpression): Known | undefined {
  const compiled = 'Value' in expression || 'datetime' in expression || 'duration' in expression;
  const value = compiled ? compileOver(expression, new FactTable())(NO_FACTS) : undefined;
  return value instanceof Unknown ? undefined : value;
}

function strictPair(left: Compiled, right: Compiled, operation: Binary): Compiled {
  return (facts) => {
    const first = left(facts);
    const second = right(facts);
    if (first instanceof Unknown) return joined(first, second);
    if (second instanceof Unknown) return second;
    return operation(first, second) ?? ERRS;
  };
}

/** Whether a set holds nothing: no as soon as a part of it is known. */
function emptiness(set: Compiled): Compiled {
  return (facts) => {
    const found = set(facts);
    if (found instanceof PartlyKnown && found.known.length > 0) return false;
    if (found instanceof Unknown) return found;
    return Array.isArray(found) ? found.length === 0 : ERRS;
  };
}

/** Whether a set holds something: yes as soon as its known part does. */
function membership(set: Compiled, items: Compiled, holds: Binary): Compiled {
  return (facts) => {
    const found = set(facts);
    const wanted = items(facts);
    if (wanted instanceof Unknown) return found instanceof Unknown ? joined(found, wanted) : wanted;
    if (found instanceof PartlyKnown && holds(found.known, wanted) === true) return true;
    return found instanceof Unknown ? found : (holds(found, wanted) ?? ERRS);
  };
}

const ERRS = new Unknown([]);
const NO_FACTS = new FactsAsked(0, () => ERRS);

function joined(unknown: Unknown, other: Value): Unknown {
  if (!(other instanceof Unknown) || other === unknown) return unknown;
  return new Unknown([...new Set([...unknown.paths, ...other.paths])]);
}

function isSame(left: Known, right: Known): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.every((item) => right.includes(item)) && right.every((item) => left.includes(item));
  }
  return left === right;
}

function literalOf(operator: 'datetime' | 'duration', operand: unknown): number {
  const text = ((operand as CedarExpression[])[0] ?? {})['Value'];
  const value = typeof text !== 'string' ? NaN : operator === 'datetime' ? datetime(text) : duration(text);
  if (Number.isNaN(value)) throw new UnsupportedExpression(`${operator} needs a literal such as ${EXAMPLES[operator]}`);
  return value;
}

const EXAMPLES = { datetime: '"2026-02-17" or "2026-02-17T00:00:00Z"', duration: '"90d" or "48h"' };

function datetime(text: string): number {
  try {
    const whole = text.includes('T') ? text : `${text}T00:00:00Z`;
    return Temporal.Instant.from(whole).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return NaN;
    throw error;
  }
}

function duration(text: string): number {
  const parts = /^(-)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (parts === null || text === '' || text === '-') return NaN;
  const [, sign, ...units] = parts;
  const scale = [86_400_000, 3_600_000, 60_000, 1000, 1];
  const size = scale.reduce((sum, each, index) => sum + each * Number(units[index] ?? 0), 0);
  return sign === '-' ? -size : size;
}

function unsupported(operator: string): string {
  if (operator === 'has') {
    return '"has" would read an unknown fact as "no"; name the fact, and the evaluator asks for it where it is unknown';
  }
  return `the operator "${operator}" has no meaning here when a fact is unknown; use && || ! == < <= contains like offset`;
}
