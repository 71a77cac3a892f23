import { benchBatch, benchDecide } from './decide.ts';
import type { Figure } from './figures.ts';
import { benchLedger } from './ledger.ts';
import { benchRegistry } from './registry.ts';
import { benchStartUp } from './start-up.ts';

/** `npm run bench`: every figure that the project promises, measured in one run, with its limit. Exit 1 where one is missed. */
const figures: Figure[] = [];

// The batch comes first: the heap that the others leave behind is not its to clear away.
for (const [title, measure] of [
  ['Batch', benchBatch],
  ['Decisions', benchDecide],
  ['Start-up', benchStartUp],
  ['Registry', benchRegistry],
  ['Ledger', benchLedger],
] as const) {
  console.log(`\n${title}`);
  for (const figure of await measure()) {
    figures.push(figure);
    const value = figure.value >= 100 ? Math.round(figure.value).toLocaleString('en-US') : figure.value.toFixed(2);
    const verdict = figure.met === undefined ? '' : figure.met ? 'met' : 'MISSED';
    console.log(
      `  ${figure.name.padEnd(66)} ${value.padStart(12)} ${figure.unit.padEnd(8)} ${(figure.limit ?? '').padEnd(10)} ${verdict}`,
    );
  }
}

process.exitCode = figures.some((figure) => figure.met === false) ? 1 : 0;
