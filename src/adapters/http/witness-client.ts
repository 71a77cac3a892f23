import type { AskWitness } from '../../app/ledger/push-checkpoint.ts';
import { bodyWithin } from './body-within.ts';
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
      const bytes = await bodyWithin(response, LONGEST);
      if (bytes === undefined) throw new Error('its answer is too long');
      return { status: response.status, text: new TextDecoder().decode(bytes) };
    } catch (error) {
      throw new LogUnreachable(`${url}: cannot be reached (${(error as Error).message})`);
    }
  };
}
