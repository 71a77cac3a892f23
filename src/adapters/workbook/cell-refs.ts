/** A cell's place; columns count from 1. */
export interface Place {
  readonly column: number;
  readonly row: number;
}

/** `D17` → column 4, row 17; undefined for what is no cell. */
export function placeOf(ref: string): Place | undefined {
  const [, letters = '', row = ''] = /^\$?([A-Z]{1,3})\$?([1-9]\d{0,6})$/.exec(ref) ?? [];
  if (letters === '') return undefined;
  const column = Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
  return { column, row: Number(row) };
}

export function columnName(column: number): string {
  let name = '';
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  }
  return name;
}

/** A link stands on one cell or on a block of them (`A1:B9`). */
export interface LinkArea {
  readonly from: Place;
  readonly to: Place;
  readonly target: string;
}

export function linkArea(ref: string, target: string): LinkArea | undefined {
  const [first = '', last = first] = ref.split(':');
  const from = placeOf(first);
  const to = placeOf(last);
  return from && to && { from, to, target };
}

/** Looks links up by cell; single cells, which is what ICE makes, cost nothing. */
export function linkFinder(areas: readonly LinkArea[]): (place: Place) => string | undefined {
  const single = new Map(areas.filter(isSingle).map(({ from, target }) => [keyOf(from), target]));
  const blocks = areas.filter((area) => !isSingle(area));
  return (place) => single.get(keyOf(place)) ?? blocks.find((area) => covers(area, place))?.target;
}

function isSingle({ from, to }: LinkArea): boolean {
  return from.column === to.column && from.row === to.row;
}

function covers({ from, to }: LinkArea, { column, row }: Place): boolean {
  return column >= from.column && column <= to.column && row >= from.row && row <= to.row;
}

function keyOf({ column, row }: Place): string {
  return `${column}:${row}`;
}
