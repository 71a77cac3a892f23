import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { WitnessMemoryLost, type WitnessStore } from '../../app/ledger/witness-desk.ts';
import type { WitnessAnswer } from '../../domain/ledger/witness.ts';

/** A request holds a checkpoint and at most 63 proof lines; what is larger is none. */
const LARGEST = 64 * 1024;

/** A witness over HTTP (C2SP tlog-witness): `POST /add-checkpoint`, and `GET /checkpoint?origin=…` for auditors. */
export function witnessRoutes(desk: (body: Uint8Array) => Promise<WitnessAnswer>, store: WitnessStore): Hono {
  const routes = new Hono();
  routes.onError((error, context) => {
    if (!(error instanceof WitnessMemoryLost)) throw error;
    return context.text(
      'This witness has lost its memory of that log, and cosigns nothing of it; tell who keeps it.\n',
      503,
    );
  });
  routes.post(
    '/add-checkpoint',
    bodyLimit({ maxSize: LARGEST, onError: (context) => context.text('The request is too large.\n', 413) }),
    async (context) => {
      const answer = await desk(new Uint8Array(await context.req.arrayBuffer()));
      switch (answer.status) {
        case 200:
          return context.text(answer.body);
        case 409:
          return context.body(answer.body, 409, { 'content-type': answer.contentType });
        default:
          return context.text(`${answer.refusal.message}\n`, answer.status);
      }
    },
  );
  routes.get('/checkpoint', (context) => {
    const state = store.state(context.req.query('origin') ?? '');
    return state === undefined
      ? context.text('Nothing of that log was cosigned here.\n', 404)
      : context.text(state.checkpoint);
  });
  return routes;
}
