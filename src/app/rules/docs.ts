import type { ScenarioFile } from '../../domain/decision/scenario.ts';
import type { Authority, Pack } from '../../domain/law/pack.ts';
import { catalogue, type Entry } from './catalogue.ts';

/**
 * The pages of docs/law, made from the packs and nothing else: an index, a page a pack, and a page an authority.
 * Path below docs/law → text.
 */
export function lawPages(packs: readonly Pack[], files: readonly ScenarioFile[]): Map<string, string> {
  const entries = catalogue(packs, files);
  const pages = new Map<string, string>([['README.md', indexPage(packs, entries)]]);
  for (const pack of packs) {
    const own = entries.filter((entry) => entry.pack === pack.path);
    pages.set(`${pack.path}/README.md`, packPage(pack, own));
    for (const authority of pack.authorities) {
      const citing = entries.filter((entry) => entry.authorities.some((each) => each.citation === authority.citation));
      pages.set(`${pack.path}/${authority.id}.md`, authorityPage(pack, authority, citing));
    }
  }
  return pages;
}

const NOTE = '<!-- Made by `writkeeper rules docs` from rule-packs/. Edit the packs, not this page. -->\n';

function indexPage(packs: readonly Pack[], entries: readonly Entry[]): string {
  const rows = packs.map((pack) => {
    const rules = entries.filter((entry) => entry.pack === pack.path && entry.kind === 'rule').length;
    const open = pack.authorities.filter((each) => !each.confirmed).length;
    return `| [${pack.title}](${pack.path}/README.md) | ${pack.version} | ${rules} | ${pack.authorities.length} | ${open} |`;
  });
  return [
    NOTE,
    '# The law that Writkeeper applies\n',
    'Each page says which source a rule rests on, from when to when, and whether the source was read. Unconfirmed sources are marked here and in every answer that uses them. This is no legal advice: county counsel signs off every pack.\n',
    '| Jurisdiction | Version | Rules | Authorities | of them unconfirmed |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function packPage(pack: Pack, entries: readonly Entry[]): string {
  const authorities = pack.authorities.map(
    (each) => `- [${each.citation}](${each.id}.md)${each.confirmed ? '' : ' · unconfirmed'}`,
  );
  const decisions = pack.decisions.map(
    (each) => `- ${each.choice}: ${each.on ? 'on' : 'off'}, decided by ${each.decidedBy}. ${each.note}`,
  );
  return [
    NOTE,
    `# ${pack.title}\n`,
    `Rule pack \`${pack.path}\`, version ${pack.version}.\n`,
    ...section('Rules', entriesOf(entries, 'rule')),
    ...section('Limits of the clock', entriesOf(entries, 'limit')),
    ...section('Duties', entriesOf(entries, 'duty')),
    ...section('Conviction classes', entriesOf(entries, 'conviction class')),
    ...section('Choices left to counsel', entriesOf(entries, 'choice')),
    ...section('Decisions of counsel', decisions),
    ...section('Authorities', authorities),
  ].join('\n');
}

function entriesOf(entries: readonly Entry[], kind: Entry['kind']): string[] {
  const own = entries.filter((entry) => entry.kind === kind);
  if (own.length === 0) return [];
  return [
    '| | In force | Effect | Acts |',
    '| --- | --- | --- | --- |',
    ...own.map(
      (entry) =>
        `| ${cell(entry.title)} \`${entry.id}\` | ${datesOf(entry)} | ${cell(entry.effect)} | ${entry.acts.join(', ')} |`,
    ),
  ];
}

function authorityPage(pack: Pack, authority: Authority, citing: readonly Entry[]): string {
  return [
    NOTE,
    `# ${authority.citation}\n`,
    `${authority.text}\n`,
    `- Kind: ${authority.kind}`,
    `- Jurisdiction: [${pack.title}](README.md)`,
    ...(authority.link === undefined ? [] : [`- Source: <${authority.link}>`]),
    authority.confirmed ? '- Confirmed: the source was read.' : `- **Unconfirmed**: ${authority.doubt ?? ''}.`,
    '',
    ...(citing.length === 0 ? ['No rule cites it yet.\n'] : citing.flatMap(entryOf)),
  ].join('\n');
}

function entryOf(entry: Entry): string[] {
  return [
    `## ${entry.title}\n`,
    `\`${entry.id}\` · ${entry.kind} · ${entry.effect}${entry.acts.length === 0 ? '' : `: ${entry.acts.join(', ')}`} · in force ${datesOf(entry)}\n`,
    ...(entry.conditions.length === 0
      ? []
      : ['It speaks where all of this is so:\n', ...entry.conditions.map((each) => `- ${each}`), '']),
    ...(entry.scenarios.length === 0
      ? []
      : [
          'Scenarios:\n',
          ...entry.scenarios.map(({ name, outcome }) => `- ${name}: **${outcome ?? 'see the file'}**`),
          '',
        ]),
  ];
}

function datesOf({ from, until }: Entry): string {
  if (from === undefined) return 'always';
  return until === undefined ? `from ${from}` : `from ${from} until before ${until}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}\n`, ...lines, ''];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
