import { ACTS, concernsPerson, type Act } from '../case/case.ts';
import { holidayCalendar, type IsHoliday } from '../time/holidays.ts';
import type { Day } from '../time/instant.ts';
import { compileOver, FactTable, type Compiled } from './evaluate.ts';
import { issuerIndex, type IssuerIndex } from './issuers.ts';
import type { ConvictionClass, Dated, DefaultDeny, Duty, Limit, Pack, Rule } from './pack.ts';

/** The law of one jurisdiction on one day: only what is in force then, compiled. */
export interface LawInForce {
  readonly packs: readonly Pack[];
  readonly forbids: ReadonlyMap<Act, readonly CompiledRule[]>;
  readonly permits: ReadonlyMap<Act, readonly CompiledRule[]>;
  readonly limits: readonly Limit[];
  /** Hours that an ordinary release takes: the nearest jurisdiction's word, none without one. */
  readonly outProcessing: number;
  /** Days that an agreement runs after notice of its termination; undefined: no law says that notice ends one. */
  readonly noticeDays: number | undefined;
  /** The duties shown with each act. */
  readonly duties: ReadonlyMap<Act, readonly Duty[]>;
  readonly convictionClasses: ReadonlyMap<string, ConvictionClass>;
  readonly issuers: IssuerIndex;
  /** Form → the grounds that it prints; the nearest jurisdiction's list. */
  readonly warrantBoxes: ReadonlyMap<string, readonly string[]>;
  /** Counsel's choices that are on. */
  readonly counsel: readonly string[];
  readonly isHoliday: IsHoliday;
  readonly defaultDeny: DefaultDeny;
  /** Whether a pack speaks for the state; without one its law is unread, which is not silence. */
  readonly stateLawRead: boolean;
  /** No pack speaks for a county or city: none is named, or there is none for the one that is. */
  readonly localLawUnread: boolean;
  /** Every name of the counties and cities with a pack that is not among `packs`: their law is there and was not read. */
  readonly unreadPlaces: readonly string[];
}

export interface CompiledRule {
  readonly rule: Rule;
  /** True, false or unknown: whether the rule speaks to the facts. */
  readonly holds: Compiled;
}

