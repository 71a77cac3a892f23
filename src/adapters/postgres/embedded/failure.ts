/** Why the embedded server is not there. Each code asks something else of the reader; the message says what. */
export type EmbeddedPostgresCode =
  | 'no-package' // npm has no binaries for this system, or left them out
  | 'broken-package' // binaries are there and do not run
  | 'no-system-user' // Writkeeper runs as root, and no unprivileged user is there to run the server
  | 'closed-folder' // the server's user cannot enter a folder on the way to the data
  | 'not-permitted' // the folder, or what lies in it, belongs to somebody else
  | 'disk' // the system could not read or write the folder: full, broken, gone
  | 'no-cluster' // the folder holds something, and it is no database
  | 'other-version' // the data were written by another major version
  | 'init-failed'
  | 'start-failed'
  | 'stop-failed'
  | 'not-answering' // somebody else's start or stop did not end in time
  | 'refused' // it runs and does not take the password beside the data
  | 'stopped'; // asked of a server that this process has already stopped

/** The database that npm brings cannot be had. The message names the place and says what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly code: EmbeddedPostgresCode;

  constructor(code: EmbeddedPostgresCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The system's own word for a failed call (`EACCES`), where there is one. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** A failure of the file system in words of ours; anything else is a bug, and stays as it is. */
export function fromSystem(error: unknown, folder: string): unknown {
  const code = systemCode(error);
  if (error instanceof EmbeddedPostgresError || code === '' || !(error instanceof Error)) return error;
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return new EmbeddedPostgresError(
      'not-permitted',
      `The folder of the database, ${folder}, cannot be used by this user (${error.message}). Run Writkeeper as the user ` +
        'whose folder it is, or choose another.',
      error,
    );
  }
  return new EmbeddedPostgresError(
    'disk',
    `The folder of the database, ${folder}, cannot be used: ${error.message}. Nothing is lost by trying again.`,
    error,
  );
}
