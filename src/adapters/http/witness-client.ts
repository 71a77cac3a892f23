import type { AskWitness } from '../../app/ledger/push-checkpoint.ts';
import { LogUnreachable } from './log-source.ts';

const PATIENCE_MS = 30_000;
/** A witness answers with a few lines. */
const LONGEST = 64 * 1024;

/** Asks a witness at its address (C2SP tlog-witness). @throws LogUnreachable */
export function askAt(address: string): AskWitness {
  const url = `${address.replace(/\/+$/, '')}/add-checkpoint`;
  return async (body) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return { status: response.status, text: (await response.text()).slice(0, LONGEST) };
    } catch (error) {
      throw new LogUnreachable(`${url}: cannot be reached (${(error as Error).message})`);
    }
  };
}
