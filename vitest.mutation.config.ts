import { defineConfig } from 'vitest/config';

// A mutation run asks the tests of the decision and the clock thousands of times: it takes those that state the law, and
// leaves out those that generate cases by the ten thousand.
export default defineConfig({
  test: {
    include: ['src/domain/{clock,decision,law}/*.test.ts', 'test/conformance/scenarios.test.ts'],
    env: { TZ: 'Asia/Kathmandu', LANG: 'C' },
    pool: 'forks',
  },
});
