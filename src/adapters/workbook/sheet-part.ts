import type { CellKind, Sheet, SheetCell, SheetRow } from '../../domain/registry/sheet.ts';
import { columnName, linkArea, linkFinder, placeOf, type LinkArea, type Place } from './cell-refs.ts';
import type { WorkbookLimits } from './limits.ts';
import { readRelationships, relationshipOf } from './parts.ts';
import { Refusal } from './refusal.ts';
import { readXml, type Attributes, type XmlListener } from './xml.ts';
import type { ZipParts } from './zip-parts.ts';

interface OpenCell extends Place {
  readonly type: string;
  text: string;
}

interface Collected {
  readonly cells: OpenCell[];
  readonly links: { readonly ref: string; readonly id: string | undefined; readonly location: string }[];
}

/** Reads one sheet: its cells with their values, and the links that stand on them. */
export async function readSheet(
  parts: ZipParts,
  part: string,
  name: string,
  strings: readonly string[],
  limits: WorkbookLimits,
): Promise<Sheet> {
  const collected: Collected = { cells: [], links: [] };
  await readXml(part, parts.text(part), sheetListener(collected, name, limits));
  const targets = await readRelationships(parts, part);
  const linkAt = linkFinder(areasOf(collected.links, targets, limits));
  const byRow = Map.groupBy(collected.cells, ({ row }) => row);
  const rows: SheetRow[] = [...byRow].map(([number, cells]) => ({
    number,
    cells: cells.map((cell) => sheetCell(cell, name, strings, linkAt(cell))),
  }));
  return { name, rows: rows.toSorted((left, right) => left.number - right.number) };
}

function areasOf(links: Collected['links'], targets: ReadonlyMap<string, string>, limits: WorkbookLimits): LinkArea[] {
  // Each cell is looked up in every block of links, so that many blocks would cost without end.
  const blocks = links.filter(({ ref }) => ref.includes(':')).length;
  if (blocks > limits.linkBlocks)
    throw new Refusal(`it has ${blocks} blocks of links; ${limits.linkBlocks} are allowed`);
  return links.flatMap(({ ref, id, location }) => {
    const target = (id === undefined ? '' : (targets.get(id) ?? '')) + (location === '' ? '' : `#${location}`);
    const area = target === '' ? undefined : linkArea(ref, target);
    return area ? [area] : [];
  });
}

/** Follows the sheet's XML. A row or cell without a reference stands after the one before it. */
function sheetListener(collected: Collected, sheet: string, limits: WorkbookLimits): XmlListener {
  let row = 0;
  let column = 0;
  let cell: OpenCell | undefined;
  let inValue = false;
  return {
    open: (tag, attributes) => {
      if (tag === 'row') {
        row = attributes['r'] === undefined ? row + 1 : Number(attributes['r']);
        column = 0;
      } else if (tag === 'c') {
        cell = openCell(attributes, { row, column: column + 1 }, sheet);
        ({ row, column } = cell);
      } else if (tag === 'hyperlink') {
        const { ref = '', location = '' } = attributes;
        collected.links.push({ ref, id: relationshipOf(attributes), location });
      } else inValue = cell !== undefined && (tag === 'v' || tag === 't');
    },
    text: (text) => {
      if (!cell || !inValue) return;
      cell.text += text;
      if (cell.text.length > limits.cellLetters) throw new Refusal(`${placeName(sheet, cell)}: the cell is too long`);
    },
    close: (tag) => {
      inValue = false;
      if (tag !== 'c' || !cell) return;
      if (cell.text !== '') collected.cells.push(cell);
      cell = undefined;
      if (collected.cells.length > limits.cells)
        throw new Refusal(`with the sheet ${sheet} it has more cells than are read`);
    },
  };
}

function openCell(attributes: Attributes, next: Place, sheet: string): OpenCell {
  const ref = attributes['r'];
  const place = ref === undefined ? next : placeOf(ref);
  if (!place) throw new Refusal(`the sheet ${sheet} has a cell that is nowhere: ${JSON.stringify(ref)}`);
  return { ...place, type: attributes['t'] ?? 'n', text: '' };
}

function sheetCell(cell: OpenCell, sheet: string, strings: readonly string[], link: string | undefined): SheetCell {
  const column = columnName(cell.column);
  const text = cell.type === 's' ? strings[Number(cell.text)] : cell.text;
  if (text === undefined) throw new Refusal(`${placeName(sheet, cell)}: the cell's text is missing from the workbook`);
  const base = { column, kind: kindOf(cell.type), text };
  return link === undefined ? base : { ...base, link };
}

function kindOf(type: string): CellKind {
  if (type === 'n') return 'number';
  if (type === 'e') return 'error';
  return type === 'b' ? 'boolean' : 'text';
}

function placeName(sheet: string, place: Place): string {
  return `${sheet}!${columnName(place.column)}${place.row}`;
}
