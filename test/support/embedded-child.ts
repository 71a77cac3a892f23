import { openEmbedded } from '../../src/adapters/postgres/embedded/embedded.ts';

/**
 * A Writkeeper in a process of its own, to be killed: opens the folder given, says `{ owner, url }` in one line, and stops
 * in order when its input ends.
 */
const server = await openEmbedded({ folder: process.argv[2] ?? '' });
process.stdout.write(`${JSON.stringify({ owner: server.owner, url: server.url() })}\n`);
process.stdin.resume();
process.stdin.on('end', () => void server.stop());
