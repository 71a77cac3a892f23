import { onOldestPostgres, PROMISES, reported, vitest, type Step } from './steps.ts';

/**
 * `npm test`: every check that a change must pass, as many at once as there are cores, each one counted. The last line
 * is `N passed, N failed`, which CI reads; a check that could not run at all counts as failed.
 */
const CHECKS: readonly Step[] = [
  { name: 'lint', command: ['eslint', '--max-warnings=0', '.'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'format', command: ['prettier', '--check', '--log-level=warn', '.'] },
  {
    name: 'rule packs: syntax, types, citations, format, build',
    command: ['node', 'bin/writkeeper.mjs', 'rules', 'check'],
  },
  { name: 'rule packs: scenarios, and every rule proved', command: ['node', 'bin/writkeeper.mjs', 'rules', 'test'] },
  { name: 'docs/law is what the packs say', command: ['node', 'bin/writkeeper.mjs', 'rules', 'docs', '--check'] },
  {
    name: 'docs/events.md is what the catalogue says',
    command: ['node', 'bin/writkeeper.mjs', 'ledger', 'docs', '--check'],
  },
];

// Every suite of the store runs on the PostgreSQL that npm brings; on the oldest one here only what states the store's
// promises, the rest with the slow tests.
await reported([vitest('tests')], [...CHECKS, ...onOldestPostgres([PROMISES])]);
