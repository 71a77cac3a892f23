import { readFile, readlink } from 'node:fs/promises';
import { run } from './run.ts';

/**
 * A process, told apart from a later one with the same id by when it began. Where the system does not say when (Windows),
 * by its id alone.
 */
export interface Birth {
  readonly pid: number;
  readonly born: string;
  /** Within what the id counts: on Linux the boot and the namespace, which is a container's own; elsewhere nothing. */
  readonly boot: string;
  readonly namespace: string;
}

/** `elsewhere` is in another container of this machine, from where one cannot see whether it runs. */
export type Life = 'alive' | 'gone' | 'elsewhere';

/** The process with this id, or `undefined` where none runs: a zombie has ended, though its id is still taken. */
export async function birthOf(pid: number): Promise<Birth | undefined> {
  if (process.platform === 'linux') return birthOnLinux(pid);
  if (!isThere(pid)) return undefined;
  if (process.platform === 'win32') return { pid, born: '', ...EVERYWHERE };
  const { code, said } = await run('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], undefined);
  return code === 0 ? { pid, born: said, ...EVERYWHERE } : undefined;
}

export async function lifeOf({ pid, born, boot, namespace }: Birth): Promise<Life> {
  const [now, ours] = [await birthOf(pid), await birthOf(process.pid)];
  if (boot === ours?.boot && namespace !== ours.namespace) return 'elsewhere';
  return now?.boot === boot && now.born === born ? 'alive' : 'gone';
}

/**
 * Whether the process with this id is a server on this cluster. An id from an old file may be another program's by now.
 * A server's working folder is its cluster, and it was started with its name. Both are asked: root in a container may not
 * see the first (that takes CAP_SYS_PTRACE), and a server started by hand may not show the second.
 */
export async function isServerOn(cluster: string, pid: number): Promise<boolean> {
  if ((await birthOf(pid)) === undefined) return false;
  if (process.platform === 'linux') {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    return words.includes(cluster) || (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === cluster;
  }
  // Windows shows neither; there the server itself refuses a second one on its folder.
  if (process.platform === 'win32') return true;
  return (await run('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)], undefined)).said.includes(cluster);
}

const EVERYWHERE = { boot: '', namespace: '' };

async function birthOnLinux(pid: number): Promise<Birth | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // proc_pid_stat(5): the name in brackets may hold anything, so count from its end: state is field 3, start field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    return { pid, born: fields[19] ?? '', boot, namespace: await readlink('/proc/self/ns/pid') };
  } catch {
    return undefined;
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
