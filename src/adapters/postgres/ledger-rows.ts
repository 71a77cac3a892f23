import type { Selectable } from 'kysely';
import type { EntryRead, EntryRow, Head } from '../../app/ledger/ports.ts';
import { hashesIn } from '../../domain/ledger/tile-nodes.ts';
import type { EventType } from '../../domain/record/catalogue.ts';
import type { Handle } from '../../domain/record/key-tree.ts';
import type { Tables } from './database.ts';

/** A row of `entry`, joined to its content. */
export interface JoinedRow {
  readonly sequence: string;
  readonly type: string;
  readonly subject: Buffer;
  readonly request: string;
  readonly envelope: Buffer;
  readonly leaf_hash: Buffer;
  readonly ciphertext: Buffer | null;
}

/** A row of `log` as the driver gives it. */
export function headOf(row: Selectable<Tables['log']>): Head {
  const { agency, origin, checkpoint, root } = row;
  return {
    agency,
    origin,
    checkpoint,
    root,
    recordedOn: row.recorded_on,
    size: Number(row.size),
    peaks: hashesIn(row.peaks),
  };
}

/** A row of `entry`. */
export function entryRow(row: Omit<JoinedRow, 'ciphertext'>): EntryRow {
  const { type, subject, request, envelope, leaf_hash: leafHash } = row;
  const sequence = Number(row.sequence);
  return { sequence, type: type as EventType, subject: handleOf(subject), request, envelope, leafHash };
}

/** The same with its content. */
export function entryRead(row: JoinedRow): EntryRead {
  return { ...entryRow(row), ciphertext: row.ciphertext ?? undefined };
}

export function bytesOf(handle: Handle): Buffer {
  return Buffer.from(handle, 'hex');
}

export function handleOf(bytes: Buffer): Handle {
  return bytes.toString('hex') as Handle;
}
