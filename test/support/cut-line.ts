import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import type { TestServer } from './databases.ts';

/** The line between a house and its database, which can be cut: a server that is gone, or goes before it has answered. */
export interface Line {
  /** A server whose databases are reached over this line. */
  readonly server: TestServer;
  /** Breaks every connection and takes no new one. */
  readonly cut: () => void;
  readonly mend: () => void;
  /** Breaks each connection once the database has taken what came next, before its answer arrives. */
  readonly cutBeforeAnswer: () => void;
}

export async function lineTo(server: TestServer): Promise<Line> {
  let target: { host: string; port: number } | { path: string } = { path: '' };
  let how: 'whole' | 'cut' | 'no-answer' = 'whole';
  const open = new Set<Socket>();
  const relay = createServer((near) => {
    if (how === 'cut') return void near.destroy();
    const far = connect(target);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (answer) => {
      if (how === 'no-answer') far.destroy();
      else near.write(answer);
    });
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  return {
    server: {
      name: server.name,
      fresh: async () => {
        const database = await server.fresh();
        const url = new URL(database.url);
        const host = decodeURIComponent(url.hostname);
        const port = Number(url.port || 5432);
        target = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
        const login = `${url.username}:${url.password}`;
        return {
          url: `postgresql://${login}@127.0.0.1:${(relay.address() as AddressInfo).port}${url.pathname}`,
          drop: async () => {
            relay.close();
            await database.drop();
          },
        };
      },
    },
    cut: () => {
      how = 'cut';
      for (const socket of open) socket.destroy();
    },
    mend: () => (how = 'whole'),
    cutBeforeAnswer: () => (how = 'no-answer'),
  };
}
