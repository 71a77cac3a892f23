import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openEmbedded, type EmbeddedServer } from '../../src/adapters/postgres/embedded/embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The port of 127.0.0.1 at which the run's own database is asked for: the answer is a superuser's URL. */
    askForDatabase: number;
  }
}

/**
 * Vitest's global setup: one embedded server for a whole run, owned by the run's first process, since workers come and
 * go. It starts when a worker first asks for it, so that a run of pure tests waits for no database.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp('/tmp/wk-run-');
  // As root the server is another user, who must come through.
  await chmod(folder, 0o711);
  let opened: Promise<EmbeddedServer> | undefined;
  const desk = createServer((socket) => {
    opened ??= openEmbedded({ folder: join(folder, 'postgres') });
    opened.then(
      (server) => socket.end(JSON.stringify({ url: server.url() })),
      (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
    );
    // A worker that is ended while it asks.
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  project.provide('askForDatabase', (desk.address() as AddressInfo).port);
  return async () => {
    desk.close();
    await opened?.then((server) => server.stop()).catch((error: unknown) => console.error(error));
    await rm(folder, { recursive: true, force: true });
  };
}
