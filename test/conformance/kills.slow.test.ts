import { afterAll, describe, expect, test } from 'vitest';
import { killRun, killSeed, UNHARMED, type KillRun } from '../support/kill-run.ts';

/** 500 in all, in ten houses, so that one log does not grow without end. */
const HOUSES = 10;
const KILLS = 50;

describe(`${HOUSES * KILLS} kills of the app, of PostgreSQL or of both under load`, () => {
  const seed = killSeed();
  const runs: KillRun[] = [];
  afterAll(() => {
    const sum = (count: (run: KillRun) => number): number => runs.reduce((total, run) => total + count(run), 0);
    const app = sum(({ kills }) => kills.app);
    const database = sum(({ kills }) => kills.database);
    const both = sum(({ kills }) => kills.both);
    console.log(
      `kills: ${app + database + both} (${app} of the app, ${database} of PostgreSQL, ${both} of both); ` +
        `${sum(({ acknowledged }) => acknowledged)} events acknowledged, ${sum(({ lost }) => lost.length)} of them lost`,
    );
  });

  test.each(Array.from({ length: HOUSES }, (_, index) => [index + 1]))(
    `house %i, ${KILLS} kills: what was acknowledged is there once`,
    async (number) => {
      const run = await killRun(KILLS, seed + number);
      runs.push(run);
      expect(run).toMatchObject(UNHARMED);
      expect(run.acknowledged).toBeGreaterThan(0);
    },
    900_000,
  );
});
