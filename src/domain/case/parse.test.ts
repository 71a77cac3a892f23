import { describe, expect, test } from 'vitest';
import { completeCase } from '../../../test/support/generated-cases.ts';
import { randomFrom } from '../../../test/support/random.ts';
import { sha256 } from '../../adapters/system/sha256.ts';
import { lineOf } from '../failure.ts';
import { edited } from './edit.ts';
import { parseCase } from './parse.ts';

const whole = {
  question: { act: 'hold', at: '2026-12-01T14:10:00Z', warrant: 'w1' },
  jurisdiction: 'us/fl/monroe-county',
  facility: { id: 'main-jail', agency: 'us/fl/monroe-county/sheriff', kind: 'jail', timeZone: 'America/New_York' },
  person: { bornOn: '1990-05-04', identity: 'matched' },
  custody: {
    bases: [{ kind: 'charge', since: '2026-11-20T03:00:00Z', endedAt: '2026-12-01T14:00:00Z', endedBy: 'bail' }],
  },
  detainers: [
    {
      id: 'd1',
      form: 'I-247A',
      receivedAt: '2026-11-21T15:00:00Z',
      probableCause: ['statements'],
      warrants: ['w1'],
      signed: true,
    },
  ],
  warrants: [{ id: 'w1', form: 'I-200', basis: [], received: 'document' }],
};

