import type { Entry } from './catalogue.ts';

/** A piece of law in words, for whoever asks "why". */
export function explained(entry: Entry): string {
  const scenarios = entry.scenarios.map(({ name, outcome }) => `  ${(outcome ?? '').padEnd(13)} ${name}`);
  return [
    entry.title,
    `${entry.id} (${entry.kind} of ${entry.pack})`,
    '',
    `Effect     ${entry.effect}${entry.acts.length === 0 ? '' : `: ${entry.acts.join(', ')}`}`,
    ...(entry.from === undefined
      ? []
      : [`In force   from ${entry.from}${entry.until === undefined ? '' : `, until before ${entry.until}`}`]),
    '',
    'Authority',
    ...entry.authorities.flatMap(({ citation, text, link, doubt }) => [
      `  ${citation}`,
      `    ${text}`,
      ...(link === undefined ? [] : [`    ${link}`]),
      ...(doubt === undefined ? [] : [`    UNCONFIRMED: ${doubt}`]),
    ]),
    ...listed('It speaks where all of this is so', entry.conditions),
    ...listed('Facts it needs', entry.facts),
    ...(scenarios.length === 0 ? [] : ['', 'Scenarios', ...scenarios]),
    ...(entry.source === undefined ? [] : ['', ...entry.source.split('\n').map((line) => `  ${line}`)]),
    '',
  ].join('\n');
}

/** Ids near to one that is not there, nearest first. */
export function nearTo(id: string, entries: readonly Entry[]): string[] {
  const words = id.split(/[.-]/);
  return entries
    .map((entry) => ({ id: entry.id, shared: words.filter((word) => word !== 'us' && entry.id.includes(word)).length }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared || (a.id < b.id ? -1 : 1))
    .slice(0, 5)
    .map((each) => each.id);
}

function listed(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${line}`)];
}
