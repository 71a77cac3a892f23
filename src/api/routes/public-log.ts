import { Hono } from 'hono';
import { StoreUnavailable } from '../../app/ledger/ports.ts';
import type { PublicLog } from '../../app/ledger/public-log.ts';
import { parseTilePath, TILE_WIDTH } from '../../domain/ledger/tiles.ts';

/**
 * An agency's log as C2SP tlog-tiles serves it, below `/log/<agency>/`: `checkpoint`, `tile/…`, and two proofs as JSON for
 * whoever does not want to work them out. Public and without names.
 */
export function publicLogRoutes(log: PublicLog): Hono {
  const routes = new Hono();
  routes.onError((error, context) => {
    if (!(error instanceof StoreUnavailable)) throw error;
    // What is wrong with the database is for those who keep it, not for everybody.
    return context.text('The log cannot be read now; ask again in a minute.\n', 503, { 'retry-after': '60' });
  });
  routes.get('/log', async (context) => context.json({ agencies: await log.agencies() }));
  routes.get('/log/:path{.+}', async (context) => {
    const path = context.req.param('path');
    const [, agency, file] = /^(us(?:\/[a-z0-9-]+)+?)\/(checkpoint|tile\/.+|proof\/.+)$/.exec(path) ?? [];
    if (agency === undefined || file === undefined)
      return context.text('No such file. A log has checkpoint and tile/….\n', 404);
    const checkpoint = await log.checkpoint(agency);
    if (checkpoint === undefined) return context.text(`${agency} has no log here.\n`, 404);
    if (file === 'checkpoint') {
      return context.body(checkpoint, 200, {
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-cache',
      });
    }
    return file.startsWith('tile/') ? tileOf(agency, file) : proofOf(agency, file);
  });
  return routes;

  async function tileOf(agency: string, path: string): Promise<Response> {
    const tile = parseTilePath(path);
    const bytes = tile.ok ? await log.tile(agency, tile.value) : undefined;
    if (!tile.ok || bytes === undefined) return new Response('The log has no such tile.\n', { status: 404 });
    // A whole tile never changes; a partial one is replaced by a wider one under another name.
    const kept = tile.value.width === TILE_WIDTH ? 'public, max-age=31536000, immutable' : 'public, max-age=600';
    return new Response(Uint8Array.from(bytes), {
      headers: { 'content-type': 'application/octet-stream', 'cache-control': kept },
    });
  }

  async function proofOf(agency: string, path: string): Promise<Response> {
    const [, kind, first, second] = /^proof\/(inclusion|consistency)\/(\d{1,15})\/(\d{1,15})$/.exec(path) ?? [];
    if (kind === undefined)
      return new Response('Ask for proof/inclusion/INDEX/SIZE or proof/consistency/OLD/SIZE.\n', { status: 404 });
    try {
      const [one, size] = [Number(first), Number(second)];
      const proof =
        kind === 'inclusion' ? await log.inclusion(agency, one, size) : await log.consistency(agency, one, size);
      return Response.json({ proof: proof.map((each) => each.toBase64()) });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return new Response(`There is no such proof: ${error.message}.\n`, { status: 404 });
    }
  }
}
