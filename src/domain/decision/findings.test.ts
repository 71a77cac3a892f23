import { describe, expect, test } from 'vitest';
import { readBase } from '../../../test/support/bases.ts';
import { builtPacks, packsOf } from '../../../test/support/packs.ts';
import type { Pack } from '../law/pack.ts';
import { SILENT_STATE } from '../law/silent-state.ts';
import type { Finding } from './answer.ts';
import { deciderFor } from './decide.ts';

const all = builtPacks();

/** A made-up county whose law, like its state's, was read and says nothing. */
const SILENT_COUNTY: Pack = { ...SILENT_STATE, path: 'us/xx/silent-county' };

function findings(base: string, set: Record<string, unknown> = {}, remove: string[] = []): readonly Finding[] {
  const question = readBase(base, { jurisdiction: SILENT_COUNTY.path, ...set }, remove);
  const { jurisdiction } = question;
  return deciderFor(packsOf([...all, SILENT_COUNTY], jurisdiction), jurisdiction)(question).findings;
}

const rules = (...args: Parameters<typeof findings>): string[] =>
  findings(...args).map(({ effect, rule }) => `${effect} ${rule}`);

const FLAT_LIMITS = [
  'us.limit.detainer-form',
  'us.limit.regulation',
  'us.limit.moa-release',
  'us.limit.moa-service',
].map((rule) => `limits ${rule}`);

describe('permitted', () => {
  test('the permit first, then every limit that binds at the same instant', () =>
    expect(rules('wso-hold')).toEqual(['permits us.grant.hold-after-service', ...FLAT_LIMITS]));
  test('a limit that ends later does not bind and is no finding', () => {
    // Friday noon: the reading without the weekend ends two days later.
    const friday = {
      'question.at': '2026-12-04T17:10:00Z',
      'custody.bases[0].endedAt': '2026-12-04T17:00:00Z',
      'warrants[0].service.at': '2026-12-04T17:00:00Z',
    };
    expect(rules('wso-hold', friday)).not.toContain('limits us.limit.regulation');
    expect(rules('wso-hold', friday)).toContain('limits us.limit.detainer-form');
  });
  test('a hand-over and a service live within a time too', () => {
    expect(rules('wso-hold', { 'question.act': 'transfer' })).toContain('limits us.limit.moa-service');
    expect(rules('wso-serve')).toContain('limits us.limit.detainer-form');
  });
  test('a notice does not, although the clock runs', () =>
    expect(rules('detainer', { 'question.act': 'notify' })).toEqual(['permits us.grant.notify']));
  test('what a law commands stands before what a law allows', () => {
    const served = { jurisdiction: 'us/fl' };
    expect(rules('wso-hold', served).slice(0, 2)).toEqual([
      'requires us.fl.honor-detainers',
      'permits us.grant.hold-after-service',
    ]);
  });
});

