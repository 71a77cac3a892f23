/** Spaces of every kind made one, ends trimmed, invisible letters gone: ICE's cells end in blanks and no-break spaces. */
export function squeezed(text: string): string {
  return text
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Typographic apostrophes made plain. */
export function plainApostrophes(text: string): string {
  return text.replace(/[\u2018\u2019\u02bc\u00b4`]/g, "'");
}

/** Accents off, lower case: for comparing, never for showing. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * How many letters must be added, dropped, replaced or swapped with their neighbour to make one text of the other
 * (optimal string alignment); `limit + 1` as soon as it is certainly more than `limit`.
 */
export function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = nextRow(left, right, row, above, before);
    if (Math.min(...current) > limit) return limit + 1;
    before = above;
    above = current;
  }
  return at(above, right.length);
}

function nextRow(
  left: string,
  right: string,
  row: number,
  above: readonly number[],
  before: readonly number[],
): number[] {
  const current = [row];
  for (let column = 1; column <= right.length; column += 1) {
    const replaced = at(above, column - 1) + (left[row - 1] === right[column - 1] ? 0 : 1);
    let best = Math.min(at(above, column) + 1, at(current, column - 1) + 1, replaced);
    const swapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
    if (swapped) best = Math.min(best, at(before, column - 2) + 1);
    current.push(best);
  }
  return current;
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

/** The one candidate nearest to the text, if it is near enough and no other is as near. */
export function uniqueNearest(text: string, candidates: readonly string[], limit: number): string | undefined {
  let best = limit + 1;
  let nearest: string | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(text, candidate, limit);
    if (distance > best || distance > limit) continue;
    nearest = distance === best ? undefined : candidate;
    best = distance;
  }
  return nearest;
}
