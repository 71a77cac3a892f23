import { expect, test } from 'vitest';
import { sha256 } from '../../src/adapters/system/sha256.ts';
import { edited } from '../../src/domain/case/edit.ts';
import { parseCase } from '../../src/domain/case/parse.ts';
import type { Answer } from '../../src/domain/decision/answer.ts';
import { deciderFor } from '../../src/domain/decision/decide.ts';
import { completeCase, otherHoles, statesOf } from '../support/generated-cases.ts';
import { builtPacks, jurisdictionsOf, packsOf } from '../support/packs.ts';
import { randomFrom } from '../support/random.ts';

// What must hold of every case with facts missing, whatever the law says. A failing seed is in the message.

const packs = builtPacks();
const deciders = new Map(jurisdictionsOf(packs).map((name) => [name, deciderFor(packsOf(packs, name), name)]));
const classes = packs.flatMap((pack) => pack.convictionClasses.map((each) => each.code));
const RANK = { prohibited: 0, undetermined: 1, permitted: 2 };

function answer(document: unknown): Answer {
  const parsed = parseCase(document, sha256);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failures));
  const decide = deciders.get(parsed.value.jurisdiction);
  if (decide === undefined) throw new Error(parsed.value.jurisdiction);
  return decide(parsed.value);
}

function without(document: unknown, paths: readonly string[]): unknown {
  const result = edited(document, {}, paths);
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value;
}

test('filling in missing facts never contradicts a decided answer', () => {
  let decidedWithHoles = 0;
  for (let seed = 1; seed <= 8000; seed += 1) {
    const random = randomFrom(seed);
    const complete = completeCase(random, [...deciders.keys()], classes);
    const holes = [...statesOf(complete), ...otherHoles(complete)].filter(() => random.chance(0.15));
    const partial = answer(without(complete, holes));
    if (partial.outcome === 'undetermined') continue;
    if (holes.length > 0) decidedWithHoles += 1;
    expect(answer(complete).outcome, `seed ${seed}, left out: ${holes.join(', ')}`).toBe(partial.outcome);
  }
  expect(decidedWithHoles).toBeGreaterThan(1000);
});

test('what is prohibited without the hour at which state custody ended is prohibited with every hour', () => {
  const kept = new Set(['hold', 'transfer', 'serve-warrant']);
  let timeIsUp = 0;
  for (let seed = 1; seed <= 1500; seed += 1) {
    const complete = completeCase(randomFrom(seed * 31), [...deciders.keys()], classes);
    const { question, custody } = complete as { question: { act: string; at: string }; custody: { bases: Basis[] } };
    const [basis] = custody.bases;
    if (basis === undefined || !kept.has(question.act)) continue;
    const later = Temporal.Instant.from(question.at).add({ hours: 60 });
    const asked = filled(complete, { 'question.at': later.toString(), 'custody.bases[0].endedBy': 'bail' });
    const noHour = without(asked, [
      ...(basis.endedAt === undefined ? [] : ['custody.bases[0].endedAt']),
      ...('completesAt' in question ? ['question.completesAt'] : []),
    ]);
    const open = answer(noHour);
    expect(open.outcome).not.toBe('permitted');
    if (open.outcome !== 'prohibited') continue;
    if (open.findings.some(({ rule }) => rule === 'us.custody.time-is-up')) timeIsUp += 1;
    for (const hours of [0, 12, 59, 60, 61, 1000]) {
      const endedAt = later.subtract({ hours });
      if (Temporal.Instant.compare(endedAt, basis.since) < 0) continue;
      const filledIn = answer(filled(noHour, { 'custody.bases[0].endedAt': endedAt.toString() }));
      expect(filledIn.outcome, `seed ${seed}, ended at ${endedAt.toString()}`).toBe('prohibited');
    }
  }
  expect(timeIsUp).toBeGreaterThan(50);
});

interface Basis {
  readonly since: string;
  readonly endedAt?: string;
}

