import { afterAll, describe, expect, test } from 'vitest';
import { killRun, killSeed, UNHARMED, type KillRun } from './kill-run.ts';

/** Houses a file, so that one log does not grow without end. */
const HOUSES = 5;
const KILLS = 50;

/** Half of the 500 kills: two files share them, so that both cores work. Says at its end what became of them. */
export function manyKills(name: string, firstHouse: number): void {
  describe(`${name}, of the app, of PostgreSQL or of both, under load`, () => {
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

    test.each(Array.from({ length: HOUSES }, (_, index) => [firstHouse + index]))(
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
}
