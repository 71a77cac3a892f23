import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { masterKey, readVault } from '../src/adapters/keys/vault-file.ts';
import { openVault } from '../src/adapters/keys/vault.ts';
import { primitives } from '../src/adapters/system/primitives.ts';
import { newHandle } from '../src/domain/record/key-tree.ts';
import { canMount, smallDisk } from './support/small-disk.ts';

const AGENCY = 'us/fl/monroe-county/sheriff';
const WHY = {
  how: 'expunged',
  order: 'Monroe County Court, 26-CF-1',
  actor: 'clerk.one',
  second: 'clerk.two',
} as const;

test.runIf(canMount())(
  'a full disk takes no vault with it: the old one opens as before, and the order waits',
  async () => {
    const disk = smallDisk('160k');
    try {
      const path = join(disk.folder, 'vault');
      const master = masterKey(primitives.random(32), primitives);
      const vault = await openVault(path, () => master, primitives);
      await vault.ensure(AGENCY);
      const kept = newHandle(primitives);
      const key = Buffer.from(vault.subjectKey(AGENCY, kept) ?? []);
      writeFileSync(join(disk.folder, 'other'), new Uint8Array(60_000));
      // Each key that is destroyed lengthens the vault by some ten thousand bytes, until two do not fit beside each other.
      const outcomes: unknown[] = [];
      for (let count = 0; count < 12; count += 1) {
        outcomes.push(await vault.destroy(AGENCY, newHandle(primitives), WHY).catch((error: unknown) => error));
      }
      expect(outcomes.at(-1)).toMatchObject({ trouble: 'unwritable' });
      const again = await openVault(path, () => master, primitives);
      expect(again.subjectKey(AGENCY, kept)).toEqual(key);
      expect(readVault(path, () => master, primitives).body.agencies[AGENCY]?.destroyed).not.toEqual({});
      expect(() => readFileSync(`${path}.new`)).toThrow('ENOENT');
    } finally {
      disk.remove();
    }
  },
);
