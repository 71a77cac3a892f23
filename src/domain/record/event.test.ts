import { describe, expect, it } from 'vitest';
import { primitives } from '../../adapters/system/primitives.ts';
import { canonicalJson } from '../case/canonical.ts';
import type { Instant } from '../time/instant.ts';
import type { Content } from './catalogue.ts';
import {
  checkDraft,
  envelopeFrom,
  openEntry,
  sealEntry,
  type Draft,
  type Envelope,
  type EventRead,
  type Unreadable,
} from './event.ts';
import { newHandle } from './key-tree.ts';

const key = primitives.random(32);
const subject = newHandle(primitives);
const released: Draft<'custody.released'> = {
  type: 'custody.released',
  subject,
  occurredAt: 1_780_000_000_000 as Instant,
  actor: 'sergeant.one',
  request: '0f8fad5b-d9cb-469f-a165-70867728950e',
  content: { releasedAt: '2026-05-28T20:26:40Z' },
};
const place = { agency: 'us/fl/monroe-county/sheriff', sequence: 7, recordedAt: 1_780_000_060_000 as Instant };
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('a sealed entry', () => {
  it('opens with its key and says what was drafted', () => {
    const { envelope, ciphertext } = sealEntry(released, place, key, primitives);
    const opened = openEntry(envelope, ciphertext, key, primitives) as EventRead;
    expect(opened.actor).toBe('sergeant.one');
    expect(opened.content).toEqual(released.content);
    expect([opened.occurredAt, opened.recordedAt]).toEqual(['2026-05-28T20:26:40.000Z', '2026-05-28T20:27:40.000Z']);
  });

  it('tells outside the UTC day on which it was recorded, and no time of day', () => {
    const lastMoment = { ...place, recordedAt: Date.UTC(2026, 11, 31, 23, 59, 59, 999) as Instant };
    const { envelope, bytes } = sealEntry(released, lastMoment, key, primitives);
    expect(envelope.recordedOn).toBe('2026-12-31');
    expect(text(bytes)).toContain(',"recordedOn":"2026-12-31","sequence":7,');
    expect(text(bytes)).not.toMatch(/\d\d:\d\d/);
  });

  it('commits to the exact times: another one is another commitment', () => {
    // Salt and nonce are held still, so that nothing but the time can differ.
    const still = { ...primitives, random: (count: number) => new Uint8Array(count) };
    const commitmentOf = (later: number, recordedLater: number): string => {
      const draft = { ...released, occurredAt: (released.occurredAt + later) as Instant };
      const at = { ...place, recordedAt: (place.recordedAt + recordedLater) as Instant };
      return sealEntry(draft, at, key, still).envelope.commitment;
    };
    expect(commitmentOf(0, 0)).toBe(commitmentOf(0, 0));
    expect(new Set([commitmentOf(0, 0), commitmentOf(1, 0), commitmentOf(0, 1)]).size).toBe(3);
  });

  it('shows neither the actor nor the content outside', () => {
    const { bytes, ciphertext } = sealEntry(released, place, key, primitives);
    for (const shown of [text(bytes), Buffer.from(ciphertext).toString('latin1')]) {
      expect(shown).not.toContain('sergeant');
      expect(shown).not.toContain('releasedAt');
    }
  });

  it('has one canonical text, which reads back to itself', () => {
    const { envelope, bytes } = sealEntry(released, place, key, primitives);
    expect(envelopeFrom(bytes)).toEqual(envelope);
    expect(text(bytes).startsWith('{"agency":"us/fl/monroe-county/sheriff","ciphertext":"')).toBe(true);
    expect(envelopeFrom(new TextEncoder().encode(JSON.stringify(envelope, null, 1)))).toBeUndefined();
    expect(envelopeFrom(new TextEncoder().encode('{"v":1}'))).toBeUndefined();
    expect(envelopeFrom(new TextEncoder().encode('no json'))).toBeUndefined();
  });

  it('reads back as it was written, with and without a correction or an erasure', () => {
    const erases = newHandle(primitives);
    for (const more of [{}, { corrects: 0 }, { corrects: 123_456 }, { erases }, { corrects: 7, erases }]) {
      const { envelope, bytes } = sealEntry({ ...released, ...more }, place, key, primitives);
      expect(envelopeFrom(bytes)).toEqual(envelope);
    }
  });

  it('reads only bytes that are the canonical text of what it reads: a byte changed, left out or put in anywhere', () => {
    const { bytes } = sealEntry({ ...released, corrects: 10, erases: newHandle(primitives) }, place, key, primitives);
    const bits = Buffer.from('"0,:{}a-./Z 9\\é', 'latin1');
    let read = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      for (const byte of bits) {
        const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
        for (const changed of [
          [...head, byte, ...tail],
          [...head, byte, ...tail.subarray(1)],
          [...head, ...tail.subarray(1)],
        ]) {
          const envelope = envelopeFrom(Uint8Array.from(changed));
          if (envelope === undefined) continue;
          read += 1;
          expect(canonicalJson(envelope)).toBe(text(Uint8Array.from(changed)));
        }
      }
    }
    // Digits of hashes and times may be others; that is all.
    expect(read).toBeGreaterThan(500);
  });

  it('commits differently to the same words: nobody finds them by trying', () => {
    const [one, other] = [sealEntry(released, place, key, primitives), sealEntry(released, place, key, primitives)];
    expect(one.envelope.commitment).not.toBe(other.envelope.commitment);
  });

  it.each<[string, Unreadable, { envelope?: Partial<Envelope>; key?: Uint8Array | null; isGone?: true }]>([
    ['with another key', 'wrong-key', { key: primitives.random(32) }],
    ['without a key', 'key-destroyed', { key: null }],
    ['without its content', 'content-missing', { isGone: true }],
    ['as another entry', 'wrong-key', { envelope: { sequence: 8 } }],
    ['as another kind', 'wrong-key', { envelope: { type: 'custody.handed-over' } }],
    ['under another commitment', 'commitment-differs', { envelope: { commitment: '0'.repeat(64) } }],
  ])('does not open %s', (_, why, change) => {
    const { envelope, ciphertext } = sealEntry(released, place, key, primitives);
    const withKey = change.key === undefined ? key : (change.key ?? undefined);
    const withText = change.isGone ? undefined : ciphertext;
    expect(openEntry({ ...envelope, ...change.envelope }, withText, withKey, primitives)).toBe(why);
  });

  it('does not open with one bit of its ciphertext changed', () => {
    const { envelope, ciphertext } = sealEntry(released, place, key, primitives);
    const flipped = Uint8Array.from(ciphertext);
    flipped[20] = (flipped[20] ?? 0) ^ 1;
    expect(openEntry(envelope, flipped, key, primitives)).toBe('ciphertext-differs');
    const hiding = { ...envelope, ciphertext: primitives.hash(flipped).toHex() };
    expect(openEntry(hiding, flipped, key, primitives)).toBe('wrong-key');
  });
});

