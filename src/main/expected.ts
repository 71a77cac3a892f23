import { LogUnreachable } from '../adapters/http/log-source.ts';
import { VaultError } from '../adapters/keys/vault-file.ts';
import { EmbeddedPostgresError } from '../adapters/postgres/embedded/failure.ts';
import { StoreUnavailable } from '../app/ledger/ports.ts';

/** A failure of the house or of the network that a command may run into at any step; its message is for the reader. */
export function isExpected(error: unknown): error is Error {
  return [StoreUnavailable, VaultError, EmbeddedPostgresError, LogUnreachable].some((kind) => error instanceof kind);
}
