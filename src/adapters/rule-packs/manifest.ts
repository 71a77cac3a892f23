import { z } from 'zod';
import { ACTS } from '../../domain/case/case.ts';
import { TRIGGERS } from '../../domain/law/pack.ts';
import { dayFrom } from '../../domain/time/instant.ts';

/** The shape of `pack.yaml`, strict: a key that is misspelt is refused, never ignored. */

const day = z.string().transform((text, context) => {
  const found = dayFrom(text);
  if (found !== undefined) return found;
  context.addIssue({ code: 'custom', message: 'is no calendar day; write 2026-02-17' });
  return z.NEVER;
});

const text = z.string().trim().min(1);
const ruleId = text.regex(/^us(\.[a-z0-9]+(-[a-z0-9]+)*)+$/, 'must look like us.fl.honor-detainers');
const dated = { from: day, until: day.optional() };
const acts = z.array(z.enum(ACTS)).default([]);

const authority = z
  .strictObject({
    id: text.regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, 'must be lower case with hyphens: it names a page of docs/law'),
    kind: z.enum(['constitution', 'statute', 'regulation', 'case', 'form', 'agreement', 'order', 'local', 'policy']),
    citation: text.refine((each) => !each.includes(';'), 'may not hold ";": rules join citations with it'),
    link: z.url().optional(),
    text,
    confirmed: z.boolean(),
    doubt: text.optional(),
  })
  .refine((each) => each.confirmed === (each.doubt === undefined), 'needs "doubt" exactly where confirmed is false');

const limit = z
  .strictObject({
    id: ruleId,
    cite: text,
    title: text,
    hours: z.number().positive().optional(),
    untilTime: text.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day; write 23:59').optional(),
    excludes: z.array(z.enum(['saturday', 'sunday', 'federal-holiday'])).default([]),
    anchor: z.enum(['custody-ended', 'detainer-received', 'warrant-served']),
    appliesTo: z.enum(['detainer', 'agreement', 'judicial-warrant', 'court-order']),
    acts,
    forms: z.array(text).default([]),
    choice: ruleId.optional(),
    displaces: z.array(ruleId).default([]),
    ...dated,
  })
  .refine((each) => each.hours === undefined || each.untilTime === undefined, 'needs either hours or untilTime');

const duty = z.strictObject({
  id: ruleId,
  cite: text,
  duty: text,
  trigger: z.enum(TRIGGERS),
  appliesTo: z.enum(['agreement', 'detainer']).optional(),
  acts,
  withinHours: z.number().nonnegative().optional(),
  ...dated,
});

const holiday = z
  .strictObject({
    title: text,
    month: z.number().int().min(1).max(12),
    day: z.number().int().min(1).max(31).optional(),
    weekday: z.enum(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']).optional(),
    nth: z.union([z.number().int().min(1).max(5), z.literal('last')]).optional(),
    fromYear: z.number().int(),
    untilYear: z.number().int().optional(),
    observed: z.boolean().default(true),
  })
  .refine((each) => (each.day === undefined) !== (each.weekday === undefined || each.nth === undefined), {
    message: 'needs either day, or weekday and nth',
  });

export const manifest = z.strictObject({
  title: text,
  jurisdiction: text,
  alsoCalled: z.array(text.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must look like new-orleans')).default([]),
  version: text.regex(/^\d{4}\.\d{2}\.\d{2}(\.\d+)?$/, 'is no version; write 2026.11.24'),
  authorities: z.array(authority).default([]),
  limits: z.array(limit).default([]),
  outProcessing: z.array(z.strictObject({ cite: text, hours: z.number().nonnegative(), ...dated })).default([]),
  terminationNotice: z.array(z.strictObject({ cite: text, days: z.number().nonnegative(), ...dated })).default([]),
  duties: z.array(duty).default([]),
  convictionClasses: z
    .array(
      z.strictObject({
        code: text.regex(/^[a-z]+:[a-z0-9-]+$/, 'must look like ca:wobbler-misdemeanor'),
        cite: text,
        title: text,
        withinYears: z.number().int().positive().optional(),
        ...dated,
      }),
    )
    .default([]),
  issuers: z
    .array(
      z.strictObject({
        forms: z.array(text).min(1),
        cite: text,
        authorized: z.array(text),
        notAuthorized: z.array(text).default([]),
        ambiguous: z.array(text).default([]),
        ...dated,
      }),
    )
    .default([]),
  warrantBoxes: z
    .array(
      z.strictObject({
        forms: z.array(text).min(1),
        cite: text,
        boxes: z.array(text.regex(/^[a-z]+(-[a-z]+)*$/, 'must look like pending-proceedings')).min(1),
        ...dated,
      }),
    )
    .default([]),
  custodyForms: z.array(z.strictObject({ form: text, cite: text, ...dated })).default([]),
  choices: z.array(z.strictObject({ id: ruleId, cite: text, question: text })).default([]),
  decisions: z
    .array(z.strictObject({ choice: ruleId, on: z.boolean(), decidedBy: text, note: text, ...dated }))
    .default([]),
  holidays: z.array(z.strictObject({ cite: text, days: z.array(holiday), ...dated })).default([]),
  defaultDeny: z.strictObject({ id: ruleId, cite: text, title: text }).optional(),
});

export type Manifest = z.output<typeof manifest>;
