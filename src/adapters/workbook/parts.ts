import type { WorkbookLimits } from './limits.ts';
import { Refusal } from './refusal.ts';
import { readXml, type Attributes } from './xml.ts';
import type { ZipParts } from './zip-parts.ts';

/** Target addresses of a part's relationships, by id. */
export async function readRelationships(parts: ZipParts, part: string): Promise<ReadonlyMap<string, string>> {
  const slash = part.lastIndexOf('/');
  const name = `${part.slice(0, slash + 1)}_rels/${part.slice(slash + 1)}.rels`;
  const targets = new Map<string, string>();
  if (!parts.has(name)) return targets;
  await readXml(name, parts.text(name), {
    open: (tag, { Id, Target }) => {
      if (tag === 'Relationship' && Id !== undefined && Target !== undefined) targets.set(Id, Target);
    },
  });
  return targets;
}

/** The table of texts that cells refer to by number. Readings of Asian characters (`rPh`) are no part of a text. */
export async function readSharedStrings(parts: ZipParts, limits: WorkbookLimits): Promise<readonly string[]> {
  const name = 'xl/sharedStrings.xml';
  const texts: string[] = [];
  if (!parts.has(name)) return texts;
  let current = '';
  let inText = false;
  let phonetic = false;
  await readXml(name, parts.text(name), {
    open: (tag) => {
      if (tag === 'si') current = '';
      if (tag === 'rPh') phonetic = true;
      if (tag === 't') inText = !phonetic;
    },
    text: (text) => {
      if (inText) current += text;
      if (current.length > limits.cellLetters) throw new Refusal(`its text no. ${texts.length} is too long`);
    },
    close: (tag) => {
      if (tag === 't') inText = false;
      if (tag === 'rPh') phonetic = false;
      if (tag === 'si') texts.push(current);
      if (texts.length > limits.cells) throw new Refusal(`it holds more than ${limits.cells} texts`);
    },
  });
  return texts;
}

export interface WorkbookPart {
  readonly datesFrom1904: boolean;
  readonly sheets: readonly { readonly name: string; readonly relationship: string }[];
}

export async function readWorkbookPart(parts: ZipParts): Promise<WorkbookPart> {
  const name = 'xl/workbook.xml';
  const sheets: { name: string; relationship: string }[] = [];
  let datesFrom1904 = false;
  await readXml(name, parts.text(name), {
    open: (tag, attributes) => {
      if (tag === 'workbookPr') datesFrom1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (tag === 'sheet')
        sheets.push({ name: attributes['name'] ?? '', relationship: relationshipOf(attributes) ?? '' });
    },
  });
  return { datesFrom1904, sheets };
}

/** `dcterms:modified`: when the workbook was last saved. */
export async function readModified(parts: ZipParts): Promise<string | undefined> {
  const name = 'docProps/core.xml';
  if (!parts.has(name)) return undefined;
  let current: string | undefined;
  let modified = '';
  await readXml(name, parts.text(name), {
    open: (tag) => (current = tag),
    text: (text) => {
      if (current === 'modified') modified += text;
    },
    close: () => (current = undefined),
  });
  return modified.trim() === '' ? undefined : modified.trim();
}

/** `r:id`, whatever prefix the writer chose for the namespace of relationships. */
export function relationshipOf(attributes: Attributes): string | undefined {
  const key = Object.keys(attributes).find((each) => each.endsWith(':id'));
  return key === undefined ? undefined : attributes[key];
}
