import type { DatedList } from './list.ts';

/** Everything the registry keeps: lists as printed. Agreements are read out of them, never stored. */
export interface RegistryHistory {
  readonly lists: readonly DatedList[];
}

export const EMPTY_HISTORY: RegistryHistory = { lists: [] };
