import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The material that CI lays beside the checkout: golden scenarios and real public data. It is never part of the project. */
export const SHARED = join(import.meta.dirname, '../../../shared');

/** Without the shared material its tests are left out, and say so; CI has it, and must not leave them out. */
export function hasShared(): boolean {
  if (existsSync(SHARED)) return true;
  if (process.env['CI'] !== undefined) throw new Error(`CI must have the shared material at ${SHARED}`);
  console.warn(`The shared material is not at ${SHARED}: tests that need it are left out.`);
  return false;
}
