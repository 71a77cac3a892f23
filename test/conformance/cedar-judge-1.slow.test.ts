import { test } from 'vitest';
import { agree } from '../support/cedar-judge.ts';

test('the evaluator and Cedar agree, decision and deciding rules, on the first 50,000 complete cases', () => {
  agree(20_261_124, 50_000);
}, 240_000);
