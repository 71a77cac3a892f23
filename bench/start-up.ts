import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { median, type Figure } from './figures.ts';

const home = join(import.meta.dirname, '..');

/** Wall time of a whole `decide`, from the shell's point of view, under the Node that npm brings. */
export function benchStartUp(): Figure[] {
  const times = Array.from({ length: 15 }, () => {
    const started = performance.now();
    const child = spawnSync(process.execPath, ['bin/writkeeper.mjs', 'decide', 'demo/florida-wso.json', '--json'], {
      cwd: home,
    });
    if (child.status === null || child.status === 2) throw new Error(child.stderr.toString());
    return performance.now() - started;
  });
  const value = median(times);
  return [{ name: 'start-up of decide, with its answer', value, unit: 'ms', limit: '≤ 400', met: value <= 400 }];
}