describe('prohibited', () => {
  test('every forbid, then the permit that it beats; no hour at which custody would have ended', () =>
    expect(rules('wso-hold', { 'detainers[0].signed': false, 'warrants[0].signed': false })).toEqual([
      'forbids us.detainer.d2-unsigned',
      'forbids us.warrant.d6-unsigned',
      'permits us.grant.hold-after-service',
    ]));
  test('a grant that a state’s law beats does not read as a reason to hold', () => {
    const found = findings('wso-hold', { jurisdiction: 'us/il' });
    expect(found.map(({ effect, rule }) => `${effect} ${rule}`)).toEqual([
      'forbids us.il.no-hold',
      'permits us.grant.hold-after-service',
      'limits case.local-law-unread',
    ]);
    expect(found[1]?.text).toMatch(
      /^BEATEN: it gives no power here, since what forbids the act wins\. The warrant was/,
    );
  });
  test('the same grant, where nothing beats it, stands as it is', () =>
    expect(findings('wso-hold')[0]?.text).toMatch(/^The warrant was served at release/));
  test('a command that a defect beats says so too', () => {
    const found = findings('detainer', { jurisdiction: 'us/fl', 'detainers[0].signed': false });
    expect(found[1]).toMatchObject({ effect: 'requires', rule: 'us.fl.honor-detainers' });
    expect(found[1]?.text).toMatch(/^BEATEN: .* UNCONFIRMED: /);
  });
  test('no rule gives the power: that is the finding', () => {
    expect(findings('detainer')).toEqual([
      {
        rule: 'us.default-deny',
        effect: 'forbids',
        citation: 'Writkeeper policy P1 (no power without a law)',
        text: 'No rule in force gives authority for this act, and what no law gives a jail may not do.',
      },
    ]);
  });
  test('a permit on a ground that no forbid speaks to is not set against one', () => {
    // Two detainers: one is unsigned and has the only service; the other came without a warrant.
    const second = { id: 'd2', form: 'I-247A', receivedAt: '2026-11-25T15:00:00Z', warrants: [] };
    const found = rules('wso-hold', { 'detainers[0].signed': false, 'detainers[1]': second });
    expect(found).toContain('forbids us.detainer.d2-unsigned');
    expect(found).toContain('forbids us.detainer.d5-no-warrant');
    expect(found.filter((rule) => rule === 'permits us.grant.hold-after-service')).toHaveLength(1);
  });
});

describe('undetermined', () => {
  test('the rules that facts keep open, each with the facts; then the permit and the limits', () => {
    const found = findings('wso-hold', {}, ['person.identity', 'warrants[0].namesPerson']);
    expect(found.map(({ effect, rule }) => `${effect} ${rule}`)).toEqual([
      'forbids us.person.d7-identity',
      'forbids us.warrant.d7-names-another',
      'permits us.grant.hold-after-service',
      ...FLAT_LIMITS,
    ]);
    expect(found[1]?.text).toContain(
      'The warrant does not name this person. Cannot be told yet (not recorded: warrants[0].namesPerson).',
    );
  });
  test('an open permit stands in the place of one that holds', () => {
    const found = findings('wso-hold', { convictions: [{ class: 'ca:zz', convictedOn: '2020-01-01' }], ...CALIFORNIA });
    expect(found.map(({ effect, rule }) => `${effect} ${rule}`)).toEqual([
      'forbids us.ca.transfer-gate',
      'permits us.grant.hold-after-service',
      'limits us.ca.limit.out-processing',
    ]);
    const detainer = findings('detainer', {
      convictions: [{ class: 'ca:zz', convictedOn: '2020-01-01' }],
      ...CALIFORNIA,
    });
    expect(detainer.map(({ rule }) => rule).slice(0, 2)).toEqual(['us.ca.transfer-gate', 'us.ca.transfer-listed']);
    expect(detainer[1]?.text).toContain('Cannot be told yet (not recorded: convictions[0].class).');
  });
  test('a ground that is prohibited beside an open one says nothing', () => {
    const second = {
      id: 'd2',
      form: 'I-247A',
      receivedAt: '2026-11-25T15:00:00Z',
      warrants: ['w1'],
      probableCause: [],
    };
    const found = rules('wso-hold', { 'detainers[1]': second }, ['detainers[0].signed']);
    expect(found[0]).toBe('forbids us.detainer.d2-unsigned');
    expect(found).not.toContain('forbids us.detainer.d4-probable-cause');
  });
  test('a rule that could not be worked out says that instead of naming facts', () => {
    const [any] = all.flatMap((pack) => pack.rules);
    if (any === undefined) throw new Error('no rule');
    // A set compared with a number errs, whatever is recorded.
    const condition = {
      '<': { left: { '.': { left: { Var: 'context' }, attr: 'convictions' } }, right: { Value: 1 } },
    };
    const broken: Pack = {
      ...SILENT_STATE,
      rules: [
        { ...any, id: 'us.xx.broken', effect: 'forbid', acts: ['hold'], conditions: [condition], title: 'It errs.' },
      ],
    };
    const federal = all.filter((pack) => pack.path === 'us');
    const answer = deciderFor([...federal, broken], 'us/xx')(readBase('wso-hold', { jurisdiction: 'us/xx' }));
    expect(answer.outcome).toBe('undetermined');
    expect(answer.findings[0]?.text).toContain('It errs. Cannot be told yet (the rule could not be worked out).');
  });
});

