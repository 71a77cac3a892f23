import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

// A mutation run asks the tests of the decision and the clock thousands of times: without those that generate cases by
// the ten thousand, and without the registry and the replay, which it does not touch.
export default mergeConfig(
  base,
  defineConfig({
    test: {
      include: ['src/domain/{clock,decision,law}/*.test.ts', 'test/conformance/scenarios.test.ts'],
    },
  }),
);
