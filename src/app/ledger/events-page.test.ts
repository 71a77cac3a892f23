import { expect, test } from 'vitest';
import { EVENT_TYPES } from '../../domain/record/catalogue.ts';
import { eventsPage } from './events-page.ts';

const page = eventsPage();

function sectionOf(type: string): string {
  return page.split('\n### ').find((section) => section.includes(`\n\`${type}\` · `)) ?? '';
}

test('every kind has its section, once', () => {
  for (const type of EVENT_TYPES) expect(page.split(`\n\`${type}\` · `), type).toHaveLength(2);
});

test('a beginning, a decision, a correction and an erasure say what else a draft must bring', () => {
  expect(sectionOf('booking.opened')).toContain('Begins its subject.');
  expect(sectionOf('decision.made')).toContain('needs `basedOn`');
  expect(sectionOf('hold.begun')).toContain('needs `basedOn`');
  expect(sectionOf('correction')).toContain('Needs `corrects`');
  expect(sectionOf('subject.expunged')).toContain('Needs `erases`');
  expect(sectionOf('custody.released')).not.toContain('needs `basedOn`');
});

test('a field says its kind, whether it may be left out, and what it means', () => {
  expect(sectionOf('custody.basis-ended')).toMatch(/\| `basis` +\| entry +\|/);
  expect(sectionOf('custody.basis-ended')).toMatch(/\| `endedAt` +\| instant +\|/);
  expect(sectionOf('custody.basis-ended')).toMatch(/\| `endedBy` +\| `bail`, .*; may be left out \|/);
  expect(sectionOf('booking.opened')).toMatch(/\| `facility\.timeZone` +\| text +\|/);
  expect(sectionOf('detainer.received')).toMatch(/\| `warrants` +\| list of entries; may be left out +\| the warrants/);
  expect(sectionOf('cost.recorded')).toMatch(/\| `cents` +\| whole number +\|/);
});
