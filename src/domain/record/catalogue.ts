import { z } from 'zod';
import { ACTS } from '../case/case.ts';
import {
  agreement,
  day,
  detainer,
  facility,
  instant,
  list,
  officer,
  order,
  person,
  warrant,
  words,
} from '../case/schema.ts';

/**
 * Every kind of event that the ledger knows, and no other: from this list come the types, the validation, the page
 * `docs/events.md` and the projection's switch. A kind is never taken out and the meaning of its content never changes;
 * what must change gets a new kind.
 *
 * Content is personal and lies encrypted beside the tree, so it holds only what a decision or its proof needs. Things in
 * it are named by the entry that brought them (`basis: 12` is the basis that entry 12 began): free names would be one
 * more place for personal facts.
 */
export const CATALOGUE = {
  'booking.opened': of('booking', 'Booking opened', 'A person is booked; begins the subject.', {
    booking: words.describe('the jail’s own number of the booking'),
    jurisdiction: words,
    facility,
  }),
  'person.described': of('booking', 'Person described', 'What a decision needs to know of the person, and no more.', {
    person,
  }),
  'conviction.recorded': of('booking', 'Conviction recorded', 'A conviction of a class that a rule pack declares.', {
    class: words,
    convictedOn: day,
  }),
  'custody.basis-began': of('booking', 'Custody basis began', 'The state’s own ground of custody began.', {
    kind: z.enum(['charge', 'sentence', 'court-order', 'criminal-warrant']),
    since: instant,
  }),
  'custody.basis-ended': of(
    'booking',
    'Custody basis ended',
    'A state ground of custody ended; the last one starts the clock.',
    {
      basis: entry(),
      endedAt: instant,
      endedBy: z
        .enum(['bail', 'dismissal', 'acquittal', 'sentence-served', 'court-order', 'charges-declined'])
        .optional(),
    },
  ),
  'detainer.received': of(
    'booking',
    'Detainer received',
    'A detainer or notification request came, as it is written.',
    {
      detainer: detainer.omit({ servedOnPersonAt: true, cancelledAt: true, warrants: true }),
      warrants: list(entry()).optional().describe('the warrants that came with it; absent: nobody has looked'),
    },
  ),
  'detainer.served': of(
    'booking',
    'Detainer served on the person',
    'The person got a copy (Form I-247A takes effect by it).',
    {
      detainer: entry(),
      servedOnPersonAt: instant,
      language: words.optional(),
      copyGiven: z.boolean(),
    },
  ),
  'detainer.cancelled': of('booking', 'Detainer cancelled', 'ICE took the detainer back.', {
    detainer: entry(),
    cancelledAt: instant,
  }),
  'warrant.received': of(
    'booking',
    'Warrant received',
    'An administrative or judicial warrant came, as it is written.',
    {
      warrant: warrant.omit({ service: true }),
    },
  ),
  'warrant.served': of('booking', 'Warrant served', 'An officer served the warrant on the person.', {
    warrant: entry(),
    service: warrant.shape.service.unwrap(),
  }),
  'order.received': of('booking', 'Order received', 'A court or judicial official ordered a hold or a release.', {
    order,
  }),
  'citizenship.claimed': of(
    'booking',
    'Citizenship claimed',
    'The person claims US citizenship: service stops, the supervisor is told.',
    {
      claimedAt: instant,
      evidence: z.enum(['none', 'probative']).optional(),
    },
  ),
  'citizenship.resolved': of('booking', 'Citizenship claim resolved', 'A person’s finding on the claim.', {
    resolved: z.enum(['citizen', 'not-a-citizen']),
  }),
  'identity.checked': of('booking', 'Identity checked', 'Whether the paper names the person in custody.', {
    identity: z.enum(['matched', 'mismatched']),
  }),
  'decision.made': of('booking', 'Decision made', 'The answer on an act, and who asked for it.', {
    question: z.strictObject({
      act: z.enum(ACTS),
      at: instant,
      completesAt: instant.optional(),
      warrant: words.optional(),
    }),
    answer: z
      .looseObject({
        outcome: z.enum(['permitted', 'prohibited', 'undetermined']),
        clock: z.looseObject({ deadline: instant.optional() }).optional(),
      })
      .describe('the whole answer of the case contract'),
  }),
  'hold.begun': of('booking', 'Hold begun', 'The person is kept past state custody, on a decision and until an hour.', {
    decision: entry(),
    until: instant,
  }),
  'hold.ended': of('booking', 'Hold ended', 'The hold is over; a hold ends once.', {
    hold: entry(),
    endedAt: instant,
    how: z.enum(['deadline', 'cancelled', 'court-order', 'state-custody-resumed', 'other']),
  }),
  'custody.handed-over': of('booking', 'Handed over', 'The person was handed to ICE; ends the hold.', {
    handedOverAt: instant,
    officer: words.optional().describe('the receiving officer’s badge or credential'),
  }),
  'custody.released': of('booking', 'Released', 'The person left; ends the hold.', { releasedAt: instant }),
  'notice.given': of('booking', 'Notice given', 'A notice that the law wants was given.', {
    of: words,
    to: words,
    at: instant,
    language: words.optional(),
  }),
  'duty.arisen': of('booking', 'Duty arisen', 'Something must be done, and by when.', {
    duty: words,
    dueAt: instant.optional(),
  }),
  'duty.done': of('booking', 'Duty done', 'It was done, with what shows it.', {
    duty: entry(),
    doneAt: instant,
    proof: words.optional(),
  }),
  'alarm.raised': of('booking', 'Alarm raised', 'A milestone of a deadline passed.', {
    milestone: z.string().regex(/^[A-Z0-9+-]{1,24}$/, 'is no milestone; write T-15MIN or OVERDUE'),
    dueAt: instant,
  }),
  'alarm.acknowledged': of('booking', 'Alarm acknowledged', 'A named person has seen it. It stops no clock.', {
    alarm: entry(),
  }),
  'alarm.escalated': of('booking', 'Alarm escalated', 'Nobody answered, so the next one was called.', {
    alarm: entry(),
    to: words,
  }),
  'record.read': of('booking', 'Record read', 'Somebody read what is recorded of the person.', {
    what: words,
    purpose: words.optional(),
  }),

  'stance.recorded': of('agency', 'Stance recorded', 'The jurisdiction’s position on the program.', {
    stance: z.enum(['interested', 'applied', 'joined', 'declined', 'withdrawn', 'barred-by-law', 'required-by-law']),
    by: z.enum(['sheriff', 'governing-body', 'legislature', 'court', 'other']),
    on: day,
    reason: words.optional(),
    source: words.optional(),
  }),
  'statement.published': of('agency', 'Statement published', 'A public statement of the agency.', {
    title: words,
    on: day,
    sha256: sha256(),
  }),
  'rule-pack.adopted': of(
    'agency',
    'Rule pack adopted',
    'The agency works by this version of a rule pack from now on.',
    {
      path: words,
      version: words,
      sha256: sha256(),
      second: words.describe('the second person’s account'),
    },
  ),
  'training.scheduled': of('agency', 'Training scheduled', 'A course with its place and time.', {
    course: words,
    startsAt: instant,
    instructor: words.optional(),
  }),
  'cost.recorded': of('agency', 'Cost recorded', 'Money spent on the program, in cents.', {
    line: words,
    cents: z.int(),
    on: day,
    for: words.optional(),
  }),
  'cost.approved': of('agency', 'Cost approved', 'A recorded cost was approved.', { cost: entry() }),
  'import.vouched': of(
    'agency',
    'Export vouched for',
    'Two people say that an export of bookings holds nobody whose record was sealed or expunged.',
    {
      erased: z.int().min(0).describe('how many bookings were sealed or expunged then'),
      second: words.describe('the second person’s account'),
    },
  ),
  'key.rotated': of('agency', 'Signing key rotated', 'Checkpoints are signed by this key from now on.', {
    verifierKey: words,
    retires: words.optional(),
    second: words.optional().describe('the second person’s account'),
  }),
  'log.continued': of('agency', 'Log continued', 'This log goes on from an older one whose tail was lost.', {
    origin: words,
    size: z.int().min(0),
    root: words,
    signedSize: z.int().min(0).optional().describe('how much of it was signed, where somebody knows'),
    reason: words,
    second: words.describe('the second person’s account'),
  }),

  'agreement.drafted': of('agreement', 'Agreement drafted', 'Begins the subject: an agreement in the making.', {
    model: agreement.shape.model,
    templateRevision: words.optional(),
  }),
  'agreement.reviewed': of('agreement', 'Agreement reviewed', 'Counsel has read it.', {
    on: day,
    remarks: words.optional(),
  }),
  'agreement.approved': of('agreement', 'Agreement approved', 'One of the approvals that state law wants.', {
    by: z.enum(['sheriff', 'governing-body', 'state-board']),
    on: day,
  }),
  'agreement.sent': of('agreement', 'Agreement sent', 'It went to ICE.', { on: day }),
  'agreement.signed': of('agreement', 'Agreement signed', 'Both have signed.', { on: day, sha256: sha256() }),
  'agreement.effective': of('agreement', 'Agreement in effect', 'It binds from this day, at these facilities.', {
    effectiveOn: day,
    facilities: list(words),
  }),
  'agreement.amended': of('agreement', 'Agreement amended', 'A new text replaces the old.', {
    on: day,
    sha256: sha256(),
  }),
  'agreement.suspended': of('agreement', 'Agreement suspended', 'No act rests on it until it is taken up again.', {
    suspendedAt: instant,
  }),
  'agreement.notice-given': of(
    'agreement',
    'Notice of termination given',
    'A party gave notice; it counts from receipt by the field office.',
    { receivedAt: instant, by: z.enum(['agency', 'ice']) },
  ),
  'agreement.ended': of('agreement', 'Agreement ended', 'Terminated or superseded.', {
    endedAt: instant,
    how: z.enum(['terminated', 'superseded', 'expired']),
  }),

  'officer.nominated': of('officer', 'Officer nominated', 'Begins the subject: the agency names an officer.', {
    officer: officer.pick({ id: true, agency: true, facility: true, usCitizen: true }),
  }),
  'officer.investigated': of('officer', 'Background investigation', 'ICE’s result.', {
    backgroundInvestigation: z.enum(['pending', 'cleared', 'failed']),
    on: day,
  }),
  'officer.authorized': of('officer', 'Officer authorized', 'The field office’s letter, or Form 70-006.', {
    paper: z.enum(['authorization-letter', 'form-70-006']),
    on: day,
  }),
  'officer.suspended': of('officer', 'Officer suspended', 'No act until it is lifted.', { suspendedAt: instant }),
  'officer.withdrawn': of(
    'officer',
    'Officer withdrawn',
    'ICE or the agency took the authority back; it may be at once.',
    { withdrawnAt: instant, by: z.enum(['agency', 'ice']) },
  ),
  'officer.left': of('officer', 'Officer left', 'The officer left the program.', { on: day }),
  'training.attended': of('officer', 'Training attended', 'The officer was there.', {
    course: words,
    on: day,
    hours: z.number().min(0).max(500),
  }),
  'training.examined': of('officer', 'Training examined', 'A mark in percent: 70 passes, one retake.', {
    score: z.number().min(0).max(100),
    on: day,
  }),
  'credential.issued': of('officer', 'Credential issued', 'ICE’s credential, and until when.', {
    certifiedOn: day,
    expiresOn: day.optional(),
  }),
  'credential.ended': of('officer', 'Credential ended', 'It lapsed, was withdrawn or given back.', {
    endedAt: instant,
    how: z.enum(['lapsed', 'withdrawn', 'returned']),
  }),

  'account.created': of('account', 'Account created', 'Begins the subject: somebody may sign in.', { role: words }),
  'account.role-given': of('account', 'Role given', 'The account may do more.', { role: words }),
  'account.role-taken': of('account', 'Role taken', 'The account may do less.', { role: words }),
  'account.signed-in': of('account', 'Signed in', 'Somebody signed in.', { method: words }),
  'account.sign-in-failed': of('account', 'Sign-in failed', 'Somebody tried.', { method: words }),
  'account.denied': of('account', 'Act denied', 'The account asked for what it may not do.', { act: words }),
  'account.disabled': of('account', 'Account disabled', 'Nobody may sign in with it.', { reason: words.optional() }),

  correction: of('any', 'Correction', 'What an earlier entry should have said. The earlier entry stays.', {
    content: z
      .record(z.string(), z.unknown())
      .describe('the corrected entry’s content, whole; empty: it should not have been made'),
    reason: words,
  }),
  'subject.sealed': of('agency', 'Record sealed', 'By a court’s order the key went to the court; two people did it.', {
    ...erasure(),
    sealedKey: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'is no SHA-256; it has 64 hexadecimal digits')
      .optional()
      .describe('SHA-256 of the key as only the court can open it, where it is kept here'),
  }),
  'subject.unsealed': of('agency', 'Record unsealed', 'The court gave the key back; two people did it.', erasure()),
  'subject.expunged': of(
    'agency',
    'Record expunged',
    'By a court’s order keys and content were destroyed; two people did it.',
    erasure(),
  ),
} as const;

export type EventType = keyof typeof CATALOGUE;

/** What an event is about: whose key its content is under. */
export type About = 'booking' | 'agency' | 'agreement' | 'officer' | 'account' | 'any';

/** The content of a kind as it is kept: texts, not instants. */
export type Content<Type extends EventType> = z.input<(typeof CATALOGUE)[Type]['content']>;

export const EVENT_TYPES = Object.keys(CATALOGUE) as EventType[];

export function isEventType(text: string): text is EventType {
  return Object.hasOwn(CATALOGUE, text);
}

function of<Shape extends z.ZodRawShape>(about: About, title: string, meaning: string, shape: Shape) {
  return { about, title, meaning, content: z.strictObject(shape) };
}

/** The entry that brought a thing into the record, by its sequence. */
function entry() {
  return z.int().min(0).meta({ kind: 'entry' });
}

function sha256() {
  return z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is no SHA-256; write 64 hexadecimal digits')
    .meta({ kind: 'SHA-256' });
}

function erasure() {
  return {
    order: words.describe('the court, its case number and the day of the order'),
    second: words.describe('the second person’s account'),
  };
}
