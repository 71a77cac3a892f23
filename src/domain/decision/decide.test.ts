import { describe, expect, test } from 'vitest';
import { readBase } from '../../../test/support/bases.ts';
import { builtPacks, packsOf } from '../../../test/support/packs.ts';
import type { Pack } from '../law/pack.ts';
import { SILENT_STATE } from '../law/silent-state.ts';
import { dayFrom, type Day } from '../time/instant.ts';
import type { Answer } from './answer.ts';
import { deciderFor } from './decide.ts';

const all = builtPacks();

function answer(
  name: string,
  set: Record<string, unknown> = {},
  remove: string[] = [],
  extra: readonly Pack[] = [],
): Answer {
  const question = readBase(name, set, remove);
  const { jurisdiction } = question;
  return deciderFor([...packsOf(all, jurisdiction), ...extra], jurisdiction)(question);
}

function day(text: string): Day {
  const found = dayFrom(text);
  if (found === undefined) throw new Error(text);
  return found;
}

const emptyPack: Pack = { ...SILENT_STATE, path: 'us/zz' };

describe('outcome', () => {
  test('nothing stands against the hold: permitted, until 48 hours past the end of state custody', () => {
    expect(answer('wso-hold')).toMatchObject({
      outcome: 'permitted',
      required: false,
      instruction: 'hold-until',
      missing: [],
      clock: { state: 'running', startsAt: '2026-12-01T14:00:00Z', deadline: '2026-12-03T14:00:00Z' },
    });
  });
  test('what is prohibited whatever the missing facts are stays prohibited', () => {
    const result = answer('wso-hold', { 'detainers[0].signed': false }, ['person.identity', 'warrants[0].signed']);
    expect(result).toMatchObject({ outcome: 'prohibited', instruction: 'release', missing: [] });
  });
  test('no permit that could ever hold: prohibited by default, although a forbid is open', () => {
    const result = answer('detainer', {}, ['person.identity']);
    expect(result).toMatchObject({ outcome: 'prohibited', missing: [] });
    expect(result.findings[0]).toMatchObject({ rule: 'us.default-deny', effect: 'forbids' });
  });
  test('two facts are missing: both are named, in order', () => {
    const result = answer('wso-hold', {}, ['warrants[0].signed', 'person.identity']);
    expect(result).toMatchObject({
      outcome: 'undetermined',
      instruction: 'ask-a-person',
      missing: ['person.identity', 'warrants[0].signed'],
    });
    expect(result.clock.deadline).toBe('2026-12-03T14:00:00Z');
  });
});

describe('several papers', () => {
  const second = {
    'detainers[1]': {
      id: 'd2',
      form: 'I-247A',
      issuedOn: '2026-11-25',
      receivedAt: '2026-11-25T15:00:00Z',
      addressedTo: 'example-sheriff',
      signed: true,
      probableCause: ['final-order'],
      warrants: ['w1'],
      servedOnPersonAt: '2026-11-25T16:00:00Z',
    },
  };
  test('one good detainer is enough beside a defective one', () => {
    expect(answer('wso-hold', { ...second, 'detainers[0].signed': false }).outcome).toBe('permitted');
    expect(answer('wso-hold', { ...second, 'detainers[1].signed': false }).outcome).toBe('permitted');
  });
  test('the signature of one never mends the defect of the other', () => {
    const result = answer('wso-hold', { ...second, 'detainers[0].signed': false, 'detainers[1].probableCause': [] });
    expect(result.outcome).toBe('prohibited');
    expect(result.findings.map((finding) => finding.rule)).toEqual(
      expect.arrayContaining(['us.detainer.d2-unsigned', 'us.detainer.d4-probable-cause']),
    );
  });
  test('an open one beside a bad one is open, and asks only for its own facts', () => {
    const result = answer('wso-hold', { ...second, 'detainers[1].probableCause': [] }, [
      'detainers[0].signed',
      'detainers[1].addressedTo',
    ]);
    expect(result).toMatchObject({ outcome: 'undetermined', missing: ['detainers[0].signed'] });
  });
  test('a detainer that comes later than the act is not there yet', () => {
    const later = '2026-12-01T14:11:00Z';
    const result = answer('wso-hold', { 'detainers[0].receivedAt': later, 'detainers[0].servedOnPersonAt': later });
    expect(result.outcome).toBe('prohibited');
    expect(result.findings.some((finding) => finding.rule === 'us.detainer.none')).toBe(true);
  });
});

