import { readFile, readlink } from 'node:fs/promises';
import { run } from './run.ts';

/**
 * A process, told apart from a later one with the same id: on Linux by the boot, the namespace in which the id counts
 * and the tick at which it began. Where the system does not say when a process began (Windows), by its id alone.
 */
export interface Birth {
  readonly pid: number;
  readonly born: string;
}

/** The process with this id, or `undefined` where none runs: a zombie has ended, though its id is still taken. */
export async function birthOf(pid: number): Promise<Birth | undefined> {
  if (process.platform === 'linux') return birthOnLinux(pid);
  if (!isThere(pid)) return undefined;
  if (process.platform === 'win32') return { pid, born: '' };
  const { code, said } = await run('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], undefined);
  return code === 0 ? { pid, born: said } : undefined;
}

export async function isAlive({ pid, born }: Birth): Promise<boolean> {
  return (await birthOf(pid))?.born === born;
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

async function birthOnLinux(pid: number): Promise<Birth | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // proc_pid_stat(5): the name in brackets may hold anything, so count from its end: state is field 3, start field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    return { pid, born: `${boot} ${await readlink('/proc/self/ns/pid')} ${fields[19] ?? ''}` };
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
