import type { Failure } from '../failure.ts';
import { dayAt } from '../time/zone.ts';
import type { CaseDocument } from './schema.ts';

/** What cannot be so, whatever the law says: an order of time that no day has, a paper that is named and not there. */
export function impossible(document: CaseDocument): Failure[] {
  return [...impossibleTimes(document), ...danglingReferences(document)];
}

function impossibleTimes(document: CaseDocument): Failure[] {
  const failures: Failure[] = [];
  const { question, person, facility, custody } = document;
  if (question.completesAt !== undefined && question.completesAt < question.at) {
    failures.push(
      impossibleAt('question.completesAt', 'is before question.at; an act cannot be complete before it begins'),
    );
  }
  if (person.bornOn !== undefined && person.bornOn > dayAt(question.at, facility.timeZone)) {
    failures.push(impossibleAt('person.bornOn', 'is after question.at; correct the date of birth'));
  }
  if (custody === undefined) return failures;
  const tried = isTriedOnAnotherDay(document);
  for (const [index, basis] of custody.bases.entries()) {
    if (!tried && basis.endedAt !== undefined && basis.endedAt < basis.since) {
      failures.push(impossibleAt(`custody.bases[${index}].endedAt`, 'is before since; correct one of the two times'));
    }
  }
  const begun = Math.min(...custody.bases.map((basis) => basis.since));
  for (const key of ['releasedAt', 'handedOverAt'] as const) {
    const instant = custody[key];
    if (!tried && instant !== undefined && instant < begun && custody.bases.length > 0) {
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
          impossibleAt(`${name}[${index}].id`, `"${paper.id}" is used twice; give each paper an id of its own`),
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
  return impossibleAt(where, `names the warrant "${id}", and warrants holds none of that id; add it, or leave it out`);
}

function impossibleAt(where: string, message: string): Failure {
  return { code: 'impossible', where, message };
}

/** Whether the whole record lies later than the act: the booking is tried on another day (docs/adr/0007). */
export function isTriedOnAnotherDay(document: CaseDocument): boolean {
  const bases = document.custody?.bases ?? [];
  const { at } = document.question;
  return (
    bases.length > 0 &&
    bases.every((basis) => basis.since > at) &&
    document.detainers.every((detainer) => detainer.receivedAt > at)
  );
}
