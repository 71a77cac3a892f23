import { expect, test } from 'vitest';
import { killRun, killSeed, UNHARMED } from '../support/kill-run.ts';

// The full number is in kills-1.slow.test.ts and its sister.
const KILLS = 4;

test(`${KILLS} kills of the app, of PostgreSQL or of both under load: what was acknowledged is there once`, async () => {
  const run = await killRun(KILLS, killSeed());
  expect(run).toMatchObject(UNHARMED);
  expect(run.acknowledged).toBeGreaterThan(0);
}, 180_000);