describe('a question that names one paper of several', () => {
  const bad = { id: 'w2', form: 'I-200', issuedOn: '2026-11-21', signed: false, received: 'document' };
  const named = { 'warrants[1]': bad, 'detainers[0].warrants': ['w1', 'w2'], 'question.warrant': 'w2' };
  test('a bad one is no ground for the hold, and takes nothing from the good one beside it', () => {
    const result = answer('wso-hold', named);
    expect(result).toMatchObject({ outcome: 'prohibited', instruction: 'hold-until' });
    expect(result.findings[0]?.rule).toBe('us.warrant.d6-unsigned');
    expect(result.findings.at(-1)).toMatchObject({ rule: 'case.held-apart', effect: 'limits' });
    expect(result.findings.at(-1)?.text).toContain('about warrant w2');
  });
  test.each(['transfer', 'serve-warrant'])('%s on a bad one, while the hold stands on another', (act) =>
    expect(answer('wso-hold', { ...named, 'question.act': act })).toMatchObject({
      outcome: 'prohibited',
      instruction: 'hold-until',
      duties: expect.not.arrayContaining([
        expect.objectContaining({ duty: expect.stringContaining('declin') as string }),
      ]) as unknown,
    }),
  );
  test('to serve a bad one serves no other: without a service nobody is held', () =>
    expect(answer('wso-serve', named)).toMatchObject({ outcome: 'prohibited', instruction: 'release' }));
  test('where no paper is good the person goes, and no other paper is spoken of', () => {
    const result = answer('wso-hold', { ...named, 'detainers[0].signed': false });
    expect(result).toMatchObject({ outcome: 'prohibited', instruction: 'release' });
    expect(result.findings.map(({ rule }) => rule)).not.toContain('case.held-apart');
  });
  test('whether another paper holds the person is open: somebody is asked, and told what', () => {
    const result = answer('wso-hold', named, ['detainers[0].signed']);
    expect(result).toMatchObject({ outcome: 'prohibited', instruction: 'ask-a-person', missing: [] });
    expect(result.findings.at(-1)).toMatchObject({ rule: 'case.hold-is-open' });
    expect(result.findings.at(-1)?.text).toContain('detainers[0].signed');
  });
  test('the clock is that of the paper on which the person is kept', () => {
    // New Jersey, where its exception gives the power, keeps a person on a detainer until midnight at most; a judge's warrant has 48 hours.
    const judge = { id: 'j1', form: 'judicial', signed: false, issuedOn: '2026-11-21', received: 'document' };
    const listed = {
      jurisdiction: 'us/nj/example-county',
      convictions: [{ class: 'nj:violent-or-serious-offense', convictedOn: '2026-01-05' }],
    };
    const counsel = {
      ...emptyPack,
      path: 'us/nj/example-county',
      decisions: [
        {
          choice: 'us.nj.choice.exception-gives-power',
          on: true,
          decidedBy: 'County counsel',
          note: 'the exception gives the power',
          from: day('2026-01-01'),
        },
      ],
    };
    const kept = answer('detainer', listed, [], [counsel]);
    const asked = answer('detainer', { ...listed, 'warrants[1]': judge, 'question.warrant': 'j1' }, [], [counsel]);
    expect(kept).toMatchObject({ outcome: 'permitted', instruction: 'hold-until' });
    expect(asked).toMatchObject({ outcome: 'prohibited', instruction: 'hold-until', clock: kept.clock });
  });
  test('a hold that stands on an earlier service is not lost by asking to serve again', () =>
    expect(
      answer('wso-hold', {
        'question.act': 'serve-warrant',
        'question.warrant': 'w1',
        'question.at': '2026-12-02T20:00:00Z',
      }),
    ).toMatchObject({ instruction: 'hold-until' }));
});

