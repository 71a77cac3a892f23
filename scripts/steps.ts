import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One check, run by a command. */
export interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** Where Vitest writes its count, for steps that hold many tests. */
  readonly report?: string;
  /** Beside the environment of whoever started it all. */
  readonly environment?: Readonly<Record<string, string>>;
}

interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'writkeeper-test-'));

export function vitest(name: string, args: readonly string[] = []): Step {
  const report = join(scratch, `${name}.json`);
  return {
    name,
    report,
    command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
  };
}

/**
 * Runs the lanes beside each other, and the steps of each one after the other; says what they came to in the last line, and
 * ends the process accordingly.
 */
export async function reported(...lanes: readonly (readonly Step[])[]): Promise<void> {
  const outcomes = (await Promise.all(lanes.map(inTurn))).flat();
  rmSync(scratch, { recursive: true });
  const passed = outcomes.reduce((sum, each) => sum + each.passed, 0);
  const failed = outcomes.reduce((sum, each) => sum + each.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

async function inTurn(lane: readonly Step[]): Promise<Outcome[]> {
  const done: Outcome[] = [];
  for (const step of lane) done.push(await run(step));
  return done;
}

/** What states the promises of the store: quick, and so in `npm test` on both databases. */
export const PROMISES = 'test/conformance/ledger-store.test.ts';

/** Every suite that runs on a database of its own (test/support/databases.ts). */
export function suitesOfTheStore(): string[] {
  return globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root })
    .filter((file) => readFileSync(join(root, file), 'utf8').includes('support/databases.ts'))
    .sort();
}

/**
 * Suites of the store on the oldest PostgreSQL that a county may bring. None where no such server is named: CI must name
 * one, elsewhere it may be absent, which is said (test/support/databases.ts).
 */
export function onOldestPostgres(files: readonly string[]): Step[] {
  if (process.env['WRITKEEPER_TEST_POSTGRES_15'] === undefined) {
    if (process.env['CI'] === 'true') throw new Error('CI must set WRITKEEPER_TEST_POSTGRES_15: .ci/run does.');
    console.log('WRITKEEPER_TEST_POSTGRES_15 is not set: the tests of the store on PostgreSQL 15 are left out.');
    return [];
  }
  return [{ ...vitest('the store on PostgreSQL 15', files), environment: { WRITKEEPER_TEST_STORE: 'PostgreSQL 15' } }];
}

async function run(step: Step): Promise<Outcome> {
  const started = performance.now();
  const { code, output } = await spawned(step);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? '✓' : '✗'} ${step.name} (${seconds} s)`);
  if (code !== 0 || step.report !== undefined) console.log(output);
  if (step.report === undefined) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const counted = counts(step.report);
  // A runner that crashed after its last test has failed, whatever it counted.
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

function counts(report: string): Outcome {
  try {
    const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
    const passed = numPassedTests ?? 0;
    return { passed, failed: (numTotalTests ?? 0) - passed };
  } catch (error) {
    console.log(`the test runner left no report: ${(error as Error).message}`);
    return { passed: 0, failed: 1 };
  }
}

function spawned({ command, environment }: Step): Promise<{ code: number; output: string }> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
