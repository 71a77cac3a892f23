import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tryLock } from './file-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'writkeeper-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const LOCK = join(import.meta.dirname, 'file-lock.ts');

/** Another process that runs some lines with `tryLock` and the lock's path at hand. */
function script(lines: string): string[] {
  return ['--input-type=module', '-e', `import { tryLock } from ${JSON.stringify(LOCK)}; ${lines}`];
}

test('one has it, and another gets it once it was let go', () => {
  const path = join(folder, 'it.lock');
  const release = tryLock(path);
  expect(release).toBeTypeOf('function');
  expect(tryLock(path)).toBeUndefined();
  release?.();
  const again = tryLock(path);
  expect(again).toBeTypeOf('function');
  again?.();
});

test('another process does not get it, and it goes with a process that is killed', async () => {
  const path = join(folder, 'it.lock');
  const holder = spawn(
    process.execPath,
    script(`tryLock(${JSON.stringify(path)}); process.stdout.write('has it'); setInterval(() => {}, 1000);`),
  );
  await once(holder.stdout, 'data');
  expect(tryLock(path)).toBeUndefined();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const release = tryLock(path);
  expect(release).toBeTypeOf('function');
  release?.();
});

test('many that count together in one file lose no count, though half of them are killed while they hold it', async () => {
  const [path, count] = [join(folder, 'it.lock'), join(folder, 'count')];
  writeFileSync(count, '0');
  const lines = (dies: boolean): string => `
    import { readFileSync, writeFileSync } from 'node:fs';
    for (let done = 0; done < 40;) {
      const release = tryLock(${JSON.stringify(path)});
      if (release === undefined) { await new Promise((resolve) => setTimeout(resolve, 1)); continue; }
      if (${String(dies)} && done === 20) process.kill(process.pid, 'SIGKILL');
      writeFileSync(${JSON.stringify(count)}, String(Number(readFileSync(${JSON.stringify(count)}, 'utf8')) + 1));
      done += 1;
      release();
    }`;
  const running = [false, true, false, true].map((dies) => spawn(process.execPath, script(lines(dies))));
  await Promise.all(running.map((each) => once(each, 'exit')));
  expect(readFileSync(count, 'utf8')).toBe('120');
});

test('a file that is no lock says so, and a folder that is none too', () => {
  const path = join(folder, 'it.lock');
  writeFileSync(path, 'something else, and long enough to be looked at');
  expect(() => tryLock(path)).toThrow(/not a database/);
  expect(() => tryLock(join(path, 'below'))).toThrow();
});

test('nothing is printed by the lock, whatever state Node says its SQLite is in', () => {
  const ran = spawnSync(process.execPath, script(`tryLock(${JSON.stringify(join(folder, 'it.lock'))})?.();`));
  expect([ran.status, ran.stdout.toString(), ran.stderr.toString()]).toEqual([0, '', '']);
});