describe('law against law', () => {
  const decided: Pack = {
    ...emptyPack,
    rules: (all.find((pack) => pack.path === 'us')?.rules ?? []).slice(0, 1).map((rule) => ({
      ...rule,
      id: 'us.zz.no-service',
      effect: 'forbid',
      acts: ['serve-warrant'],
      conditions: [{ Value: true }],
      title: 'The state forbids it.',
    })),
    decisions: [
      {
        choice: 'us.choice.wso-regardless-of-local-rules',
        on: true,
        decidedBy: 'Counsel',
        note: 'adopted',
        from: day('2026-06-01'),
      },
    ],
  };
  const facility = { jurisdiction: 'us/zz' };
  test('the claim that WSO works regardless of local rules is off until counsel adopts it', () => {
    const rules = answer('wso-serve').findings.map((finding) => finding.rule);
    expect(rules).not.toContain('us.grant.wso-regardless');
  });
  test('adopted, it stands in the findings beside the state law that still forbids', () => {
    const result = answer('wso-serve', facility, [], [decided]);
    expect(result.outcome).toBe('prohibited');
    expect(result.findings.map(({ rule, effect }) => `${effect} ${rule}`)).toEqual(
      expect.arrayContaining(['forbids us.zz.no-service', 'permits us.grant.wso-regardless']),
    );
    expect(result.findings[0]?.effect).toBe('forbids');
  });
  test('the day before counsel decided it is off', () => {
    const earlier = {
      ...facility,
      'question.at': '2026-05-31T20:00:00Z',
      'custody.bases[0].since': '2026-05-01T00:00:00Z',
      'custody.bases[0].endedAt': '2026-05-31T19:55:00Z',
      'detainers[0].receivedAt': '2026-05-02T00:00:00Z',
    };
    const rules = answer('wso-serve', earlier, [], [decided]).findings.map((finding) => finding.rule);
    expect(rules).not.toContain('us.grant.wso-regardless');
  });
});

describe('the hour at which state custody ended is not recorded', () => {
  const custodyEnd = ['custody.bases[0].endedAt'];
  // Served at 14:00Z on 1 December: 48 hours of the agreement are over at 14:00Z on the 3rd, whenever custody ended.
  test('somebody is asked, and told until when at the most', () =>
    expect(answer('wso-hold', {}, custodyEnd)).toMatchObject({
      outcome: 'undetermined',
      instruction: 'ask-a-person',
      missing: custodyEnd,
      clock: { state: 'not-started', deadline: '2026-12-03T14:00:00Z' },
    }));
  test.each([
    ['a second before the limit from service it is open', '2026-12-03T13:59:59Z', 'undetermined'],
    ['at that limit no end of custody could save the hold', '2026-12-03T14:00:00Z', 'prohibited'],
  ])('%s', (_, at, outcome) => {
    expect(answer('wso-hold', { 'question.at': at }, custodyEnd)).toMatchObject({ outcome });
    expect(answer('wso-hold', { 'question.at': at }, ['custody'])).toMatchObject({ outcome });
  });
  test('the state may still hold the person: nobody is let go for it', () =>
    expect(answer('wso-hold', { 'question.at': '2026-12-03T14:00:00Z' }, custodyEnd)).toMatchObject({
      instruction: 'ask-a-person',
      missing: [],
      findings: expect.arrayContaining([
        expect.objectContaining({ rule: 'case.state-custody-is-open', effect: 'limits' }),
      ]) as unknown,
      clock: { state: 'expired' },
    }));
  test.each([
    ['complete at the limit', '2026-12-03T14:00:00Z', 'undetermined'],
    ['complete a second after it', '2026-12-03T14:00:01Z', 'prohibited'],
  ])('a hand-over %s', (_, completesAt, outcome) => {
    const handOver = { 'question.act': 'transfer', 'question.at': '2026-12-03T13:50:00Z' };
    expect(answer('wso-hold', { ...handOver, 'question.completesAt': completesAt }, custodyEnd).outcome).toBe(outcome);
  });
  test('North Carolina’s former limit from receipt, passed whatever the end', () => {
    const received = {
      jurisdiction: 'us/nc/example-county',
      'custody.bases[0].since': '2025-08-01T00:00:00Z',
      'detainers[0].issuedOn': '2025-09-01',
      'detainers[0].receivedAt': '2025-09-01T09:00:00Z',
      'detainers[0].servedOnPersonAt': '2025-09-01T10:00:00Z',
      'warrants[0].issuedOn': '2025-09-01',
      orders: [{ kind: 'hold', by: 'magistrate', at: '2025-09-02T09:00:00Z' }],
    };
    expect(answer('detainer', { ...received, 'question.at': '2025-09-03T08:59:59Z' }, custodyEnd)).toMatchObject({
      outcome: 'undetermined',
      clock: { deadline: '2025-09-03T09:00:00Z' },
    });
    expect(answer('detainer', { ...received, 'question.at': '2025-09-03T09:00:00Z' }, custodyEnd).outcome).toBe(
      'prohibited',
    );
  });
  test('a court’s order against the recorded end: limits count from the order, the earlier of the two', () => {
    const ordered = {
      'custody.bases[0].endedAt': '2026-12-01T14:00:00Z',
      orders: [{ kind: 'release', by: 'judge', at: '2026-11-30T14:00:00Z' }],
    };
    expect(
      answer('detainer', { ...ordered, jurisdiction: 'us/fl/a', 'question.at': '2026-12-02T13:59:59Z' }).outcome,
    ).toBe('undetermined');
    expect(
      answer('detainer', { ...ordered, jurisdiction: 'us/fl/a', 'question.at': '2026-12-02T14:00:00Z' }),
    ).toMatchObject({ outcome: 'prohibited', instruction: 'release' });
  });
  test('and before the recorded end, which may be right, nobody is let go whom the state may hold', () => {
    const contradicted = {
      'custody.bases[0].endedAt': '2026-12-01T14:00:00Z',
      orders: [{ kind: 'release', by: 'judge', at: '2026-11-26T14:00:00Z' }],
      jurisdiction: 'us/fl/a',
    };
    const at = (instant: string): Answer => answer('detainer', { ...contradicted, 'question.at': instant });
    expect(at('2026-12-01T13:59:59Z')).toMatchObject({ outcome: 'prohibited', instruction: 'ask-a-person' });
    expect(at('2026-12-01T14:00:00Z')).toMatchObject({ outcome: 'prohibited', instruction: 'release' });
  });
  test('on a detainer alone every limit counts from that end: it stays open', () =>
    expect(
      answer('detainer', { jurisdiction: 'us/fl/a', 'question.at': '2026-12-20T14:00:00Z' }, custodyEnd),
    ).toMatchObject({
      outcome: 'undetermined',
      missing: custodyEnd,
    }));
});

