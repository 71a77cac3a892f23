import { z } from 'zod';
import { dayFrom, instantFrom } from '../time/instant.ts';
import { isZoneOfUnitedStates } from '../time/us-zones.ts';
import { isTimeZone } from '../time/zone.ts';
import { ACTS } from './case.ts';

/** The case contract as a schema: every key it knows, and no other. Absent keys stay absent; `parse.ts` gives them meaning. */

export const instant = z.string().transform((text, context) => {
  const found = instantFrom(text);
  if (found !== undefined) return found;
  context.addIssue({ code: 'custom', message: 'is no instant; write 2026-12-01T14:05:00Z, with Z or an offset' });
  return z.NEVER;
});

export const day = z.string().transform((text, context) => {
  const found = dayFrom(text);
  if (found !== undefined) return found;
  context.addIssue({ code: 'custom', message: 'is no calendar day; write 2026-12-01' });
  return z.NEVER;
});

export const words = z
  .string()
  .trim()
  .min(1, 'is empty; write what it is')
  .max(500, 'is longer than 500 characters; shorten it')
  .refine((text) => text.isWellFormed(), 'holds half a character; type it again');
export const id = words;
/** An agency that is named by its place is compared letter by letter, so a place in capitals is a slip, not another place. */
export const agency = words.refine(
  (text) => !/^us\//i.test(text) || text === text.toLowerCase(),
  'names a place with capital letters; write it small, such as us/ga/hall-county/sheriff',
);
export const list = <T extends z.ZodType>(each: T) =>
  z.array(each).max(1000, 'holds more than 1000 entries; keep those that bear on the case');

/**
 * A record with all its keys, those that the document leaves out undefined. To the engine, records that differ in their
 * keys are of different kinds, and a decision that reads many kinds at one place takes a third longer.
 */
function whole<Shape extends z.ZodRawShape>(object: z.ZodObject<Shape, z.core.$strict>) {
  const absent = Object.fromEntries(Object.keys(object.shape).map((key) => [key, undefined]));
  return object.transform((found) => ({ ...absent, ...found }));
}

export const question = z.strictObject({
  act: z.enum(ACTS),
  at: instant,
  completesAt: instant.optional(),
  warrant: id.optional(),
});

/** @param text how the document at hand says that something is a text. */
export const timeZone = (text: z.ZodString) =>
  text
    .refine(isTimeZone, { error: 'is no time zone of the IANA database; write America/New_York', abort: true })
    .refine(
      isZoneOfUnitedStates,
      'is no time zone of the United States; write the one where the jail stands, such as America/New_York',
    );

export const facility = z.strictObject({
  id,
  agency,
  kind: z.enum(['jail', 'hospital', 'courthouse', 'other']),
  timeZone: timeZone(z.string()),
});

export const person = z.strictObject({
  bornOn: day.optional(),
  identity: z.enum(['matched', 'mismatched']).optional(),
  citizenship: whole(
    z.strictObject({
      claimedAt: instant.optional(),
      evidence: z.enum(['none', 'probative']).optional(),
      resolved: z.enum(['citizen', 'not-a-citizen']).optional(),
    }),
  ).optional(),
  lawfulStatusProof: z.boolean().default(false),
  victimOrWitness: z.boolean().default(false),
});

const custody = z.strictObject({
  bases: list(
    whole(
      z.strictObject({
        kind: z.enum(['charge', 'sentence', 'court-order', 'criminal-warrant']),
        since: instant,
        endedAt: instant.optional(),
        endedBy: z
          .enum(['bail', 'dismissal', 'acquittal', 'sentence-served', 'court-order', 'charges-declined'])
          .optional(),
      }),
    ),
  ),
  releasedAt: instant.optional(),
  handedOverAt: instant.optional(),
});

const FORMS = ['I-247', 'I-247A', 'I-247D', 'I-247G', 'I-247N', 'I-247X'];

/** A form's name is compared letter by letter by rules, so a known one in another spelling is a slip, not another form. */
const form = words.superRefine((text, context) => {
  const meant = FORMS.find((each) => plainForm(each) === plainForm(text));
  if (meant === undefined || meant === text) return;
  context.addIssue({ code: 'custom', message: `is the form ${meant} in another spelling; write ${meant}` });
});

function plainForm(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}

export const detainer = z.strictObject({
  id,
  form,
  edition: words.optional(),
  issuedOn: day.optional(),
  receivedAt: instant,
  addressedTo: agency.optional(),
  relayedTo: list(agency).default([]),
  signed: z.boolean().optional(),
  probableCause: list(z.enum(['final-order', 'pending-proceedings', 'biometric-match', 'statements'])).optional(),
  transferredByDhs: z.boolean().default(false),
  warrants: list(id).optional(),
  servedOnPersonAt: instant.optional(),
  cancelledAt: instant.optional(),
});

export const warrant = z.strictObject({
  id,
  form: z.enum(['I-200', 'I-205', 'judicial']),
  issuedOn: day.optional(),
  signed: z.boolean().optional(),
  issuerTitle: words.optional(),
  basis: list(words).optional(),
  namesPerson: z.boolean().optional(),
  received: z.enum(['document', 'ncic-hit']).optional(),
  service: whole(
    z.strictObject({
      at: instant,
      by: id,
      facility: id,
      languageRead: words.optional(),
      interpreter: words.optional(),
    }),
  ).optional(),
});

export const order = z.strictObject({
  kind: z.enum(['release', 'hold']),
  by: z.enum(['judge', 'magistrate', 'judicial-official']),
  at: instant,
});

export const agreement = z.strictObject({
  model: z.enum(['WSO', 'JEM', 'TFM']),
  templateRevision: words.optional(),
  effectiveOn: day.optional(),
  approvedBy: list(z.enum(['sheriff', 'governing-body', 'state-board'])).optional(),
  facilities: list(id).optional(),
  terminationNoticeReceivedAt: instant.optional(),
  suspendedAt: instant.optional(),
});

const PERCENT = 'is no score in percent; write a number from 0 to 100';

export const officer = z.strictObject({
  id,
  agency: agency.optional(),
  facility: id.optional(),
  usCitizen: z.boolean().optional(),
  backgroundInvestigation: z.enum(['pending', 'cleared', 'failed']).optional(),
  examScores: list(z.number().min(0, PERCENT).max(100, PERCENT)).optional(),
  certifiedOn: day.optional(),
  authorizationLetterOn: day.optional(),
  form70006On: day.optional(),
  credentialCarried: z.boolean().optional(),
  credentialExpiresOn: day.optional(),
  withdrawnAt: instant.optional(),
  iceSupervisor: words.optional(),
});

export const caseDocument = whole(
  z.strictObject({
    question: whole(question),
    jurisdiction: z
      .string()
      .regex(/^us(\/[a-z]{2}(\/[a-z0-9]+(-[a-z0-9]+)*)?)?$/, 'is no jurisdiction; write us/fl/monroe-county'),
    facility: whole(facility),
    person: whole(person).prefault({}),
    custody: whole(custody).optional(),
    convictions: list(whole(z.strictObject({ class: words, convictedOn: day }))).default([]),
    detainers: list(whole(detainer)).default([]),
    warrants: list(whole(warrant)).default([]),
    orders: list(whole(order)).default([]),
    agreement: whole(agreement).optional(),
    officer: whole(officer).optional(),
    housing: whole(
      z.strictObject({ igsaCoversBed: z.boolean().default(false), i203At: instant.optional() }),
    ).optional(),
  }),
);

export type CaseDocument = z.output<typeof caseDocument>;
