/** Ends the reading of a workbook from deep inside a stream; the reader turns it into a failure with the path. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
