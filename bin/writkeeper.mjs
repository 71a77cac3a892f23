#!/usr/bin/env node
// Launcher, in the plainest JavaScript so that an old Node can read it. Writkeeper runs on Node 26 (native Temporal,
// types stripped at load); npm brings that Node beside us, so a machine's own older one only starts it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const OLDEST = 26;

if (Number(process.versions.node.split('.')[0]) >= OLDEST) {
  // What was compiled once is kept in the system's folder for temporary files: a decision starts twice as quickly.
  module.enableCompileCache();
  // Node refuses to strip types below node_modules, so an installed package brings its own build.
  const source = join(home, 'src', 'main', 'cli.ts');
  const built = join(home, 'dist', 'main', 'cli.js');
  const useSource = existsSync(source) && !home.split(sep).includes('node_modules');
  await import(pathToFileURL(useSource ? source : built).href);
} else {
  const node = bundledNode();
  if (node === undefined) {
    console.error(
      `writkeeper needs Node ${OLDEST} or newer; this is ${process.version}, and no bundled Node was found for ` +
        `${process.platform} ${process.arch}. Run "npm ci" without --omit=optional, or install Node ${OLDEST}.`,
    );
    process.exit(2);
  }
  const child = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  if (child.error) {
    console.error(`writkeeper: the bundled Node at ${node} would not start: ${child.error.message}`);
    process.exit(2);
  }
  if (child.signal) process.kill(process.pid, child.signal);
  process.exit(child.status ?? 2);
}

function bundledNode() {
  const require = createRequire(import.meta.url);
  const names = [`node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`];
  names.push(names[0].replace(/^node-/, 'node-bin-'));
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const name of names) {
    for (const base of require.resolve.paths(name) ?? []) {
      const path = join(base, name, 'bin', program);
      if (existsSync(path)) return path;
    }
  }
  return undefined;
}
