import { z } from 'zod';
import { failed, ok, type Result } from '../../domain/failure.ts';

/** What a backup holds, and what it must be once it is restored. Written last: a folder without it is no backup. */
export interface Manifest {
  readonly format: typeof FORMAT;
  readonly madeAt: string;
  /** The server that it was read from. */
  readonly postgres: string;
  /** The last migration of its schema. */
  readonly migration: string;
  readonly agencies: readonly {
    readonly agency: string;
    readonly origin: string;
    readonly size: number;
    readonly root: string;
    readonly checkpoint: string;
  }[];
  /** In the order in which they can be restored. */
  readonly tables: readonly (TableShape & Measured)[];
}

export interface TableShape {
  readonly name: string;
  readonly columns: readonly string[];
}

/** A file as it was written, to be found the same. */
export interface Measured {
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

export const MANIFEST_FILE = 'manifest.json';
export const FORMAT = 'writkeeper-backup/1';

const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'is no name of a table or column');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256');
const count = z.int().min(0);

const manifest = z.strictObject({
  format: z.literal(FORMAT, 'is a format that this version does not read'),
  madeAt: z.string(),
  postgres: z.string(),
  migration: z.string().regex(/^[0-9a-z-]+$/, 'is no name of a migration'),
  agencies: z.array(
    z.strictObject({ agency: z.string(), origin: z.string(), size: count, root: sha256, checkpoint: z.string() }),
  ),
  tables: z
    .array(z.strictObject({ name, columns: z.array(name).min(1), rows: count, bytes: count, sha256 }))
    .refine((tables) => new Set(tables.map((each) => each.name)).size === tables.length, 'names a table twice'),
});

export function parseManifest(text: string): Result<Manifest> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return failed({ code: 'malformed', where: MANIFEST_FILE, message: `is no JSON (${error.message})` });
  }
  const parsed = manifest.safeParse(document);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const where = [MANIFEST_FILE, ...(issue?.path ?? [])].join('.');
  return failed({ code: 'malformed', where, message: issue?.message ?? 'is no manifest of a backup' });
}

export function formatManifest(value: Manifest): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function fileOf({ name: table }: TableShape): string {
  return `${table}.copy`;
}