test('a state whose law nobody has written down is not silent: a person must say what it is', () => {
  expect(answer('wso-hold', { jurisdiction: 'us/zz/example-county' })).toMatchObject({
    outcome: 'undetermined',
    missing: ['jurisdiction'],
  });
  expect(answer('wso-hold', { jurisdiction: 'us/zz/example-county' }, [], [emptyPack]).outcome).toBe('permitted');
});

describe('what the sergeant does now', () => {
  test('while the state holds the person, nothing changes', () => {
    const result = answer('wso-hold', {}, [
      'custody.bases[0].endedAt',
      'custody.bases[0].endedBy',
      'warrants[0].service',
    ]);
    expect(result).toMatchObject({
      outcome: 'prohibited',
      instruction: 'continue-state-custody',
      clock: { state: 'not-started', limits: [] },
    });
  });
  test('a later basis still runs: it is the last one that counts', () => {
    const result = answer('wso-hold', { 'custody.bases[1]': { kind: 'court-order', since: '2026-11-25T00:00:00Z' } });
    expect(result).toMatchObject({ outcome: 'prohibited', instruction: 'continue-state-custody' });
  });
  test('a hand-over that would end after the limit is prohibited, and the person is kept until the limit at most', () => {
    const result = answer('wso-hold', {
      'question.act': 'transfer',
      'question.at': '2026-12-03T13:50:00Z',
      'question.completesAt': '2026-12-03T14:00:01Z',
    });
    expect(result).toMatchObject({ outcome: 'prohibited', instruction: 'hold-until' });
  });
  test('a hand-over complete at the limit itself is within it', () => {
    const result = answer('wso-hold', {
      'question.act': 'transfer',
      'question.at': '2026-12-03T13:50:00Z',
      'question.completesAt': '2026-12-03T14:00:00Z',
    });
    expect(result).toMatchObject({ outcome: 'permitted', instruction: 'hand-over' });
  });
  test('one second before the limit the hold stands; at the limit it is over', () => {
    expect(answer('wso-hold', { 'question.at': '2026-12-03T13:59:59Z' })).toMatchObject({
      outcome: 'permitted',
      clock: { state: 'running' },
    });
    expect(answer('wso-hold', { 'question.at': '2026-12-03T14:00:00Z' })).toMatchObject({
      outcome: 'prohibited',
      instruction: 'release',
      clock: { state: 'expired' },
    });
  });
  test('a warrant that may be served grounds the hold that follows', () => {
    expect(answer('wso-serve')).toMatchObject({ outcome: 'permitted', instruction: 'hold-until' });
  });
  test('a warrant may be served, and the law forbids the hold that would follow: release', () => {
    const rule = all.find((pack) => pack.path === 'us/ny')?.rules.find((each) => each.id === 'us.ny.no-hold');
    if (rule === undefined) throw new Error('no rule');
    const noHold = { ...emptyPack, rules: [{ ...rule, acts: ['hold' as const] }] };
    expect(answer('wso-serve', { jurisdiction: 'us/zz' }, [], [noHold])).toMatchObject({
      outcome: 'permitted',
      instruction: 'release',
    });
  });
  test('a notice may be given while the person must go', () => {
    expect(answer('detainer', { 'question.act': 'notify' })).toMatchObject({
      outcome: 'permitted',
      instruction: 'release',
    });
  });
  test('a notice may be given, and whether the person may be held is open', () => {
    expect(answer('wso-hold', { 'question.act': 'notify' }, ['person.identity'])).toMatchObject({
      outcome: 'permitted',
      instruction: 'ask-a-person',
    });
  });
  test('who has left is not taken back', () => {
    expect(answer('wso-hold', { 'custody.handedOverAt': '2026-12-01T14:05:00Z' })).toMatchObject({
      outcome: 'prohibited',
      instruction: 'release',
      clock: { state: 'stopped' },
    });
  });
  test('no basis of custody was ever there: nothing to continue from', () => {
    expect(answer('wso-hold', { 'custody.bases': [] })).toMatchObject({
      outcome: 'prohibited',
      instruction: 'release',
      clock: { state: 'not-started' },
    });
  });
  test('custody that nobody has recorded is unknown', () => {
    expect(answer('wso-hold', {}, ['custody'])).toMatchObject({
      outcome: 'undetermined',
      instruction: 'ask-a-person',
      missing: ['custody.bases'],
    });
  });
  test('an agreement concerns no one person, so nobody is told what to do with one', () => {
    expect(answer('agency').instruction).toBeUndefined();
    expect(answer('agency', { 'question.act': 'house' }).instruction).toBeUndefined();
  });
});

