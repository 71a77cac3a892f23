import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { expect } from 'vitest';
import {
  openEmbedded,
  type EmbeddedOptions,
  type EmbeddedServer,
} from '../../src/adapters/postgres/embedded/embedded.ts';

/** Real servers in folders of their own; what a test leaves running is stopped, what it leaves lying is deleted. */
export class Servers {
  #template: string | undefined;
  readonly #folders: string[] = [];
  readonly #open: EmbeddedServer[] = [];
  readonly #children: ChildProcess[] = [];

  async folder(name = 'postgres'): Promise<string> {
    // Not the system's folder for temporary files as the environment names it: its path may be too long for a socket.
    const folder = await mkdtemp('/tmp/wk-');
    // As root the server is another user, who must come through.
    await chmod(folder, 0o711);
    this.#folders.push(folder);
    return join(folder, name);
  }

  /** A folder with a database that was stopped in order: copied, as from a backup, since making one takes seconds. */
  async made(name = 'postgres'): Promise<string> {
    this.#template ??= await this.#makeTemplate();
    const folder = await this.folder(name);
    await cp(this.#template, folder, { recursive: true });
    return folder;
  }

  async #makeTemplate(): Promise<string> {
    const folder = await mkdtemp('/tmp/wk-');
    await chmod(folder, 0o711);
    await (await openEmbedded({ folder: join(folder, 'template') })).stop();
    return join(folder, 'template');
  }

  async open(folder: string, options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedServer> {
    const server = await openEmbedded({ folder, ...options });
    this.#open.push(server);
    return server;
  }

  /** A Writkeeper in another process. It says whether it owns the server once it has it. */
  start(folder: string): { child: ChildProcess; opened: Promise<{ owner: boolean; url: string }> } {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'embedded-child.ts'), folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#children.push(child);
    const lines = createInterface({ input: child.stdout });
    const opened = once(lines, 'line').then(([line]) => JSON.parse(line as string) as { owner: boolean; url: string });
    return { child, opened };
  }

  async clear(): Promise<void> {
    for (const child of this.#children.splice(0)) await kill(child);
    for (const server of this.#open.splice(0)) await server.stop();
    for (const folder of this.#folders.splice(0)) {
      // An orphan of a killed child is nobody's: whoever opens the folder owns it.
      if (await isServed(join(folder, 'postgres')))
        await (await openEmbedded({ folder: join(folder, 'postgres') })).stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  /** After the last test. */
  async forget(): Promise<void> {
    if (this.#template !== undefined) await rm(dirname(this.#template), { recursive: true });
  }
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** The server's process, as it wrote it. */
export async function postmasterIn(folder: string): Promise<number> {
  return Number((await readFile(join(folder, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function isServed(folder: string): Promise<boolean> {
  return readFile(join(folder, 'cluster', 'postmaster.pid')).then(
    () => true,
    () => false,
  );
}

export async function rowsOf(url: string, text: string, values: unknown[] = []): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Waits for something that happens soon, and fails where it does not. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  await expect.poll(isSo, { timeout: 15_000, interval: 20 }).toBe(true);
}
