import { onOldestPostgres, reported, vitest } from './steps.ts';

/**
 * `npm run test:slow`: what takes minutes, such as 500 kills under load, and every suite of the store on the oldest
 * PostgreSQL. Its last line is like that of `npm test`.
 */
await reported([
  vitest('slow tests', ['--config', 'vitest.slow.config.ts']),
  ...onOldestPostgres([
    'test/backup.test.ts',
    'test/continue.test.ts',
    'test/databases.test.ts',
    'test/import.test.ts',
    'test/keys.test.ts',
    'test/conformance/faults.test.ts',
    'test/conformance/privacy.test.ts',
    'test/conformance/tampering.test.ts',
    'src/app/ledger/push-checkpoint.test.ts',
    'src/cli/ledger.test.ts',
  ]),
]);
