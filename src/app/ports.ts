import type { ScenarioFile } from '../domain/decision/scenario.ts';
import type { Result } from '../domain/failure.ts';
import type { Pack } from '../domain/law/pack.ts';

/** Where rule packs come from. */
export interface RulePacks {
  /** The built packs of a jurisdiction's every prefix, `us` first: what an answer is made from. */
  readonly packsFor: (jurisdiction: string) => Result<Pack[]>;
  /** All packs, built anew from their sources, with every fault in them named. */
  readonly build: () => Promise<Result<Pack[]>>;
  /** Keeps what was built; paths of the packs that changed by it. */
  readonly keep: (packs: readonly Pack[]) => string[];
  /** Paths of the packs whose kept build is not what their sources say. */
  readonly stale: (packs: readonly Pack[]) => string[];
  /** Policy files that Cedar's formatter would write otherwise; with `mend` they are rewritten. */
  readonly unformatted: (mend: boolean) => Promise<string[]>;
  /** Writes a new pack's files, all or none; refused where the folder is there already. */
  readonly create: (path: string, files: ReadonlyMap<string, string>) => Result<string>;
  /** Scenarios at a path; those of the packs themselves where none is given. */
  readonly scenarios: (path?: string) => Result<ScenarioFile[]>;
}

/** A folder of generated pages and nothing else. */
export interface PageFolder {
  /** Paths whose text is not what it must be: to write, or, where they should not be there, to remove. */
  readonly drift: (pages: ReadonlyMap<string, string>) => string[];
  readonly write: (pages: ReadonlyMap<string, string>) => void;
}

/** One generated page, in a folder that also holds others. */
export interface Page {
  /** As it is named in messages. */
  readonly path: string;
  readonly isCurrent: (text: string) => boolean;
  readonly write: (text: string) => void;
}

/** Where case documents come from: files, or standard input where the path is `-`. */
export interface CaseSource {
  /** The whole text of one document. */
  readonly read: (path: string) => Promise<Result<string>>;
  /** The lines of a file of one case a line, numbered from 1, blank ones left out; never the whole file at once. */
  readonly lines: (path: string) => AsyncIterable<Result<{ readonly line: number; readonly text: string }>>;
}
