/**
 * An expected failure: input that cannot be used. It is a value, not an exception, so that whoever calls must look at it.
 * `where` is the reader's way to the spot: a path into the case, a file with line and column, or a sheet and cell.
 */
export interface Failure {
  readonly code: FailureCode;
  readonly where: string;
  /** What happened and what to do, in one sentence that needs no other to be understood. */
  readonly message: string;
}

export type FailureCode =
  | 'unreadable' // the file or stream could not be opened, is too large, or is no such format
  | 'malformed' // it was read, but its shape is wrong: type, key, syntax
  | 'impossible' // the shape is right, but it contradicts itself: order of time, dangling reference
  | 'invalid-rule' // a rule pack that cannot be used
  | 'not-found'; // something named does not exist

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failures: readonly Failure[] };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failed(...failures: Failure[]): Result<never> {
  return { ok: false, failures };
}

/** One line for one failure: `where: message`. */
export function lineOf(failure: Failure): string {
  return failure.where === '' ? failure.message : `${failure.where}: ${failure.message}`;
}
