import { test } from 'vitest';
import { agree, expectEveryRuleReached } from '../support/cedar-judge.ts';

test('the evaluator and Cedar agree, decision and deciding rules, on the first 50,000 complete cases', () => {
  expectEveryRuleReached(agree(20_261_124, 50_000));
}, 600_000);
