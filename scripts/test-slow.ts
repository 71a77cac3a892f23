import { reported, vitest } from './steps.ts';

/** `npm run test:slow`: what takes minutes, such as 500 kills under load. Its last line is like that of `npm test`. */
await reported([vitest('slow tests', ['--config', 'vitest.slow.config.ts'])]);
