import type { Case } from '../case/case.ts';
import { isLocal, type LawInForce } from '../law/in-force.ts';
import type { Rule } from '../law/pack.ts';
import { isoOf } from '../time/instant.ts';
import { unreadPlaceOf } from '../law/whose-law.ts';
import type { Finding } from './answer.ts';
import type { OpenRule, Verdict } from './judge.ts';

/**
 * Every rule that bore on the answer, deciding ones first. Where law stands against law, both are shown. A rule whose
 * source nobody could confirm says so in its own words.
 * @param ofPerson what is to be said where the instruction does not follow from the outcome.
 */
export function findingsOf(
  question: Case,
  law: LawInForce,
  verdict: Verdict,
  verdicts: readonly Verdict[],
  ofPerson: Finding | undefined,
): Finding[] {
  const findings = [...decidingFindings(verdict, verdicts), ...limitFindings(question, verdict)];
  if (findings.every(({ effect }) => effect === 'limits')) {
    const { id, citation, title } = law.defaultDeny;
    findings.unshift({ rule: id, effect: 'forbids', citation, text: title });
  }
  if (verdict.outcome === 'permitted' && verdicts.length > 1) findings.push(restsOn(verdict));
  pushLocalLawUnread(question, law, findings);
  if (question.triedOnAnotherDay) findings.push(TRIED_ON_ANOTHER_DAY);
  if (ofPerson !== undefined) findings.push(ofPerson);
  return verdicts.length === 1 ? findings : firstOfEach(findings);
}

function decidingFindings(verdict: Verdict, verdicts: readonly Verdict[]): Finding[] {
  switch (verdict.outcome) {
    case 'permitted':
      return permitFindings(verdict);
    case 'undetermined':
      return verdicts
        .filter((each) => each.outcome === 'undetermined')
        .flatMap((each) => [
          ...each.openForbids.map(openFinding),
          ...(each.permits.length > 0 ? permitFindings(each) : each.openPermits.map(openFinding)),
        ]);
    case 'prohibited':
      return prohibitedFindings(verdicts);
  }
}

/** One forbid of each ground is what stands against it; permits that it beats are the other side of a conflict. */
function prohibitedFindings(verdicts: readonly Verdict[]): Finding[] {
  const found: Finding[] = [];
  for (const { forbids } of verdicts) for (const rule of forbids) found.push(findingOf(rule));
  for (const { forbids, permits } of verdicts) {
    if (forbids.length > 0) for (const rule of permits) found.push(beatenFinding(rule));
  }
  return found;
}

function permitFindings({ permits }: Verdict): Finding[] {
  const commands = permits.filter((rule) => rule.requires);
  return [...commands, ...permits.filter((rule) => !rule.requires)].map(findingOf);
}

// A rule says the same each time, so its finding is made once.
const findings = new WeakMap<Rule, Finding>();
const beaten = new WeakMap<Rule, Finding>();

function findingOf(rule: Rule): Finding {
  return onceMade(findings, rule, '');
}

/** A permit that a forbid beats is shown, for the reader must see the conflict; and it must not read as a reason to act. */
function beatenFinding(rule: Rule): Finding {
  return onceMade(beaten, rule, 'BEATEN: it gives no power here, since what forbids the act wins. ');
}

function onceMade(made: WeakMap<Rule, Finding>, rule: Rule, before: string): Finding {
  const known = made.get(rule);
  if (known !== undefined) return known;
  const effect = rule.effect === 'forbid' ? 'forbids' : rule.requires ? 'requires' : 'permits';
  const finding: Finding = {
    rule: rule.id,
    effect,
    citation: rule.citation,
    text: withDoubt(`${before}${rule.title}`, rule.doubt),
  };
  made.set(rule, finding);
  return finding;
}

function openFinding({ rule, missing }: OpenRule): Finding {
  const finding = findingOf(rule);
  const what = missing.length === 0 ? 'the rule could not be worked out' : `not recorded: ${missing.join(', ')}`;
  return { ...finding, text: withDoubt(`${rule.title} Cannot be told yet (${what}).`, rule.doubt) };
}