const CALIFORNIA = {
  jurisdiction: 'us/ca/orange-county',
  'question.act': 'transfer',
  'question.completesAt': '2026-12-01T14:25:00Z',
};

describe('what the reader must know besides', () => {
  test('a county without a pack is named', () => {
    const found = findings('wso-hold', { jurisdiction: 'us/fl/exmple-county' }).at(-1);
    expect(found).toMatchObject({ rule: 'case.local-law-unread', effect: 'limits', citation: 'Case contract' });
    expect(found?.text).toContain('no rule pack for us/fl/exmple-county');
  });
  test.each([
    ['only the state is named', 'example-sheriff', 'us/fl', 'The jurisdiction us/fl names no county or city'],
    [
      'only the state of a county’s agency',
      'us/fl/monroe-county/sheriff',
      'us/fl',
      'The agency is of us/fl/monroe-county',
    ],
    [
      'a city’s agency under its county',
      'us/fl/key-west/police',
      'us/fl/monroe-county',
      'The agency is of us/fl/key-west',
    ],
  ])('%s', (_, agency, jurisdiction, why) => {
    const found = findings('wso-hold', { jurisdiction, 'facility.agency': agency }).at(-1);
    expect([found?.rule, found?.text.startsWith(why)]).toEqual(['case.local-law-unread', true]);
  });
  test('it does not make a case of default denial another one', () =>
    expect(rules('detainer', { jurisdiction: 'us/xx/example-county' })).toEqual([
      'forbids us.default-deny',
      'limits case.local-law-unread',
    ]));
  test('a county with one is not', () =>
    expect(rules('detainer', { jurisdiction: 'us/ca/los-angeles' })).not.toContain('limits case.local-law-unread'));
  test('an unconfirmed source is called so', () =>
    expect(findings('wso-hold', { 'detainers[0].signed': false })[0]?.text).toMatch(
      /^D2: The detainer is not signed\. UNCONFIRMED: \w+/,
    ));
  test('each rule is said once, whatever the number of grounds', () => {
    const second = { id: 'd2', form: 'I-247A', receivedAt: '2026-11-25T15:00:00Z', signed: false, warrants: ['w1'] };
    const found = rules('wso-hold', { 'detainers[0].signed': false, 'detainers[1]': second });
    expect(found.filter((rule) => rule === 'forbids us.detainer.d2-unsigned')).toHaveLength(1);
  });
  test('of several papers, on which the answer rests', () => {
    const second = { id: 'w2', form: 'I-200', issuedOn: '2026-11-21', signed: true };
    const set = { 'warrants[1]': second, 'detainers[0].warrants': ['w1', 'w2'], 'warrants[0].signed': true };
    const found = findings('wso-hold', set).at(-1);
    expect(found).toMatchObject({ rule: 'case.rests-on', effect: 'limits' });
    expect(found?.text).toContain('rests on detainer d1 with warrant w1, and on no other');
    const judge = {
      id: 'j1',
      form: 'judicial',
      issuedOn: '2026-11-21',
      signed: true,
      issuerTitle: 'U.S. Magistrate Judge',
    };
    const alone = { ...judge, namesPerson: true, received: 'document' };
    expect(findings('wso-hold', { 'warrants[0].signed': false, 'warrants[1]': alone }).at(-1)?.text).toContain(
      'rests on warrant j1,',
    );
    expect(rules('wso-hold')).not.toContain('limits case.rests-on');
  });
  test('a booking that is tried on no other day is not called so', () =>
    expect(rules('wso-hold')).not.toContain('limits case.tried-on-another-day'));
});
