import { hash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WitnessMemoryLost, type WitnessStore } from '../../app/ledger/witness-desk.ts';
import { parseCheckpoint } from '../../domain/ledger/checkpoint.ts';
import { parseNote } from '../../domain/ledger/note.ts';
import type { WitnessState } from '../../domain/ledger/witness.ts';
import { replaceDurably } from '../system/durable.ts';

/** The logs that a witness has cosigned, kept with its key: memory that is missing of one of them was lost. */
export interface LogsCosigned {
  readonly has: (origin: string) => boolean;
  /** Durable when it returns. */
  readonly add: (origin: string) => void;
}

/** What a witness has cosigned: one signed note a log, in a folder that one process has. */
export function witnessStoreIn(
  folder: string,
  cosigned: LogsCosigned,
): WitnessStore & { readonly pathOf: (origin: string) => string } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pathOf = (origin: string): string => join(folder, `${hash('sha256', origin, 'hex').slice(0, 32)}.checkpoint`);
  const state = (origin: string): WitnessState | undefined => {
    const found = stateAt(pathOf(origin));
    if (found === undefined && cosigned.has(origin))
      throw new WitnessMemoryLost(
        `${pathOf(origin)}: what was cosigned of ${origin} is not there; bring its copy back, or begin anew with a new key in a new folder`,
      );
    return found;
  };
  return {
    pathOf,
    state,
    replace: (origin, before, after) => {
      if (state(origin)?.checkpoint !== before?.checkpoint) return false;
      replaceDurably(pathOf(origin), after.checkpoint);
      // After it: of a log that is listed there must be a memory, whenever the power goes.
      if (!cosigned.has(origin)) cosigned.add(origin);
      return true;
    },
  };
}

function stateAt(path: string): WitnessState | undefined {
  let checkpoint: string;
  try {
    checkpoint = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const note = parseNote(checkpoint);
  const read = note.ok ? parseCheckpoint(note.value.text) : note;
  // Forgetting what was cosigned would let a log start anew: a damaged memory stops the witness.
  if (!read.ok)
    throw new WitnessMemoryLost(`${path}: this is no checkpoint (${read.failure.message}); bring its copy back`);
  return { size: read.value.size, root: read.value.root, checkpoint };
}