describe('a booking tried on another day', () => {
  const autumn = {
    'question.at': '2026-10-31T18:05:00Z',
    'custody.bases[0].endedAt': '2026-10-31T18:00:00Z',
    'warrants[0].service.at': '2026-10-31T18:00:00Z',
  };
  test('is answered, with a finding that says what was not tested', () => {
    const result = answer('wso-hold', autumn);
    expect(result).toMatchObject({ outcome: 'permitted', clock: { deadline: '2026-11-02T18:00:00Z' } });
    expect(result.findings.at(-1)).toMatchObject({ rule: 'case.tried-on-another-day', effect: 'limits' });
  });
  test('what forbids counts as well as what permits: cancelled, withdrawn, claimed, released', () => {
    const later = '2026-11-25T00:00:00Z';
    expect(answer('wso-hold', { ...autumn, 'detainers[0].cancelledAt': later }).outcome).toBe('prohibited');
    expect(answer('wso-hold', { ...autumn, 'officer.withdrawnAt': later }).outcome).toBe('prohibited');
    expect(answer('wso-hold', { ...autumn, 'agreement.suspendedAt': later }).outcome).toBe('prohibited');
    expect(answer('wso-hold', { ...autumn, 'person.citizenship.claimedAt': later }).outcome).toBe('undetermined');
    expect(answer('wso-hold', { ...autumn, 'custody.releasedAt': later })).toMatchObject({
      outcome: 'prohibited',
      instruction: 'release',
      clock: { state: 'stopped' },
    });
  });
  test('a detainer that was served needs no copy served', () =>
    expect(answer('wso-hold', autumn).duties.some(({ duty }) => duty.includes('copy'))).toBe(false));
  test('does not make an unserved detainer served', () => {
    expect(answer('wso-hold', autumn, ['detainers[0].servedOnPersonAt']).outcome).toBe('prohibited');
  });
});

describe('a court’s order of release', () => {
  const order = (at: string): Record<string, unknown> => ({ orders: [{ kind: 'release', by: 'judge', at }] });
  test('that ended state custody says nothing of what comes after', () => {
    expect(answer('wso-hold', order('2026-12-01T14:00:00Z')).outcome).toBe('permitted');
  });
  test('that came later ends the hold', () => {
    expect(answer('wso-hold', order('2026-12-01T14:00:01Z'))).toMatchObject({
      outcome: 'prohibited',
      instruction: 'release',
    });
  });
  test('that has not come yet changes nothing', () => {
    expect(answer('wso-hold', order('2026-12-01T15:00:00Z')).outcome).toBe('permitted');
  });
});

