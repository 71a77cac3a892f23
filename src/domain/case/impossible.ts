import type { Failure } from '../failure.ts';
import { concernsPerson } from './case.ts';
import { yearsBetween, type Instant } from '../time/instant.ts';
import { dayAt } from '../time/zone.ts';
import { shown } from './malformed.ts';
import type { CaseDocument } from './schema.ts';

/** What cannot be so, whatever the law says: an order of time that no day has, a paper that is named and not there. */
export function impossible(document: CaseDocument): Failure[] {
  return [...impossibleTimes(document), ...danglingReferences(document)];
}

function impossibleTimes(document: CaseDocument): Failure[] {
  const failures: Failure[] = [];
  const { question } = document;
  if (question.completesAt !== undefined && question.completesAt < question.at) {
    failures.push(
      impossibleAt('question.completesAt', 'is before question.at; an act cannot be complete before it begins'),
    );
  }
  failures.push(...impossibleBirth(document));
  // Of a booking tried on another day the order of times means nothing.
  if (!isTriedOnAnotherDay(document)) failures.push(...impossibleOrder(document));
  return failures;
}

/** A date of birth decides who is a minor, and a conviction opens gates: one that belies them is mistyped, or another's. */
function impossibleBirth({ question, person: { bornOn }, facility, convictions, warrants }: CaseDocument): Failure[] {
  if (bornOn === undefined) return [];
  const failures: Failure[] = [];
  const today = dayAt(question.at, facility.timeZone);
  // Every other date is before such a birth too, and none of them is at fault.
  if (bornOn > today) return [impossibleAt('person.bornOn', 'is after question.at; correct the date of birth')];
  if (yearsBetween(bornOn, today) > OLDEST) {
    failures.push(impossibleAt('person.bornOn', `makes the person older than ${OLDEST}; correct the date of birth`));
  }
  for (const [index, { convictedOn }] of convictions.entries()) {
    if (convictedOn < bornOn) {
      failures.push(
        impossibleAt(`convictions[${index}].convictedOn`, 'is before person.bornOn; correct one of the two dates'),
      );
    }
  }
  for (const [index, { issuedOn }] of warrants.entries()) {
    if (issuedOn !== undefined && issuedOn < bornOn) {
      failures.push(
        impossibleAt(`warrants[${index}].issuedOn`, 'is before person.bornOn; correct one of the two dates'),
      );
    }
  }
  return failures;
}

const OLDEST = 120;

function impossibleOrder({ custody, detainers, question }: CaseDocument): Failure[] {
  const failures: Failure[] = [];
  for (const [index, { receivedAt, servedOnPersonAt, cancelledAt }] of detainers.entries()) {
    if (cancelledAt !== undefined && cancelledAt < receivedAt) {
      failures.push(
        impossibleAt(`detainers[${index}].cancelledAt`, 'is before receivedAt; correct one of the two times'),
      );
    }
    if (servedOnPersonAt !== undefined && servedOnPersonAt < receivedAt) {
      failures.push(
        impossibleAt(
          `detainers[${index}].servedOnPersonAt`,
          'is before receivedAt; nobody can serve a paper that has not come: correct one of the two times',
        ),
      );
    }
  }
  if (custody === undefined) return failures;
  if (concernsPerson(question.act) && custody.bases.every(({ since }) => since > question.at)) {
    for (const index of custody.bases.keys()) {
      failures.push(
        impossibleAt(
          `custody.bases[${index}].since`,
          'is after question.at, and so is every other basis; correct one of the times',
        ),
      );
    }
  }
  for (const [index, basis] of custody.bases.entries()) {
    if (basis.endedAt !== undefined && basis.endedAt < basis.since) {
      failures.push(impossibleAt(`custody.bases[${index}].endedAt`, 'is before since; correct one of the two times'));
    }
  }
  const begun = Math.min(...custody.bases.map((basis) => basis.since));
  for (const key of ['releasedAt', 'handedOverAt'] as const) {
    const instant = custody[key];
    if (instant !== undefined && instant < begun && custody.bases.length > 0) {
      failures.push(impossibleAt(`custody.${key}`, 'is before custody began; correct one of the two times'));
    }
  }
  return failures;
}

function danglingReferences(document: CaseDocument): Failure[] {
  const failures: Failure[] = [];
  const warrants = new Set(document.warrants.map((warrant) => warrant.id));
  for (const name of ['detainers', 'warrants'] as const) {
    const seen = new Set<string>();
    for (const [index, paper] of document[name].entries()) {
      if (seen.has(paper.id))
        failures.push(
          impossibleAt(`${name}[${index}].id`, `${shown(paper.id)} is used twice; give each paper an id of its own`),
        );
      seen.add(paper.id);
    }
  }
  for (const [index, detainer] of document.detainers.entries()) {
    for (const [place, id] of (detainer.warrants ?? []).entries()) {
      if (!warrants.has(id)) failures.push(noWarrant(`detainers[${index}].warrants[${place}]`, id));
    }
  }
  const asked = document.question.warrant;
  if (asked !== undefined && !warrants.has(asked)) failures.push(noWarrant('question.warrant', asked));
  return failures;
}

function noWarrant(where: string, id: string): Failure {
  return impossibleAt(
    where,
    `names the warrant ${shown(id)}, and warrants holds none of that id; add it, or leave it out`,
  );
}

function impossibleAt(where: string, message: string): Failure {
  return { code: 'impossible', where, message };
}

/**
 * Whether the whole record lies later than the act: the booking is tried on another day (docs/adr/0007). It takes a
 * basis and a detainer at least, each with its own times, so that one mistyped year is refused and never tried.
 */
export function isTriedOnAnotherDay(document: CaseDocument): boolean {
  const { question, custody, detainers, orders } = document;
  const isLater = (instant: Instant | undefined): boolean => instant === undefined || instant > question.at;
  const bases = custody?.bases ?? [];
  return (
    bases.length > 0 &&
    detainers.length > 0 &&
    bases.every(({ since }) => isLater(since)) &&
    detainers.every(({ receivedAt, servedOnPersonAt }) => isLater(receivedAt) && isLater(servedOnPersonAt)) &&
    orders.every((order) => isLater(order.at))
  );
}