function filled(document: unknown, set: Record<string, unknown>): unknown {
  const result = edited(document, set, []);
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value;
}

test('leaving out a state never makes an answer more permissive', () => {
  for (let seed = 1; seed <= 2500; seed += 1) {
    const random = randomFrom(seed * 7919);
    const complete = completeCase(random, [...deciders.keys()], classes);
    const before = RANK[answer(complete).outcome];
    for (const path of statesOf(complete)) {
      const after = RANK[answer(without(complete, [path])).outcome];
      // A prohibited answer may become open, where the fact that prohibited is the one left out; never permitted.
      const allowed = before === RANK.prohibited ? RANK.undetermined : before;
      expect(after, `seed ${seed}, left out ${path}`).toBeLessThanOrEqual(allowed);
      expect(after === RANK.permitted && before !== RANK.permitted, `seed ${seed}, left out ${path}`).toBe(false);
    }
  }
});

test('missing is empty exactly where the answer is decided', () => {
  for (let seed = 1; seed <= 3000; seed += 1) {
    const random = randomFrom(seed * 104_729);
    const complete = completeCase(random, [...deciders.keys()], classes);
    const result = answer(
      without(
        complete,
        statesOf(complete).filter(() => random.chance(0.3)),
      ),
    );
    expect(result.missing.length === 0, `seed ${seed}: ${result.outcome} [${result.missing.join(', ')}]`).toBe(
      result.outcome !== 'undetermined',
    );
    expect(result.findings.length).toBeGreaterThan(0);
  }
});

test('every fact that is called missing can change the answer', () => {
  let looked = 0;
  for (let seed = 1; looked < 250; seed += 1) {
    const random = randomFrom(seed * 15_485_863);
    const complete = completeCase(random, [...deciders.keys()], classes);
    const result = answer(
      without(
        complete,
        statesOf(complete).filter(() => random.chance(0.12)),
      ),
    );
    if (result.outcome !== 'undetermined' || result.missing.some((path) => VALUES[nameOf(path)] === undefined))
      continue;
    looked += 1;
    const holes = without(
      complete,
      statesOf(complete).filter((path) => result.missing.includes(path)),
    );
    for (const path of result.missing) {
      expect(canChange(holes, path, result.missing), `seed ${seed}: ${path} of [${result.missing.join(', ')}]`).toBe(
        true,
      );
    }
  }
});

/** Two values each that a rule tells apart: one that every rule likes, one that some rule dislikes. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  bornOn: ['1980-01-01', '2016-01-01'],
  identity: ['matched', 'mismatched'],
  signed: [true, false],
  namesPerson: [true, false],
  usCitizen: [true, false],
  credentialCarried: [true, false],
  backgroundInvestigation: ['cleared', 'failed'],
  iceSupervisor: ['supervisor-1'],
  resolved: ['not-a-citizen', 'citizen'],
  certifiedOn: ['2015-01-01', '2031-01-01'],
  authorizationLetterOn: ['2015-01-01', '2031-01-01'],
  form70006On: ['2015-01-01', '2031-01-01'],
};

/** Whether some filling of the other missing facts leaves an answer that turns on this one. */
function canChange(document: unknown, path: string, missing: readonly string[]): boolean {
  const others = missing.filter((each) => each !== path);
  const good = Object.fromEntries(others.map((each) => [each, VALUES[nameOf(each)]?.[0]]));
  const outcomes = new Set<string>();
  const fillings = [good, ...(VALUES[nameOf(path)] ?? []).map((value) => ({ ...good, [path]: value }))];
  for (const filling of fillings) {
    const filled = edited(document, filling, []);
    // A filling that cannot be so (a minor with a conviction of before birth) is refused, and is no answer.
    if (filled.ok && parseCase(filled.value, sha256).ok) outcomes.add(answer(filled.value).outcome);
  }
  return outcomes.size > 1;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
