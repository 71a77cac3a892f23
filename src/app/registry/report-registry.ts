import type { Result } from '../../domain/failure.ts';
import { reportOn, type RegistryReport } from '../../domain/registry/report.ts';
import type { Day } from '../../domain/time/instant.ts';
import type { RegistryPorts } from './ports.ts';

/** The counts of the registry as of a day. */
export async function reportRegistry(ports: RegistryPorts, db: string, on: Day): Promise<Result<RegistryReport>> {
  const history = await ports.historyAt(db).load();
  return history.ok ? reportOn(history.value.lists, on) : history;
}
