import type { LedgerPorts } from './ledger.ts';

/** The name (C2SP origin) under which an agency's log is signed now: its first one, where it has no entry yet. */
export async function logName(
  { store, originOf }: Pick<LedgerPorts, 'store' | 'originOf'>,
  agency: string,
): Promise<string> {
  return (await store.head(agency))?.origin ?? originOf(agency);
}
