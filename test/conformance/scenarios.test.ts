import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readScenarios } from '../../src/adapters/rule-packs/scenarios.ts';
import { sha256 } from '../../src/adapters/system/sha256.ts';
import { testScenarios, unprovedRules } from '../../src/app/rules/test-scenarios.ts';
import type { ScenarioFile } from '../../src/domain/decision/scenario.ts';
import { lineOf } from '../../src/domain/failure.ts';
import { builtPacks, RULE_PACKS } from '../support/packs.ts';
import { hasShared, SHARED } from '../support/shared.ts';

const packs = builtPacks();

function scenariosAt(path: string): ScenarioFile[] {
  const read = readScenarios({ root: RULE_PACKS }, path);
  if (!read.ok) throw new Error(read.failures.map(lineOf).join('\n'));
  return read.value;
}

const own = scenariosAt(RULE_PACKS);

// A test a file: a mutation run asks them all, again and again, and pays for each test.
test.each(own)('$file', (file) => {
  const results = testScenarios([file], packs, sha256);
  expect(results.length).toBeGreaterThan(0);
  expect(results.map(({ placed, differences }) => [placed.scenario.name, ...differences])).toEqual(
    file.scenarios.map(({ scenario }) => [scenario.name]),
  );
});

test('every rule is proved by scenarios of its own', () => {
  expect(unprovedRules(own, packs, testScenarios(own, packs, sha256))).toEqual([]);
});

test('a rule without scenarios, and a scenario file that names no rule of any pack, are both found', () => {
  const results = testScenarios(own, packs, sha256);
  const without = own.filter((file) => !file.rules.includes('us.detainer.d2-unsigned'));
  const faults = unprovedRules(
    without,
    packs,
    results.filter(({ placed }) => !placed.rules.includes('us.detainer.d2-unsigned')),
  );
  expect(faults).toEqual(
    ['permitted', 'prohibited', 'undetermined'].map(
      (outcome) => `us.detainer.d2-unsigned: no scenario of its own proves it ${outcome}`,
    ),
  );
  const strange = own.slice(0, 1).map((file) => ({ ...file, rules: [...file.rules, 'us.no-such-rule'] }));
  expect(unprovedRules([...strange, ...own.slice(1)], packs, results)[0]).toContain('us.no-such-rule');
});

describe.skipIf(!hasShared())('the golden scenarios', () => {
  const golden = hasShared() ? scenariosAt(join(SHARED, 'scenarios')) : [];
  test('there are thirty', () => expect(golden).toHaveLength(30));
  test.each(golden.flatMap((file) => file.scenarios))('$scenario.name', (placed) => {
    const [result] = testScenarios(
      [{ file: placed.file, rules: [], cannotBe: {}, scenarios: [placed] }],
      packs,
      sha256,
    );
    expect(result?.differences).toEqual([]);
  });
});