/** The paths of everything that a document holds: its records and lists as well as what stands in them. */
function leavesOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, each]) =>
    leavesOf(each, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`),
  );
  return path === '' ? below : [path, ...below];
}

function refusals(set: Record<string, unknown>, remove: string[] = []): string[] {
  const document = edited(whole, set, remove);
  if (!document.ok) throw new Error(document.failures.map(lineOf).join());
  const parsed = parseCase(document.value, sha256);
  return parsed.ok ? [] : parsed.failures.map(lineOf);
}

test('a whole case is read, and what is absent stays absent', () => {
  const parsed = parseCase(whole, sha256);
  expect(parsed.ok && parsed.value.detainers[0]).toMatchObject({
    signed: true,
    relayedTo: [],
    transferredByDhs: false,
  });
  expect(parsed.ok && parsed.value.detainers[0]?.servedOnPersonAt).toBeUndefined();
  expect(parsed.ok && parsed.value.question.at).toBe(Date.UTC(2026, 11, 1, 14, 10));
  expect(parsed.ok && parsed.value.person.bornOn).toBe(Date.UTC(1990, 4, 4) / 86_400_000);
});

test('the hash is that of the canonical document: order and space do not change it, a value does', () => {
  const hashOf = (document: unknown): unknown => {
    const parsed = parseCase(document, sha256);
    return parsed.ok && parsed.value.sha256;
  };
  const turned = Object.fromEntries(Object.entries(whole).reverse());
  expect(hashOf(turned)).toBe(hashOf(whole));
  expect(hashOf({ ...whole, jurisdiction: 'us/fl' })).not.toBe(hashOf(whole));
});

describe('shape: refused with the path and what must stand there', () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      'an unknown key',
      { 'person.name': 'X' },
      'person.name: is no key of the case contract; remove it or correct its name',
    ],
    [
      'an unknown key of a list item',
      { 'detainers[0].sined': true },
      'detainers[0].sined: is no key of the case contract',
    ],
    ['a wrong type', { 'detainers[0].signed': 'yes' }, 'detainers[0].signed: must be true or false, not "yes"'],
    ['a number for a text', { 'facility.id': 7 }, 'facility.id: must be a text, not 7'],
    ['a list for an object', { facility: [] }, 'facility: must be an object, not []'],
    [
      'a word that is not offered',
      { 'question.act': 'deport' },
      'question.act: must be one of hold, serve-warrant, notify',
    ],
    [
      'an instant without zone',
      { 'question.at': '2026-12-01T14:10:00' },
      'question.at: is no instant; write 2026-12-01T14:05:00Z, with Z or an offset',
    ],
    ['a second that no minute has', { 'question.at': '2026-12-01T14:10:60Z' }, 'question.at: is no instant'],
    ['the year that stands for never', { 'question.at': '9999-01-01T00:00:00Z' }, 'question.at: is no instant'],
    ['a day of that year', { 'person.bornOn': '9999-12-31' }, 'person.bornOn: is no calendar day'],
    [
      'a known form in another spelling',
      { 'detainers[0].form': 'i-247 a' },
      'detainers[0].form: is the form I-247A in another spelling; write I-247A',
    ],
    [
      'a place in capitals',
      { 'facility.agency': 'US/GA/hall-county/sheriff' },
      'facility.agency: names a place with capital letters; write it small, such as us/ga/hall-county/sheriff',
    ],
    [
      'a place in capitals, of the paper',
      { 'detainers[0].addressedTo': 'us/GA/hall-county/sheriff' },
      'detainers[0].addressedTo: names a place with capital letters',
    ],
    ['a day that no calendar has', { 'person.bornOn': '1990-02-30' }, 'person.bornOn: is no calendar day'],
    ['an hour that no day has', { 'question.at': '2026-12-01T25:10:00Z' }, 'question.at: is no instant'],
    [
      'an unknown time zone',
      { 'facility.timeZone': 'America/Springfield' },
      'facility.timeZone: is no time zone of the IANA database',
    ],
    [
      'a time zone of another country',
      { 'facility.timeZone': 'Europe/Paris' },
      'facility.timeZone: is no time zone of the United States; write the one where the jail stands, such as America/New_York; not "Europe/Paris"',
    ],
    [
      'an offset for a time zone',
      { 'facility.timeZone': '-05:00' },
      'facility.timeZone: is no time zone of the IANA database',
    ],
    [
      'a jurisdiction elsewhere',
      { jurisdiction: 'fr/paris' },
      'jurisdiction: is no jurisdiction; write us/fl/monroe-county',
    ],
    ['a jurisdiction that climbs out', { jurisdiction: 'us/../../etc' }, 'jurisdiction: is no jurisdiction'],
    ['an empty id', { 'detainers[0].id': ' ' }, 'detainers[0].id: is empty; write what it is; not " "'],
    [
      'a text without end',
      { 'facility.id': 'x'.repeat(501) },
      'facility.id: is longer than 500 characters; shorten it; not "xxx',
    ],
    [
      'a list without end',
      { 'detainers[0].relayedTo': Array(1001).fill('a') },
      'detainers[0].relayedTo: holds more than 1000 entries; keep those that bear on the case; not ["a",',
    ],
    ['half a character', { 'detainers[0].form': '\ud800' }, 'detainers[0].form: holds half a character'],
    [
      'a score above 100',
      { officer: { id: 'o', examScores: [101] } },
      'officer.examScores[0]: is no score in percent; write a number from 0 to 100; not 101',
    ],
    [
      'a number too great for any',
      { officer: { id: 'o', examScores: [Infinity] } },
      'officer.examScores[0]: must be a number, not Infinity',
    ],
  ])('%s', (_, set, line) => {
    const lines = refusals(set);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(line);
    expect(lines[0]).not.toContain('\n');
  });
  test('what the contract needs and is not there', () => {
    expect(refusals({}, ['facility.timeZone'])).toEqual(['facility.timeZone: is missing; the case contract needs it']);
    expect(refusals({}, ['question'])).toEqual(['question: is missing; the case contract needs it']);
  });
  test('a document that is no object at all', () => {
    expect(parseCase([], sha256).ok).toBe(false);
    expect(parseCase(null, sha256).ok).toBe(false);
    expect(parseCase('hold', sha256).ok).toBe(false);
  });
  test('a document that is no case is told so, where there is no path to name', () => {
    const parsed = parseCase([], sha256);
    expect(parsed.ok ? [] : parsed.failures.map(lineOf)).toEqual(['the whole document must be an object, not []']);
  });
  test.each([
    ['', '"": is no key'],
    ['a\nb', '"a\\nb": is no key'],
    ['x'.repeat(61), `"${'x'.repeat(56)}…: is no key`],
  ])('a key that would blur the line is shown as it stands in JSON: %j', (key, line) => {
    const parsed = parseCase({ ...whole, [key]: 1 }, sha256);
    expect(parsed.ok ? [] : parsed.failures.map(lineOf)[0]).toContain(line);
  });
  test('whatever stands in a place, the line is in our words, one line, and begins with the path', () => {
    const complete = completeCase(randomFrom(7), ['us/fl/monroe-county'], ['ca:serious-felony']);
    const bad = [null, true, -1, 1e9, '', ' ', 'x'.repeat(600), '\ud800', 'a\nb', [], [null], {}, { a: 1 }];
    for (const path of leavesOf(complete)) {
      for (const value of bad) {
        const document = edited(complete, { [path]: value }, []);
        const parsed = parseCase(document.ok ? document.value : undefined, sha256);
        for (const line of parsed.ok ? [] : parsed.failures.map(lineOf)) {
          expect(line).toMatch(/^[a-z][\w.[\]]*: (is|are|must|makes|holds|names|stands|"|has)/i);
          expect(line).not.toMatch(/expected|invalid|too (big|small)|undefined|\n/i);
        }
      }
    }
  });
  test('every fault is named, not only the first', () => {
    expect(refusals({ 'person.name': 'X', 'person.age': 3, 'detainers[0].signed': 1 })).toHaveLength(3);
  });
});

