import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';
import { run, surroundings } from './run.ts';
import { look } from './sight.ts';

export interface Launch {
  /** A server is there; it answers, unless time ran out before. */
  readonly isLaunched: boolean;
  /** Somebody, or a system short of memory, ended it while it started: no fault of its own. */
  readonly wasKilled?: boolean;
  /** What was said elsewhere than in the log. */
  readonly said: string;
}

const PAUSE_MS = 20;

/** Starts the server and waits until it answers, has ended, or time has run out. It outlives this process. */
export function launch(place: Place, binaries: Binaries, account: Account | undefined, until: number): Promise<Launch> {
  return process.platform === 'win32'
    ? launchByPgCtl(place, binaries)
    : launchDirectly(place, binaries, account, until);
}

/**
 * Not by `pg_ctl`, which gives paths to a shell and quotes them badly. As our child it is also reaped when it dies, where
 * a container's first process may not do so.
 */
async function launchDirectly(
  place: Place,
  { postgres }: Binaries,
  account: Account | undefined,
  until: number,
): Promise<Launch> {
  const log = await open(place.log, 'a');
  try {
    const stdio = ['ignore' as const, log.fd, log.fd];
    const child = spawn(postgres, ['-D', place.cluster], { ...surroundings(postgres, account), stdio });
    let failure = '';
    child.on('error', (error) => (failure = ` ${error.message}.`));
    child.unref();
    for (;;) {
      if (failure !== '' || child.exitCode !== null || child.signalCode !== null) {
        return { isLaunched: false, wasKilled: child.signalCode !== null, said: failure };
      }
      if ((await look(place)).kind === 'running' || performance.now() > until) return { isLaunched: true, said: '' };
      await sleep(PAUSE_MS);
    }
  } finally {
    await log.close();
  }
}

/** PostgreSQL refuses to run with an administrator's rights, and `pg_ctl` gives them up for it. */
async function launchByPgCtl(place: Place, { pgCtl }: Binaries): Promise<Launch> {
  const { code, said } = await run(
    pgCtl,
    ['start', '-D', place.cluster, '-l', place.log, '-w', '-t', '60', '-s'],
    undefined,
  );
  return { isLaunched: code === 0 || (await look(place)).kind !== 'none', said: ` ${said}` };
}
