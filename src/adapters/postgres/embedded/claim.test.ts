import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { randomFrom } from '../../../../test/support/random.ts';
import { claim } from './claim.ts';
import { birthOf } from './processes.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'claim-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** What a process leaves that was killed. */
const DEAD = '4194303\n1\nan earlier boot\nthe same namespace\n';
const unserved = (): Promise<boolean> => Promise.resolve(false);
const served = (): Promise<boolean> => Promise.resolve(true);

test('the first has it, the second is told who, and after the release it has it', async () => {
  const first = await claim(folder, unserved);
  if (first.kind !== 'ours') throw new Error('the folder was empty');
  expect(await claim(folder, unserved)).toEqual({ kind: 'held', by: await birthOf(process.pid) });
  await first.claim.release();
  expect((await claim(folder, unserved)).kind).toBe('ours');
});

test.each([
  ['is gone', DEAD],
  ['had our id before us', `${process.pid}\n1\nan earlier boot\nthe same namespace\n`],
  ['wrote only half of it', String(process.pid)],
  ['wrote nothing', ''],
])('the claim of a process that %s holds nobody up', async (_, text) => {
  await writeFile(join(folder, 'owner.41'), text);
  expect((await claim(folder, unserved)).kind).toBe('ours');
  expect(await readdir(folder)).toContain('owner.42');
});

test.runIf(process.platform === 'linux')(
  'a claim from another container counts while its server answers, and not a moment longer',
  async () => {
    const self = await birthOf(process.pid);
    const other = `4194303\n1\n${self?.boot ?? ''}\nanother namespace\n`;
    await writeFile(join(folder, 'owner.41'), other);
    expect(await claim(folder, served)).toMatchObject({ kind: 'held', by: { pid: 4_194_303 } });
    expect((await claim(folder, unserved)).kind).toBe('ours');
  },
);

test('8 at once, 400 turns, every third ended by a kill: never two owners', async () => {
  const random = randomFrom(8);
  let [owners, turns] = [0, 0];
  const contender = async (): Promise<void> => {
    while (turns < 400) {
      const claiming = await claim(folder, unserved);
      if (claiming.kind !== 'ours') continue;
      owners += 1;
      turns += 1;
      expect(owners).toBe(1);
      for (let pause = random.between(0, 3); pause > 0; pause -= 1) await readdir(folder);
      owners -= 1;
      if (turns % 3 === 0) await writeFile(join(folder, await highest()), DEAD);
      else await claiming.claim.release();
    }
  };
  await Promise.all(Array.from({ length: 8 }, contender));
  const left = await readdir(folder);
  expect(left.length).toBeLessThanOrEqual(8);
  expect(left.filter((name) => name.startsWith('.'))).toEqual([]);
});

async function highest(): Promise<string> {
  const numbers = (await readdir(folder)).map((name) => Number(/^owner\.(\d+)$/.exec(name)?.[1] ?? 0));
  return `owner.${Math.max(...numbers)}`;
}
