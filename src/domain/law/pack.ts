import type { Act } from '../case/case.ts';
import type { Day } from '../time/instant.ts';
import type { Holiday } from '../time/holidays.ts';
import type { CedarExpression } from './evaluate.ts';

/**
 * A rule pack as the decision reads it: plain data, built from `pack.yaml` and `*.cedar` by `writkeeper rules build`.
 * Every dated thing holds from the start of `from` to the start of `until`, in the facility's own days.
 */
export interface Pack {
  readonly format: 1;
  readonly path: string;
  readonly title: string;
  /** Other names of the place in jurisdictions, `new-orleans` for `us/la/orleans-parish`: no spelling may lose a county's law. */
  readonly alsoCalled: readonly string[];
  /**
   * Every name of the counties and cities below that have a pack of their own, `us/la/orleans-parish` and `us/la/new-orleans`:
   * where only this pack is read, a decision must know that there is stricter law which was not.
   */
  readonly placesBelow: readonly string[];
  readonly version: string;
  /** SHA-256 over the pack's sources, so that an answer names the exact law it applied. */
  readonly sha256: string;
  readonly authorities: readonly Authority[];
  readonly rules: readonly Rule[];
  readonly limits: readonly Limit[];
  readonly outProcessing: readonly OutProcessing[];
  readonly terminationNotice: readonly TerminationNotice[];
  readonly duties: readonly Duty[];
  readonly convictionClasses: readonly ConvictionClass[];
  readonly issuers: readonly Issuers[];
  readonly warrantBoxes: readonly WarrantBoxes[];
  readonly custodyForms: readonly CustodyForm[];
  readonly choices: readonly Choice[];
  readonly decisions: readonly CounselDecision[];
  readonly holidays: readonly HolidayList[];
  readonly defaultDeny?: DefaultDeny | undefined;
}

export interface Dated {
  /** First day in force. */
  readonly from: Day;
  /** First day no longer in force. */
  readonly until?: Day | undefined;
}

/** A source of law, in our own words. */
export interface Authority {
  readonly id: string;
  readonly kind:
    'constitution' | 'statute' | 'regulation' | 'case' | 'form' | 'agreement' | 'order' | 'local' | 'policy';
  /** As lawyers write it: `8 CFR 287.7(d)`. */
  readonly citation: string;
  readonly link?: string | undefined;
  readonly text: string;
  readonly confirmed: boolean;
  /** Why it is unconfirmed: what has not been read, or where sources disagree. */
  readonly doubt?: string | undefined;
}

/** One legal rule. */
export interface Rule extends Dated {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  /** The law commands the act (a permit only). */
  readonly requires: boolean;
  /** Citations of authorities, joined by "; ". */
  readonly citation: string;
  readonly title: string;
  /** Why the reader should doubt it; absent where every authority behind it was read. */
  readonly doubt?: string | undefined;
  readonly acts: readonly Act[];
  /** `when` bodies, and `unless` bodies negated: all must be true. */
  readonly conditions: readonly CedarExpression[];
  /** The file it stands in, for the author. */
  readonly file: string;
  readonly source: string;
}

/** A limit on custody past the state's own. */
export interface Limit extends Dated {
  readonly id: string;
  readonly citation: string;
  readonly title: string;
  readonly doubt?: string | undefined;
  /** Elapsed hours; undefined: until a time of the anchor's calendar day. */
  readonly hours?: number | undefined;
  /** That time, in minutes since the day began in the facility's zone; undefined: the end of the day. */
  readonly untilMinute?: number | undefined;
  readonly excludes: readonly ('saturday' | 'sunday' | 'federal-holiday')[];
  readonly anchor: 'custody-ended' | 'detainer-received' | 'warrant-served';
  /** What the hold must rest on for this limit to speak. */
  readonly appliesTo: 'detainer' | 'agreement' | 'judicial-warrant' | 'court-order';
  /** Acts for which it speaks; empty: all. A state that forbids holds may still let ICE come to the door. */
  readonly acts: readonly Act[];
  /** Detainer forms it speaks of; empty: all that can ask for custody. */
  readonly forms: readonly string[];
  /** Only where counsel has switched this choice on. */
  readonly choice?: string | undefined;
  /** Limits that this one replaces while its choice is on. */
  readonly displaces: readonly string[];
}

/** How long an ordinary release takes after state custody has ended. It adds nothing to any limit. */
export interface OutProcessing extends Dated {
  readonly citation: string;
  readonly hours: number;
}

/** How long an agreement still runs once notice of its termination was received. */
export interface TerminationNotice extends Dated {
  readonly citation: string;
  readonly days: number;
}

export const TRIGGERS = [
  'request-received', // a detainer or request for notice is on file
  'request-declined', // … and the act it asks for is not permitted
  'act-permitted', // the act asked about may be done
  'act-required', // … and a law commands it
  'detainer-not-served', // a detainer is on file, and the person has no copy of it
  'citizenship-claimed',
  'citizenship-suspected', // there is evidence of it, and the person has not claimed it
  'warrant-served',
  'interpreter-unnamed', // the warrant is served, and no interpreter is on record
  'custody-ended',
  'victim-or-witness',
] as const;
export type Trigger = (typeof TRIGGERS)[number];

export interface Duty extends Dated {
  readonly id: string;
  readonly citation: string;
  readonly duty: string;
  readonly doubt?: string | undefined;
  readonly trigger: Trigger;
  /**
   * What it rests on: only under an agreement; or only where a detainer or request is on file, and of an act that may be
   * done only where that act rests on one.
   */
  readonly appliesTo?: 'agreement' | 'detainer' | undefined;
  /** Acts with which it is shown; empty: all that concern a person. A duty of the house names its own. */
  readonly acts: readonly Act[];
  /** Hours after the trigger by which it is due; undefined: no time is fixed. */
  readonly withinHours?: number | undefined;
}

export interface ConvictionClass extends Dated {
  readonly code: string;
  readonly citation: string;
  readonly title: string;
  readonly withinYears?: number | undefined;
}

/** Who may sign a form: titles, compared without case and punctuation. What is on neither list is unknown. */
export interface Issuers extends Dated {
  readonly forms: readonly string[];
  readonly citation: string;
  readonly authorized: readonly string[];
  readonly notAuthorized: readonly string[];
  /** Titles of which nobody can say: they take back what a list further up says. */
  readonly ambiguous: readonly string[];
}

/** The grounds that a form prints, as a case writes those that are ticked. Words of none of them are not understood. */
export interface WarrantBoxes extends Dated {
  readonly forms: readonly string[];
  readonly citation: string;
  readonly boxes: readonly string[];
}

/** The form by which ICE asks for custody, for as long as it does: what a paper in order is on a day. */
export interface CustodyForm extends Dated {
  readonly form: string;
  readonly citation: string;
}

/** A point on which the law leaves counsel a choice. Off until somebody decides. */
export interface Choice {
  readonly id: string;
  readonly citation: string;
  readonly question: string;
}

/** Counsel's dated decision of a choice, in the pack of the jurisdiction that decided. */
export interface CounselDecision extends Dated {
  readonly choice: string;
  readonly on: boolean;
  readonly decidedBy: string;
  readonly note: string;
}

export interface HolidayList extends Dated {
  readonly citation: string;
  readonly days: readonly Holiday[];
}

export interface DefaultDeny {
  readonly id: string;
  readonly citation: string;
  readonly title: string;
}
