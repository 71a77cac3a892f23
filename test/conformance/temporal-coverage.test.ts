import { describe, expect, test } from 'vitest';
import { isInForce, lawOf } from '../../src/domain/law/in-force.ts';
import type { Dated } from '../../src/domain/law/pack.ts';
import { dayFrom, isoOfDay, type Day } from '../../src/domain/time/instant.ts';
import { builtPacks, jurisdictionsOf, packsOf } from '../support/packs.ts';

// Law comes and goes on days. For every dated thing of every pack: not in force the day before its first, in force on
// it, in force on its last, no longer in force the day after.

const packs = builtPacks();

interface Named extends Dated {
  readonly name: string;
  readonly jurisdiction: string;
  readonly inForce: (day: Day) => boolean;
}

const dated: Named[] = packs.flatMap((pack, index) => {
  const jurisdiction = jurisdictionsOf(packs)[index] ?? '';
  const lawOn = lawOf(packsOf(packs, jurisdiction), jurisdiction);
  const rules = pack.rules.map((rule) => ({
    ...rule,
    name: rule.id,
    jurisdiction,
    inForce: (day: Day) => {
      const law = lawOn(day);
      return [law.forbids, law.permits].some((each) =>
        [...each.values()].flat().some((found) => found.rule.id === rule.id),
      );
    },
  }));
  const duties = pack.duties.map((duty) => ({
    ...duty,
    name: duty.id,
    jurisdiction,
    inForce: (day: Day) => [...lawOn(day).duties.values()].flat().some((each) => each.id === duty.id),
  }));
  const limits = pack.limits
    .filter((limit) => limit.choice === undefined)
    .map((limit) => ({
      ...limit,
      name: limit.id,
      jurisdiction,
      inForce: (day: Day) => lawOn(day).limits.some((each) => each.id === limit.id),
    }));
  const classes = pack.convictionClasses.map((each) => ({
    ...each,
    name: each.code,
    jurisdiction,
    inForce: (day: Day) => lawOn(day).convictionClasses.has(each.code),
  }));
  return [...rules, ...duties, ...limits, ...classes];
});

test('there is law to cover', () => expect(dated.length).toBeGreaterThan(150));

test.each(dated)('$jurisdiction $name begins and ends on its days', ({ from, until, inForce }) => {
  expect(inForce((from - 1) as Day)).toBe(false);
  expect(inForce(from)).toBe(true);
  if (until === undefined) return;
  expect(inForce((until - 1) as Day)).toBe(true);
  expect(inForce(until)).toBe(false);
});

describe('a dated thing', () => {
  const day = (text: string): Day => dayFrom(text) ?? (0 as Day);
  test('without an end holds on', () => {
    expect(isInForce({ from: day('2018-01-04') }, day('2400-01-01'))).toBe(true);
  });
  test('with an end holds until the day before', () => {
    const rule = { from: day('2018-01-04'), until: day('2018-01-06') };
    const held = ['2018-01-03', '2018-01-04', '2018-01-05', '2018-01-06'].filter((text) => isInForce(rule, day(text)));
    expect(held).toEqual(['2018-01-04', '2018-01-05']);
  });
});

test('no rule of one jurisdiction is ever the law of another', () => {
  for (const jurisdiction of jurisdictionsOf(packs)) {
    const law = lawOf(packsOf(packs, jurisdiction), jurisdiction)(dayFrom('2026-11-24') ?? (0 as Day));
    const strangers = [law.forbids, law.permits]
      .flatMap((each) => [...each.values()].flat())
      .filter(({ rule }) => {
        const path = rule.id.split('.');
        return !packsOf(packs, jurisdiction).some((pack) => path.join('/').startsWith(pack.path));
      });
    expect(
      strangers.map(({ rule }) => rule.id),
      `${jurisdiction} ${isoOfDay(0 as Day)}`,
    ).toEqual([]);
  }
});