describe('a draft', () => {
  const wrongIn = (change: Partial<Draft>): string[] => {
    const checked = checkDraft({ ...released, ...change });
    return checked.ok ? [] : checked.failures.map(({ where }) => where);
  };

  it('is taken as the catalogue has it', () => expect(wrongIn({})).toEqual([]));

  it.each<[string, Partial<Draft>, string[]]>([
    ['a kind that nobody knows', { type: 'custody.extended' as 'custody.released' }, ['type']],
    ['a handle that is none', { subject: 'Maria' as typeof subject }, ['subject']],
    ['a request that says something', { request: 'release of Maria' }, ['request']],
    // Version 7 (RFC 9562): its first 12 digits are the time at which it was made.
    ['a request that tells a time', { request: '017f22e2-79b0-7cc3-98c4-dc0c0c07398f' }, ['request']],
    ['nobody who says so', { actor: ' ' }, ['actor']],
    [
      'one person where it takes two, spelt so that nobody sees the difference',
      {
        type: 'rule-pack.adopted',
        content: { path: 'us/fl', version: '1', sha256: 'a'.repeat(64), second: 'Sergeant.One\u200b ' },
      },
      ['content.second'],
    ],
    [
      'a key of content that the kind has not',
      { content: { releasedAt: '2026-05-28T20:26:40Z', name: 'Maria' } as never },
      ['content.name'],
    ],
    ['a time that is none', { content: { releasedAt: 'tonight' } }, ['content.releasedAt']],
    ['a correction of nothing', { type: 'correction', content: { content: {}, reason: 'typo' } }, ['corrects']],
    ['a correction that is none', { corrects: 3 }, ['corrects']],
    ['an erasure of nobody', { type: 'subject.expunged', content: { order: 'court', second: 'two' } }, ['erases']],
    [
      'a decision that says not what was seen',
      { type: 'hold.begun', content: { decision: 1, until: '2026-05-28T20:26:40Z' } },
      ['basedOn'],
    ],
  ])('is refused with %s', (_, change, where) => expect(wrongIn(change)).toEqual(where));

  it('is refused where a decision carries no outcome', () => {
    const content = {
      question: { act: 'hold', at: '2026-05-28T20:26:40Z' },
      answer: {},
    } as unknown as Content<'decision.made'>;
    expect(wrongIn({ type: 'decision.made', content, basedOn: 1 })).toEqual(['content.answer.outcome']);
  });
});
