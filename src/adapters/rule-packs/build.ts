import { parseDocument, type Document } from 'yaml';
import { failed, ok, type Failure, type Result } from '../../domain/failure.ts';
import type { Authority, HolidayList, Pack, Rule } from '../../domain/law/pack.ts';
import { parseCedar, type ParsedRule } from './cedar.ts';
import { manifest, type Manifest } from './manifest.ts';
import { failureAt, hashOf, type PackSources, type SourceFile } from './source.ts';

/** What a pack may lean on: authorities and choices of the packs above it. */
export interface Inherited {
  readonly authorities: readonly Authority[];
  readonly choices: readonly string[];
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Builds one pack, or names every fault in it with file, line and column. */
export function buildPack(sources: PackSources, schema: string, inherited: Inherited): Result<Pack> {
  const parsed = parseManifest(sources);
  if (!parsed.ok) return parsed;
  const { document, value } = parsed.value;
  const policies = sources.policies.map((file) => ({ file, ...parseCedar(file, schema) }));
  const failures = policies.flatMap((each) => each.failures);
  const authorities = new Map([...inherited.authorities, ...value.authorities].map((each) => [each.citation, each]));
  const cite = (citations: readonly string[], where: string): string | undefined => {
    for (const citation of citations.filter((each) => !authorities.has(each))) {
      failures.push({
        code: 'invalid-rule',
        where,
        message: `cites "${citation}", which no authority of this pack or of one above states; add it to pack.yaml`,
      });
    }
    const doubts = citations.flatMap((each) => authorities.get(each)?.doubt ?? []);
    return doubts.length === 0 ? undefined : [...new Set(doubts)].join('; ');
  };
  const at = (path: (string | number)[]): string => failureAt(sources.manifest, offsetIn(document, path), '').where;
  const rules = policies.flatMap(({ file, rules }) => rules.map((rule) => ruleOf(rule, file, cite)));
  const dated = <T extends { cite: string; from: number; until?: number | undefined }>(
    list: string,
    items: readonly T[],
  ) =>
    items.map((item, index) => {
      const where = at([list, index]);
      if (item.until !== undefined && item.until <= item.from) {
        failures.push({
          code: 'invalid-rule',
          where,
          message: 'until is the first day no longer in force: later than from',
        });
      }
      const { cite: citations, ...rest } = item;
      return { ...rest, citation: citations, doubt: cite(splitCitations(citations), where) };
    });
  const pack: Pack = {
    format: 1,
    path: sources.path,
    title: value.title,
    alsoCalled: value.alsoCalled,
    // What lies below is known only once the whole tree is built.
    placesBelow: [],
    version: value.version,
    sha256: hashOf(sources),
    authorities: value.authorities,
    rules,
    limits: dated('limits', value.limits).map(({ untilTime, ...limit }) => ({
      ...limit,
      ...(untilTime === undefined ? {} : { untilMinute: minuteOf(untilTime) }),
    })),
    outProcessing: dated('outProcessing', value.outProcessing),
    terminationNotice: dated('terminationNotice', value.terminationNotice),
    duties: dated('duties', value.duties),
    convictionClasses: dated('convictionClasses', value.convictionClasses),
    issuers: dated('issuers', value.issuers),
    warrantBoxes: dated('warrantBoxes', value.warrantBoxes),
    custodyForms: dated('custodyForms', value.custodyForms),
    choices: value.choices.map(({ cite: citation, ...rest }, index) => {
      cite(splitCitations(citation), at(['choices', index]));
      return { ...rest, citation };
    }),
    decisions: value.decisions,
    holidays: dated('holidays', value.holidays).map(holidayList),
    defaultDeny: value.defaultDeny && {
      id: value.defaultDeny.id,
      citation: value.defaultDeny.cite,
      title: value.defaultDeny.title,
    },
  };
  failures.push(...identityFailures(pack, sources, at, inherited));
  return failures.length > 0 ? failed(...failures) : ok(pack);
}

function ruleOf(
  { cite: citations, place, ...rule }: ParsedRule,
  file: SourceFile,
  cite: (citations: readonly string[], where: string) => string | undefined,
): Rule {
  return {
    ...rule,
    citation: citations.join('; '),
    doubt: cite(citations, place),
    file: file.name.slice(file.name.lastIndexOf('/') + 1),
  };
}

/** Ids are the names of law: below the pack's own jurisdiction, and each used once. */
function identityFailures(
  pack: Pack,
  sources: PackSources,
  at: (path: (string | number)[]) => string,
  inherited: Inherited,
): Failure[] {
  const failures: Failure[] = [];
  const prefix = `${pack.path.replaceAll('/', '.')}.`;
  const seen = new Set<string>();
  const named = [...pack.rules, ...pack.limits, ...pack.duties, ...pack.choices];
  for (const { id } of named) {
    const file = sources.policies.find(({ text }) => text.includes(`@id("${id}")`));
    const where = file ? failureAt(file, file.text.indexOf(`@id("${id}")`), '').where : at([]);
    if (!id.startsWith(prefix))
      failures.push({ code: 'invalid-rule', where, message: `the id ${id} must begin with ${prefix}` });
    if (seen.has(id))
      failures.push({
        code: 'invalid-rule',
        where,
        message: `the id ${id} is used twice; every rule has a name of its own`,
      });
    seen.add(id);
  }
  const choices = new Set([...inherited.choices, ...pack.choices.map((choice) => choice.id)]);
  for (const [index, { choice }] of pack.decisions.entries()) {
    if (!choices.has(choice)) {
      failures.push({
        code: 'invalid-rule',
        where: at(['decisions', index]),
        message: `decides ${choice}, which is no choice of this pack or of one above`,
      });
    }
  }
  return failures;
}

function parseManifest(sources: PackSources): Result<{ document: Document; value: Manifest }> {
  const file = sources.manifest;
  const document = parseDocument(file.text, { prettyErrors: false });
  if (document.errors.length > 0) {
    return { ok: false, failures: document.errors.map((error) => failureAt(file, error.pos[0], error.message)) };
  }
  const parsed = manifest.safeParse(document.toJS());
  if (!parsed.success) {
    const failures = parsed.error.issues.map((issue) => {
      const path = issue.path as (string | number)[];
      const keys = issue.code === 'unrecognized_keys' ? ` (${issue.keys.join(', ')})` : '';
      return failureAt(file, offsetIn(document, path), `${path.join('.')}: ${issue.message}${keys}`);
    });
    return { ok: false, failures };
  }
  if (parsed.data.jurisdiction !== sources.path) {
    return failed(
      failureAt(file, offsetIn(document, ['jurisdiction']), `jurisdiction must be the folder: ${sources.path}`),
    );
  }
  return ok({ document, value: parsed.data });
}

/** Where a path of the document stands; the nearest parent that is there, where it is missing. */
function offsetIn(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

function splitCitations(citations: string): string[] {
  return citations.split(';').map((each) => each.trim());
}

/** `23:59` as minutes since midnight. */
function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

function holidayList(list: Omit<HolidayList, 'days'> & { days: Manifest['holidays'][number]['days'] }): HolidayList {
  return {
    citation: list.citation,
    from: list.from,
    until: list.until,
    days: list.days.map(({ weekday, nth, ...day }) => ({
      ...day,
      ...(weekday === undefined ? {} : { weekday: WEEKDAYS.indexOf(weekday) }),
      ...(nth === undefined ? {} : { nth: nth === 'last' ? -1 : nth }),
    })),
  };
}
