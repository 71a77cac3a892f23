import { canonicalJson } from '../../domain/case/canonical.ts';
import type { Pack } from '../../domain/law/pack.ts';
import { isoOfDay, type Day } from '../../domain/time/instant.ts';

/** One difference between two states of the law. */
export interface Change {
  readonly change: 'added' | 'removed' | 'changed';
  readonly kind: string;
  readonly id: string;
  /** For a change: each part that differs, as it was and as it is. */
  readonly parts: readonly { readonly part: string; readonly before: string; readonly after: string }[];
}

type Item = Readonly<Record<string, unknown>>;

const KINDS = [
  'rules',
  'limits',
  'duties',
  'convictionClasses',
  'issuers',
  'warrantBoxes',
  'custodyForms',
  'choices',
  'decisions',
  'holidays',
  'authorities',
] as const;

/** What changed from one set of packs to another, in order of kind and name. Where a rule stands in its file is no change. */
export function differencesOf(before: readonly Pack[], after: readonly Pack[]): Change[] {
  return KINDS.flatMap((kind) => {
    const old = namedItems(before, kind);
    const now = namedItems(after, kind);
    const ids = [...new Set([...old.keys(), ...now.keys()])].sort();
    return ids.flatMap((id) => changeOf(kind, id, old.get(id), now.get(id)));
  });
}

function namedItems(packs: readonly Pack[], kind: (typeof KINDS)[number]): Map<string, Item> {
  const entries = packs.flatMap((pack) =>
    (pack[kind] as readonly unknown[] as Item[]).map((item) => [nameOf(item, kind), item] as const),
  );
  return new Map(entries);
}

function nameOf(item: Item, kind: string): string {
  const name = item['id'] ?? item['code'] ?? item['choice'] ?? item['form'] ?? item['citation'];
  // Lists without a name of their own (issuing titles, boxes, holidays) are told apart by what they are about.
  return kind === 'issuers' || kind === 'warrantBoxes'
    ? `${String(name)} ${canonicalJson(item['forms'])}`
    : String(name);
}

function changeOf(kind: string, id: string, before: Item | undefined, after: Item | undefined): Change[] {
  if (before === undefined) return [{ change: 'added', kind, id, parts: [] }];
  if (after === undefined) return [{ change: 'removed', kind, id, parts: [] }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !IGNORED.includes(name))
    .sort();
  const parts = names
    .map((part) => ({ part, before: shown(part, before[part]), after: shown(part, after[part]) }))
    .filter((each) => each.before !== each.after);
  return parts.length === 0 ? [] : [{ change: 'changed', kind, id, parts }];
}

/** `source` says in words what `conditions` say in JSON. */
const IGNORED = ['conditions', 'file'];

function shown(part: string, value: unknown): string {
  if (value === undefined) return '(none)';
  if (part === 'from' || part === 'until') return isoOfDay(value as Day);
  return typeof value === 'string' ? value : canonicalJson(value);
}
