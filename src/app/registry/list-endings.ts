import type { Result } from '../../domain/failure.ts';
import { endingsOf, type Ending, type EndingsQuestion } from '../../domain/registry/endings.ts';
import type { RegistryPorts } from './ports.ts';

/** The agreements that have ended, with the lists that show it. */
export async function listEndings(
  ports: RegistryPorts,
  db: string,
  question: EndingsQuestion,
): Promise<Result<readonly Ending[]>> {
  const history = await ports.historyAt(db).load();
  return history.ok ? endingsOf(history.value.lists, question) : history;
}
