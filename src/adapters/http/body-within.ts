/**
 * The body of an answer, read piece by piece and given up as soon as it is longer than whoever asked can use: the other
 * side may be hostile, and its answer without end.
 * @returns undefined where it is longer.
 */
export async function bodyWithin({ body }: Response, longest: number): Promise<Uint8Array | undefined> {
  if (body === null) return new Uint8Array(0);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > longest) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
