/** Bounds that keep a hostile or damaged file from taking the machine. ICE's largest list: 150 kB, 1 MB unpacked, 9,000 cells. */
export interface WorkbookLimits {
  /** Bytes of the file, looked at before it is read. */
  readonly fileBytes: number;
  /** Bytes of all parts together once unpacked, counted while they come out. */
  readonly unpackedBytes: number;
  /** Unpacked to packed bytes; XML of real lists reaches 25. */
  readonly ratio: number;
  /** Below this many unpacked bytes the ratio does not count: a tiny part may well be 1:500. */
  readonly ratioFromBytes: number;
  readonly parts: number;
  /** Cells with a value, over all sheets. */
  readonly cells: number;
  /** Links that stand on a block of cells instead of one. */
  readonly linkBlocks: number;
  /** Letters in one cell; Excel itself allows 32,767. */
  readonly cellLetters: number;
}

export const LIMITS: WorkbookLimits = {
  fileBytes: 32 * 1024 * 1024,
  unpackedBytes: 128 * 1024 * 1024,
  ratio: 200,
  ratioFromBytes: 1024 * 1024,
  parts: 2_000,
  cells: 1_000_000,
  linkBlocks: 1_000,
  cellLetters: 32_767,
};
