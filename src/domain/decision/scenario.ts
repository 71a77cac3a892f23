import { canonicalJson } from '../case/canonical.ts';
import type { Answer } from './answer.ts';

/** A case with the answer that must come out; what `expect` leaves out is free (`docs/contract.md`). */
export interface Scenario {
  readonly name: string;
  readonly why: string;
  readonly case: unknown;
  /** Counsel's choices that the scenario takes for decided, on or off; the others stand as the packs have them. */
  readonly decisions?: Readonly<Record<string, boolean>> | undefined;
  readonly expect: Expectation;
}

export interface Expectation {
  readonly outcome?: string | undefined;
  readonly instruction?: string | undefined;
  readonly required?: boolean | undefined;
  readonly deadline?: string | undefined;
  readonly limits?: readonly { readonly cites: string; readonly deadline: string }[] | undefined;
  readonly cites?: readonly string[] | undefined;
  readonly missing?: readonly string[] | undefined;
  readonly duties?: readonly { readonly contains: string; readonly dueAt?: string | undefined }[] | undefined;
}

/** A scenario with the place it was read from and the rules that it is there to prove. */
export interface PlacedScenario {
  readonly file: string;
  readonly rules: readonly string[];
  readonly scenario: Scenario;
}

/** One file of a pack's `scenarios/`: rules, and the outcomes that they cannot have, with the reason. */
export interface ScenarioFile {
  readonly file: string;
  readonly rules: readonly string[];
  readonly cannotBe: Readonly<Record<string, string>>;
  readonly scenarios: readonly PlacedScenario[];
}

/** Every way in which an answer differs from what must come out, each in one line; none: it is as the law wants it. */
export function differences(expect: Expectation, answer: Answer): string[] {
  const lines: string[] = [];
  for (const key of ['outcome', 'instruction', 'required'] as const) {
    const wanted = expect[key];
    if (wanted !== undefined && answer[key] !== wanted)
      lines.push(`${key} is ${answer[key] ?? 'absent'}, must be ${wanted}`);
  }
  if (expect.deadline !== undefined && !isSameInstant(expect.deadline, answer.clock.deadline)) {
    lines.push(`clock.deadline is ${answer.clock.deadline ?? 'absent'}, must be ${expect.deadline}`);
  }
  for (const { cites, deadline } of expect.limits ?? []) {
    const found = answer.clock.limits.some(
      (each) => each.citation.includes(cites) && isSameInstant(deadline, each.deadline),
    );
    if (!found) lines.push(`no limit that cites "${cites}" ends at ${deadline}: ${canonicalJson(answer.clock.limits)}`);
  }
  for (const text of expect.cites ?? []) {
    if (!answer.findings.some((finding) => finding.citation.includes(text))) lines.push(`no finding cites "${text}"`);
  }
  for (const path of expect.missing ?? []) {
    if (!answer.missing.includes(path)) lines.push(`missing lacks ${path}; it is [${answer.missing.join(', ')}]`);
  }
  for (const wanted of expect.duties ?? []) {
    if (!answer.duties.some((duty) => isDuty(wanted, duty))) {
      lines.push(`no duty says "${wanted.contains}"${wanted.dueAt === undefined ? '' : ` due ${wanted.dueAt}`}`);
    }
  }
  return lines;
}

function isDuty(wanted: { contains: string; dueAt?: string | undefined }, duty: Answer['duties'][number]): boolean {
  if (!duty.duty.toLowerCase().includes(wanted.contains.toLowerCase())) return false;
  return wanted.dueAt === undefined || isSameInstant(wanted.dueAt, duty.dueAt);
}

function isSameInstant(wanted: string, got: string | undefined): boolean {
  return got !== undefined && Temporal.Instant.from(wanted).equals(Temporal.Instant.from(got));
}