test('a birth after the act is the only fault, whatever dates it comes after', () => {
  const born = {
    'person.bornOn': '2026-12-02',
    'warrants[0].issuedOn': '2026-11-21',
    convictions: [{ class: 'ca:serious-felony', convictedOn: '2020-05-03' }],
  };
  expect(refusals(born)).toEqual(['person.bornOn: is after question.at; correct the date of birth']);
});

describe('order of time: what cannot be so is refused', () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      'custody that ends before it began',
      { 'custody.bases[0].endedAt': '2026-11-19T00:00:00Z' },
      'custody.bases[0].endedAt: is before since',
    ],
    [
      'custody that began after it ended',
      { 'custody.bases[0].since': '2026-12-02T00:00:00Z' },
      'custody.bases[0].endedAt: is before since',
    ],
    [
      'released before custody',
      { 'custody.releasedAt': '2026-11-01T00:00:00Z' },
      'custody.releasedAt: is before custody began',
    ],
    [
      'handed over before custody',
      { 'custody.handedOverAt': '2026-11-01T00:00:00Z' },
      'custody.handedOverAt: is before custody began',
    ],
    [
      'complete before it begins',
      { 'question.completesAt': '2026-12-01T14:09:59Z' },
      'question.completesAt: is before question.at',
    ],
    [
      'served on the person before it came',
      { 'detainers[0].servedOnPersonAt': '2026-11-21T14:59:59Z' },
      'detainers[0].servedOnPersonAt: is before receivedAt',
    ],
    [
      'cancelled before it came',
      { 'detainers[0].cancelledAt': '2026-11-21T14:59:59Z' },
      'detainers[0].cancelledAt: is before receivedAt',
    ],
    ['born after the act', { 'person.bornOn': '2026-12-02' }, 'person.bornOn: is after question.at'],
    [
      'born 121 years before the act',
      { 'person.bornOn': '1905-12-01' },
      'person.bornOn: makes the person older than 120; correct the date of birth',
    ],
    [
      'convicted on the day before birth',
      { 'person.bornOn': '1990-05-04', convictions: [{ class: 'ca:serious-felony', convictedOn: '1990-05-03' }] },
      'convictions[0].convictedOn: is before person.bornOn; correct one of the two dates',
    ],
    [
      'a warrant of the day before birth',
      { 'person.bornOn': '1990-05-04', 'warrants[0].issuedOn': '1990-05-03' },
      'warrants[0].issuedOn: is before person.bornOn; correct one of the two dates',
    ],
  ])('%s', (_, set, line) => expect(refusals(set).join()).toContain(line));
  test('what is simultaneous is possible', () => {
    expect(
      refusals({
        'custody.bases[0].endedAt': '2026-11-20T03:00:00Z',
        'detainers[0].servedOnPersonAt': '2026-11-21T15:00:00Z',
        'question.completesAt': '2026-12-01T14:10:00Z',
        'person.bornOn': '2026-12-01',
      }),
    ).toEqual([]);
  });
  test.each([
    ['2026-12-01T14:05:00Z', '2026-12-01T14:05:00Z'],
    ['2026-12-01T14:05:00Z', '2026-12-01T14:06:00Z'],
    ['2026-12-01T14:07:00Z', '2026-12-01T14:05:00Z'],
  ])('who was released, and taken by ICE at the door, was both: %s, %s', (released, handedOver) =>
    expect(refusals({ 'custody.releasedAt': released, 'custody.handedOverAt': handedOver })).toEqual([]),
  );
  test('somebody who turns 121 tomorrow is possible', () =>
    expect(refusals({ 'person.bornOn': '1905-12-02' })).toEqual([]));
  test('a booking tried on another day is read and marked, where the whole record is later than the act', () => {
    const document = edited(
      whole,
      { 'question.at': '2026-10-31T18:05:00Z', 'custody.bases[0].endedAt': '2026-10-31T18:00:00Z' },
      [],
    );
    const parsed = document.ok && parseCase(document.value, sha256);
    expect(parsed && parsed.ok && parsed.value.triedOnAnotherDay).toBe(true);
    const real = parseCase(whole, sha256);
    expect(real.ok && real.value.triedOnAnotherDay).toBe(false);
  });
  test('one mistyped year is no other day: without a detainer nothing shows that the whole record is meant', () => {
    expect(refusals({ 'custody.bases[0].since': '2027-11-20T03:00:00Z', detainers: [] })).toEqual([
      'custody.bases[0].since: is after question.at, and so is every other basis; correct one of the times',
      'custody.bases[0].endedAt: is before since; correct one of the two times',
    ]);
  });
  test('an order, or a service on the person, before the act is record too', () => {
    const autumn = { 'question.at': '2026-10-31T18:05:00Z', 'custody.bases[0].endedAt': '2026-10-31T18:00:00Z' };
    expect(refusals(autumn)).toEqual([]);
    const order = { kind: 'hold', by: 'judge', at: '2026-10-30T00:00:00Z' };
    expect(refusals({ ...autumn, orders: [order] }).join()).toContain('is before since');
    expect(refusals({ ...autumn, 'detainers[0].servedOnPersonAt': '2026-10-30T00:00:00Z' }).join()).toContain(
      'servedOnPersonAt: is before receivedAt',
    );
  });
  test('one paper of the record before the act is enough: then the order of times counts again', () => {
    expect(
      refusals({
        'question.at': '2026-10-31T18:05:00Z',
        'custody.bases[0].endedAt': '2026-10-31T18:00:00Z',
        'detainers[0].receivedAt': '2026-10-30T00:00:00Z',
      }),
    ).toContain('custody.bases[0].endedAt: is before since; correct one of the two times');
  });
  test('a year mistyped in a basis that has no end is refused, and never lets anybody go', () => {
    const open = { kind: 'charge', since: '2027-11-20T03:00:00Z' };
    expect(refusals({ 'custody.bases[0]': open })).toEqual([
      'custody.bases[0].since: is after question.at, and so is every other basis; correct one of the times',
    ]);
    expect(refusals({ 'custody.bases[1]': open })).toEqual([]);
    expect(refusals({ 'custody.bases[0]': open, 'question.act': 'sign-agreement' })).toEqual([]);
  });
});

describe('papers that are named', () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      'a warrant of a detainer that is not there',
      { 'detainers[0].warrants': ['w9'] },
      'detainers[0].warrants[0]: names the warrant "w9"',
    ],
    [
      'a warrant of the question that is not there',
      { 'question.warrant': 'w9' },
      'question.warrant: names the warrant "w9"',
    ],
    ['an id used twice', { 'warrants[1]': { id: 'w1', form: 'I-205' } }, 'warrants[1].id: "w1" is used twice'],
  ])('%s', (_, set, line) => expect(refusals(set).join()).toContain(line));
});

test('2,000 generated cases are all read', () => {
  const random = randomFrom(1);
  for (let index = 0; index < 2000; index += 1) {
    const parsed = parseCase(completeCase(random, ['us/fl/example-county']), sha256);
    expect(parsed.ok || parsed.failures).toBe(true);
  }
});
