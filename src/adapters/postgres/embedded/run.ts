import { spawn, type SpawnOptions } from 'node:child_process';
import { parse } from 'node:path';
import type { Account } from './account.ts';

export interface Outcome {
  /** Exit code; -1 where it did not start or was killed. */
  readonly code: number;
  /** What it said, on both streams. */
  readonly said: string;
}

/**
 * Runs one of PostgreSQL's programs to its end, as the account given.
 */
export function run(program: string, args: readonly string[], account: Account | undefined): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...surroundings(program, account), stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('error', (error) => resolve({ code: -1, said: error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, said: said.trim() }));
  });
}

/**
 * What a program of PostgreSQL finds around it. No environment of the caller's: `PGDATA`, `PGOPTIONS` or a locale would
 * change what is made. Its working folder is the root, since the account may not be able to enter ours. It has a
 * process group of its own: Ctrl+C in a terminal is for Writkeeper, which stops the server in its own time.
 */
export function surroundings(program: string, account: Account | undefined): Omit<SpawnOptions, 'stdio'> {
  return {
    cwd: parse(program).root,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC' },
    detached: process.platform !== 'win32',
    windowsHide: true,
    ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
  };
}