describe('the answer’s shape', () => {
  test('names the packs that were applied, `us` first', () => {
    const { rulePacks } = answer('detainer', { jurisdiction: 'us/ca/los-angeles-county' });
    expect(rulePacks).toEqual(
      ['us', 'us/ca', 'us/ca/los-angeles-county'].map((path) => {
        const pack = all.find((each) => each.path === path);
        return { path, version: pack?.version, sha256: pack?.sha256 };
      }),
    );
  });
  test('leaves out what there is not, instead of writing it empty', () => {
    expect(Object.keys(answer('agency'))).not.toContain('instruction');
    expect(Object.keys(answer('agency').clock)).toEqual(['state', 'limits']);
  });
  test('names missing facts in the order of their paths', () => {
    const { missing } = answer('wso-hold', {}, ['warrants[0].signed', 'warrants[0].basis', 'warrants[0].namesPerson']);
    expect(missing).toEqual(['warrants[0].basis', 'warrants[0].namesPerson', 'warrants[0].signed']);
  });
  test('may be asked by the law of another day', () => {
    const question = readBase('detainer', { jurisdiction: 'us/wa/pierce-county' });
    const rules = (on?: Day): string[] =>
      deciderFor(packsOf(all, 'us/wa'), 'us/wa', on)(question).findings.map((finding) => finding.rule);
    expect(rules()).toContain('us.wa.no-hold');
    expect(rules(day('2019-05-20'))).not.toContain('us.wa.no-hold');
  });
});

describe('what is asked is open, and what happens with the person is not', () => {
  test('an open question of notice keeps nobody where the hold is prohibited', () => {
    const unlisted = {
      jurisdiction: 'us/ca/example-county',
      'question.act': 'notify',
      convictions: [{ class: 'ca:unlisted', convictedOn: '2020-01-01' }],
    };
    expect(answer('detainer', unlisted)).toMatchObject({ outcome: 'undetermined', instruction: 'release' });
  });
  const nobodyKnowsTheAge = (set: Record<string, unknown>, remove: string[] = []): Answer =>
    answer('wso-hold', { 'question.act': 'interview', ...set }, ['person.bornOn', ...remove]);
  test('past the deadline an open interview keeps nobody', () =>
    expect(nobodyKnowsTheAge({ 'question.at': '2026-12-03T14:00:00Z' })).toMatchObject({
      outcome: 'undetermined',
      instruction: 'release',
      clock: { state: 'expired' },
    }));
  test('who has left is not held by a question', () =>
    expect(nobodyKnowsTheAge({ 'custody.releasedAt': '2026-12-01T14:05:00Z' }).instruction).toBe('release'));
  test('without any paper nobody is kept for a question', () =>
    expect(nobodyKnowsTheAge({ detainers: [], warrants: [] }).instruction).toBe('release'));
  test('while the state’s custody runs it goes on, whatever is open', () =>
    expect(
      nobodyKnowsTheAge({}, ['custody.bases[0].endedAt', 'custody.bases[0].endedBy', 'warrants[0].service'])
        .instruction,
    ).toBe('continue-state-custody'));
  test('custody that nobody has recorded: whether the state holds the person, somebody must say, also where ICE gets nothing', () =>
    expect(answer('detainer', { 'detainers[0].signed': false }, ['custody'])).toMatchObject({
      outcome: 'prohibited',
      instruction: 'ask-a-person',
    }));
  test('a notice is permitted and the hold is open: what is not recorded stands in a finding', () => {
    const { findings, missing, instruction } = answer('wso-hold', { 'question.act': 'notify' }, ['person.identity']);
    expect([instruction, missing]).toEqual(['ask-a-person', []]);
    expect(findings.at(-1)).toMatchObject({ rule: 'case.hold-is-open', effect: 'limits' });
    expect(findings.at(-1)?.text).toContain('(not recorded: person.identity)');
  });
  test('an unsigned paper, and an end of custody whose hour nobody wrote down: that hour is what is asked for', () => {
    const unsigned = { 'custody.bases[0].endedBy': 'bail', 'detainers[0].signed': false };
    const { findings, outcome, instruction } = answer('wso-hold', unsigned, ['custody.bases[0].endedAt']);
    expect([outcome, instruction]).toEqual(['prohibited', 'ask-a-person']);
    expect(findings.at(-1)?.text).toContain('(not recorded: custody.bases[0].endedAt)');
  });
  test('service is open, and so is the hold after it', () =>
    expect(answer('wso-serve', {}, ['officer.certifiedOn'])).toMatchObject({
      outcome: 'undetermined',
      instruction: 'ask-a-person',
    }));
  test.each([undefined, 'w1'])(
    'service is open, and a state mandate grounds the hold only as long as nobody serves: somebody is asked (named: %s)',
    (warrant) => {
      const named = { jurisdiction: 'us/fl/example-county', ...(warrant && { 'question.warrant': warrant }) };
      expect(answer('wso-serve', named, ['officer.certifiedOn'])).toMatchObject({
        outcome: 'undetermined',
        instruction: 'ask-a-person',
        missing: ['officer.certifiedOn'],
        clock: { state: 'running', deadline: '2026-12-03T14:00:00Z' },
      });
    },
  );
  test('service is open, and the law forbids the hold either way: release', () => {
    const rule = all.find((pack) => pack.path === 'us/ny')?.rules.find((each) => each.id === 'us.ny.no-hold');
    if (rule === undefined) throw new Error('no rule');
    const noHold = { ...emptyPack, rules: [{ ...rule, acts: ['hold' as const] }] };
    expect(answer('wso-serve', { jurisdiction: 'us/zz' }, ['officer.certifiedOn'], [noHold])).toMatchObject({
      outcome: 'undetermined',
      instruction: 'release',
    });
  });
  test('service of one warrant is open, and the hold stands on another that was served', () => {
    const open = { id: 'w2', form: 'I-200', issuedOn: '2026-11-21', issuerTitle: 'SDDO', basis: ['statements'] };
    const asked = {
      'question.act': 'serve-warrant',
      'question.warrant': 'w2',
      'warrants[1]': { ...open, namesPerson: true, received: 'document' },
      'detainers[0].warrants': ['w1', 'w2'],
    };
    const result = answer('wso-hold', asked);
    expect(result).toMatchObject({
      outcome: 'undetermined',
      instruction: 'hold-until',
      missing: ['warrants[1].signed'],
    });
    expect(result.findings.at(-1)?.rule).toBe('case.held-apart');
  });
  test('service is prohibited, and a state mandate grounds the hold without it', () => {
    const asked = { jurisdiction: 'us/fl/example-county', 'question.act': 'serve-warrant' };
    expect(answer('detainer', asked)).toMatchObject({ outcome: 'prohibited', instruction: 'hold-until' });
  });
});

