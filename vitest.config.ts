import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.slow.test.ts', '.stryker-tmp/**'],
    // A database for the suites that ask for one.
    globalSetup: ['test/support/database-setup.ts'],
    // Two time zones apart from every jail's: an answer must not depend on where the suite runs.
    env: { TZ: 'Asia/Kathmandu', LANG: 'C' },
    testTimeout: 60_000,
    // Some suites read all of ICE's lists before their first test; on a busy machine that takes a while.
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
