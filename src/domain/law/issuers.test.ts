import { expect, test } from 'vitest';
import { issuerIndex, plainTitle, standingOf } from './issuers.ts';
import type { Issuers } from './pack.ts';

const LIST = {
  forms: ['I-200'],
  authorized: [
    'Field Office Director',
    'Supervisory Detention and Deportation Officer',
    'Special Agent in Charge',
    'Section Chief, Law Enforcement Support Center',
    'Judge',
    'Magistrate Judge',
  ],
  notAuthorized: ['Deportation Officer'],
  ambiguous: [],
} as unknown as Issuers;
const titles = issuerIndex([LIST]).get('I-200') ?? new Map<string, never>();

test.each([
  ['Field Office Director, Miami', 'authorized'],
  ['Field Office Director, Miami, Florida', 'authorized'],
  ['Field Office Director (FOD), Miami', 'authorized'],
  ['Supervisory Detention & Deportation Officer (SDDO)', 'authorized'],
  ['Supervisory Detention and Deportation Officer (S.D.D.O.)', 'authorized'],
  ['Special Agent in Charge (SAC)', 'authorized'],
  ['Section Chief, Law Enforcement Support Center', 'authorized'],
  ['Deportation Officer, Miami', 'not-authorized'],
  ['Magistrate Judge, C.D. Cal.', 'authorized'],
])('%s: the place and the title’s own initials add nothing', (title, standing) =>
  expect(standingOf(titles, title)).toBe(standing),
);

test.each([
  'Field Office Director, by D. Doe',
  'Field Office Director, designee',
  'Judge, Immigration Court',
  'Judge (IJ)',
  'Magistrate Judge, Fulton County',
  'Deportation Officer (Acting Field Office Director)',
  'Section Chief',
])('%s: what follows may change the office, and nobody can say', (title) =>
  expect(standingOf(titles, title)).toBeUndefined(),
);

test('a title is written plain whatever follows it', () =>
  expect(plainTitle('Field Office Director, Miami')).toBe('field office director miami'));