/** The limit that binds, where the act lives within a time. */
function limitFindings({ question }: Case, { outcome, clock }: Verdict): Finding[] {
  if (question.act !== 'hold' && question.act !== 'transfer' && question.act !== 'serve-warrant') return [];
  // Where nothing supports custody, an hour at which it would have ended only misleads.
  if (outcome === 'prohibited') return [];
  return clock.limits
    .filter(({ deadline }) => deadline === clock.deadline)
    .map(({ limit }) => ({
      rule: limit.id,
      effect: 'limits',
      citation: limit.citation,
      text: withDoubt(limit.title, limit.doubt),
    }));
}

/** The words of the law, and of its doubt. */
export function withDoubt(text: string, doubt: string | undefined): string {
  return doubt === undefined ? text : `${text} UNCONFIRMED: ${doubt}`;
}

/** @param missing what keeps the hold open: paths into the case. */
export function openHoldFinding(missing: readonly string[]): Finding {
  return {
    rule: 'case.hold-is-open',
    effect: 'limits',
    citation: 'Case contract',
    text: `Whether the person may be kept is open (not recorded: ${missing.join(', ')}). Ask about the hold to see why.`,
  };
}

/** @param missing the path of what would say whether the state holds the person; ICE's papers do not. */
export function openCustodyFinding(missing: string): Finding {
  return {
    rule: 'case.state-custody-is-open',
    effect: 'limits',
    citation: 'Case contract',
    text: `Whether the state still holds the person is open (not recorded: ${missing}), and no paper in this case keeps the person.`,
  };
}

/** @param named the warrant that the question asks about; the person is kept, and the answer does not say why. */
export function heldApartFinding(named: string): Finding {
  return {
    rule: 'case.held-apart',
    effect: 'limits',
    citation: 'Case contract',
    text:
      `This answer is about warrant ${named}; whether the person is kept, every paper in the case decides. ` +
      'Ask about the hold, and name no warrant, to see why.',
  };
}

/** Where several papers are there, the reader must see on which one the answer rests. */
function restsOn({ ground: { detainer, warrant, order } }: Verdict): Finding {
  const papers = [
    ...(detainer === undefined ? [] : [`detainer ${detainer.id}`]),
    ...(warrant === undefined ? [] : [`warrant ${warrant.id}`]),
    ...(order === undefined ? [] : [`the order to hold of ${isoOf(order.at)}`]),
  ];
  return {
    rule: 'case.rests-on',
    effect: 'limits',
    citation: 'Case contract',
    text: `Of the papers in this case the answer rests on ${papers.join(' with ')}, and on no other.`,
  };
}

/** What local law was not read, the reader must see: a county without a pack may have none, or a name that was mistyped. */
function pushLocalLawUnread({ facility, jurisdiction }: Case, law: LawInForce, findings: Finding[]): void {
  const place = unreadPlaceOf(facility.agency, jurisdiction, law);
  if (place === undefined && !law.localLawUnread) return;
  const mend = isLocal(jurisdiction)
    ? 'If there are any, ask counsel.'
    : 'Name the county or city as the jurisdiction.';
  findings.push(localLawUnread(whyUnread(place, jurisdiction), mend));
}

function whyUnread(place: string | undefined, jurisdiction: string): string {
  if (place !== undefined) return `The agency is of ${place}, and the law that was read is that of ${jurisdiction}`;
  return isLocal(jurisdiction)
    ? `There is no rule pack for ${jurisdiction}`
    : `The jurisdiction ${jurisdiction} names no county or city`;
}

function localLawUnread(why: string, mend: string): Finding {
  return {
    rule: 'case.local-law-unread',
    effect: 'limits',
    citation: 'Case contract',
    text: `${why}: local rules and court decrees were not read. ${mend}`,
  };
}

const TRIED_ON_ANOTHER_DAY: Finding = {
  rule: 'case.tried-on-another-day',
  effect: 'limits',
  citation: 'Case contract',
  text:
    'The whole record is later than the act: this booking is tried on another day, and the order of its times was not tested. ' +
    'For a real booking, correct the times.',
};

function firstOfEach(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    ({ rule, text }, index) => findings.findIndex((each) => each.rule === rule && each.text === text) === index,
  );
}