test('the same case and packs give the same bytes', () => {
  expect(JSON.stringify(answer('wso-hold'))).toBe(JSON.stringify(answer('wso-hold')));
});

describe('a service by somebody else', () => {
  const byIce = { 'warrants[0].service': { at: '2026-11-28T15:00:00Z', by: 'ice-officer', facility: 'main-jail' } };
  const rules = ({ findings }: Answer): string[] => findings.map(({ rule }) => rule);
  test.each([
    ['us/de/example-county', 'us.de.existing-ended'],
    ['us/nm/example-county', 'us.nm.no-service'],
  ])('%s: without an agreement it rested on none that could have ended', (jurisdiction, rule) => {
    const served = { jurisdiction, 'officer.id': 'o1' };
    expect(rules(answer('wso-hold', { ...served, ...byIce }, ['agreement']))).not.toContain(rule);
    expect(rules(answer('wso-hold', { ...served, ...byIce }))).toContain(rule);
    expect(rules(answer('wso-hold', served, ['agreement']))).toContain(rule);
  });
});

test('after a gap the time for ICE is up, while a new charge holds the person', () => {
  const bases = [
    { kind: 'charge', since: '2026-11-20T03:00:00Z', endedAt: '2026-11-25T14:00:00Z', endedBy: 'bail' },
    { kind: 'charge', since: '2026-11-26T14:00:00Z' },
  ];
  const { outcome, instruction, clock } = answer('detainer', {
    jurisdiction: 'us/fl/example-county',
    'custody.bases': bases,
  });
  expect([outcome, instruction]).toEqual(['prohibited', 'continue-state-custody']);
  expect(clock).toMatchObject({ state: 'expired', startsAt: '2026-11-25T14:00:00Z', deadline: '2026-11-27T14:00:00Z' });
});
