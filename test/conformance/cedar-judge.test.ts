import { test } from 'vitest';
import { agree } from '../support/cedar-judge.ts';

// 100,000 more are in cedar-judge-1.slow.test.ts and cedar-judge-2.slow.test.ts.
test('the evaluator and Cedar agree, decision and deciding rules, on 10,000 complete cases', () => {
  agree(20_261_101, 10_000);
}, 120_000);
