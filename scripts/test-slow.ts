import { onOldestPostgres, PROMISES, reported, suitesOfTheStore, vitest } from './steps.ts';

/**
 * `npm run test:slow`: what takes minutes, such as 500 kills under load, and every suite of the store on the oldest
 * PostgreSQL. Its last line is like that of `npm test`.
 */
await reported([
  vitest('slow tests', ['--config', 'vitest.slow.config.ts']),
  ...onOldestPostgres(suitesOfTheStore().filter((file) => file !== PROMISES)),
]);