/** `us/fl/monroe-county` → `us`, `us/fl`, `us/fl/monroe-county`. */
export function prefixesOf(jurisdiction: string): string[] {
  const names = jurisdiction.split('/');
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

/** The packs of a jurisdiction's every prefix, also where its county is called by another name. */
export function packsFor(all: readonly Pack[], jurisdiction: string): Pack[] {
  const prefixes = prefixesOf(jurisdiction);
  return all.filter((pack) => prefixes.includes(pack.path) || isAlsoCalled(pack, jurisdiction));
}

export function isAlsoCalled({ path, alsoCalled }: Pack, jurisdiction: string): boolean {
  const above = path.slice(0, path.lastIndexOf('/') + 1);
  return jurisdiction.startsWith(above) && alsoCalled.includes(jurisdiction.slice(above.length));
}

/** Every name of a pack's place, as jurisdictions and agencies write it. */
export function namesOf({ path, alsoCalled }: Pack): string[] {
  const above = path.slice(0, path.lastIndexOf('/') + 1);
  return [path, ...alsoCalled.map((name) => `${above}${name}`)];
}

export function isNameOf(pack: Pack, place: string): boolean {
  return pack.path === place || isAlsoCalled(pack, place);
}

export function isInForce(dated: Dated, day: Day): boolean {
  return dated.from <= day && (dated.until === undefined || day < dated.until);
}

/** The form by which ICE asked for custody on a day. @throws where no pack says. */
export function custodyFormsOf(packs: readonly Pack[]): (day: Day) => string {
  const forms = packs.flatMap((pack) => pack.custodyForms);
  return (day) => {
    const found = forms.find((each) => isInForce(each, day));
    if (found === undefined) throw new Error('no rule pack states by which form ICE asked for custody (custodyForms)');
    return found.form;
  };
}

/**
 * The law of a jurisdiction, ready to be asked for any day. Days between two dates of the packs have the same law,
 * so it is compiled once for each such stretch.
 */
export function lawOf(packs: readonly Pack[], jurisdiction: string): (day: Day) => LawInForce {
  const dates = [...new Set(packs.flatMap(datesOf))].sort((a, b) => a - b);
  const compiled = new Map<number, LawInForce>();
  return (day) => {
    const stretch = countUpTo(dates, day);
    const found = compiled.get(stretch);
    if (found !== undefined) return found;
    const law = lawOn(packs, jurisdiction, day);
    compiled.set(stretch, law);
    return law;
  };
}

export function isLocal(path: string): boolean {
  // Asked in every decision: no list is made for it.
  return path.includes('/', path.indexOf('/') + 1);
}

/** How many of the dates, in order, are no later than the day. */
function countUpTo(dates: readonly number[], day: Day): number {
  let [from, to] = [0, dates.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((dates[middle] ?? 0) <= day) from = middle + 1;
    else to = middle;
  }
  return from;
}

function datesOf(pack: Pack): number[] {
  const dated: Dated[] = [
    ...pack.rules,
    ...pack.limits,
    ...pack.outProcessing,
    ...pack.terminationNotice,
    ...pack.duties,
    ...pack.convictionClasses,
    ...pack.issuers,
    ...pack.warrantBoxes,
    ...pack.decisions,
    ...pack.holidays,
  ];
  return dated.flatMap(({ from, until }) => (until === undefined ? [from] : [from, until]));
}

function lawOn(packs: readonly Pack[], jurisdiction: string, day: Day): LawInForce {
  const inForce = <T extends Dated>(pick: (pack: Pack) => readonly T[]): T[] =>
    packs.flatMap((pack) => pick(pack).filter((each) => isInForce(each, day)));
  const rules = inForce((pack) => pack.rules);
  const counsel = counselOn(inForce((pack) => pack.decisions));
  const defaultDeny = packs.find((pack) => pack.defaultDeny !== undefined)?.defaultDeny;
  if (defaultDeny === undefined) throw new Error('no rule pack states what holds where no rule permits (defaultDeny)');
  const limits = inForce((pack) => pack.limits).filter(
    ({ choice }) => choice === undefined || counsel.includes(choice),
  );
  const displaced = new Set(limits.flatMap((limit) => limit.displaces));
  return {
    packs,
    forbids: byAct(rules.filter((rule) => rule.effect === 'forbid')),
    permits: byAct(rules.filter((rule) => rule.effect === 'permit')),
    limits: limits.filter((limit) => !displaced.has(limit.id)),
    outProcessing: inForce((pack) => pack.outProcessing).at(-1)?.hours ?? 0,
    noticeDays: inForce((pack) => pack.terminationNotice).at(-1)?.days,
    duties: shownWith(inForce((pack) => pack.duties)),
    convictionClasses: new Map(inForce((pack) => pack.convictionClasses).map((each) => [each.code, each])),
    issuers: issuerIndex(inForce((pack) => pack.issuers)),
    warrantBoxes: new Map(
      inForce((pack) => pack.warrantBoxes).flatMap(({ forms, boxes }) => forms.map((form) => [form, boxes])),
    ),
    counsel,
    isHoliday: holidayCalendar(inForce((pack) => pack.holidays).flatMap((list) => list.days)),
    defaultDeny,
    unreadPlaces: unreadPlacesOf(packs),
    localLawUnread: !packs.some((pack) => isLocal(pack.path)),
    stateLawRead: packs.some((pack) => pack.path === prefixesOf(jurisdiction)[1]),
  };
}

function unreadPlacesOf(packs: readonly Pack[]): string[] {
  return packs.flatMap((pack) => pack.placesBelow).filter((name) => !packs.some((pack) => isNameOf(pack, name)));
}

// Facts are worked out once for all acts on a person, which the answer to one asks about together.
const OF_PERSON = new FactTable();
const OF_AGENCY = new FactTable();

/** The facts that the rules of an act read, each at its place; whatever the jurisdiction. */
export function factTable(act: Act): FactTable {
  return concernsPerson(act) ? OF_PERSON : OF_AGENCY;
}

// Federal rules stand in the law of every county and of every stretch of dates: compiled anew for each, they would fill
// the processor's cache with copies, and a batch over many counties would spend its time waiting for memory.
const compiledRules = new WeakMap<Rule, Map<FactTable, CompiledRule>>();

function compiledRule(rule: Rule, act: Act): CompiledRule {
  const facts = factTable(act);
  const tables = compiledRules.get(rule) ?? new Map<FactTable, CompiledRule>();
  compiledRules.set(rule, tables);
  const known = tables.get(facts) ?? { rule, holds: conjunction(rule, facts) };
  tables.set(facts, known);
  return known;
}

function conjunction(rule: Rule, facts: FactTable): Compiled {
  const [first, ...rest] = rule.conditions;
  if (first === undefined) return () => true;
  return compileOver(
    rest.reduce((left, right) => ({ '&&': { left, right } }), first),
    facts,
  );
}

function shownWith(duties: readonly Duty[]): ReadonlyMap<Act, readonly Duty[]> {
  const isShownWith = (act: Act, { acts }: Duty): boolean =>
    acts.length === 0 ? concernsPerson(act) : acts.includes(act);
  return new Map(ACTS.map((act) => [act, duties.filter((duty) => isShownWith(act, duty))]));
}

function byAct(rules: readonly Rule[]): ReadonlyMap<Act, readonly CompiledRule[]> {
  return new Map(
    ACTS.map((act) => [act, rules.filter((rule) => rule.acts.includes(act)).map((rule) => compiledRule(rule, act))]),
  );
}

/** The nearest jurisdiction's decision wins: packs come `us` first. */
function counselOn(decisions: readonly { choice: string; on: boolean }[]): string[] {
  const last = new Map(decisions.map(({ choice, on }) => [choice, on]));
  return [...last].filter(([, on]) => on).map(([choice]) => choice);
}
