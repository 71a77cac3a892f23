import { lineOf, type Failure } from '../domain/failure.ts';

/** What a command may touch of the world around it; `main` gives the real one, tests give a recorder. */
export interface CliContext {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Resolves once the reader of the output has taken what was written, so that a slow one never fills the memory. */
  readonly room: () => Promise<void>;
  /** Whether standard error is a terminal, so that a progress bar helps and does not litter a log. */
  readonly showsProgress: boolean;
  /** Sets the code the process ends with; the last call wins, and nothing is cut off half-written. */
  readonly exitWith: (code: ExitCode) => void;
}

/** 0 done or permitted · 10 prohibited · 20 undetermined · 2 bad input · 1 a check that was asked for failed. */
export type ExitCode = 0 | 1 | 2 | 10 | 20;

/** Bad input: a line for each failure, nothing else, exit 2. */
export function refuse(context: CliContext, failures: readonly Failure[]): void {
  for (const failure of failures) context.err(`${lineOf(failure)}\n`);
  context.exitWith(2);
}
