import type { Pack } from './pack.ts';

/**
 * A made-up state whose law says nothing of immigration, for asking what federal law says by itself: in the federal
 * pack's scenarios and in comparisons. It is no file among the rule packs, so that no real case can ever name it: of a
 * state without a pack the law is unread, which is not silence.
 */
export const SILENT_STATE: Pack = {
  format: 1,
  path: 'us/xx',
  title: 'A made-up state whose law says nothing',
  alsoCalled: [],
  placesBelow: [],
  version: '2026.01.01',
  sha256: '0'.repeat(64),
  authorities: [],
  rules: [],
  limits: [],
  outProcessing: [],
  terminationNotice: [],
  duties: [],
  convictionClasses: [],
  issuers: [],
  warrantBoxes: [],
  custodyForms: [],
  choices: [],
  decisions: [],
  holidays: [],
};
