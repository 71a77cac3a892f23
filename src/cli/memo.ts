import type { Act, Case } from '../domain/case/case.ts';
import type { Answer, Finding, Instruction } from '../domain/decision/answer.ts';

/**
 * The answer as a memo that a sergeant reads standing up: what to do, until when, why, what is missing, what else is
 * due. Plain text, no more than 100 columns; the words of the law come from the rule packs.
 */
export function memoOf(question: Case, answer: Answer): string {
  return [
    ...heading(question, answer),
    ...why(answer),
    ...missing(answer),
    ...times(question, answer),
    ...due(question, answer),
    ...law(answer),
  ]
    .join('\n')
    .concat('\n');
}

const WIDTH = 100;

const QUESTIONS: Readonly<Record<Act, string>> = {
  hold: 'Keep the person past state custody?',
  'serve-warrant': 'Serve the warrant?',
  notify: 'Tell ICE the time of release?',
  transfer: 'Hand the person over to ICE?',
  interview: 'Let ICE interview the person in jail?',
  'sign-agreement': 'Enter a 287(g) agreement?',
  house: 'House ICE detainees under contract?',
};

const ORDERS: Readonly<Record<Instruction, string>> = {
  'continue-state-custody': 'GO ON WITH STATE CUSTODY. THERE IS NO IMMIGRATION HOLD.',
  'hold-until': 'HOLD, AND NOT ONE MINUTE PAST',
  release: 'RELEASE NOW.',
  'hand-over': 'HAND OVER TO ICE BEFORE',
  'ask-a-person': 'ASK YOUR SUPERVISOR OR COUNSEL NOW. THE CLOCK KEEPS RUNNING.',
};

function heading(question: Case, answer: Answer): string[] {
  const { act, at } = question.question;
  const { timeZone, id } = question.facility;
  const verdict = `${answer.outcome.toUpperCase()}${answer.required ? ', AND REQUIRED BY LAW' : ''}`;
  return [
    '─'.repeat(WIDTH),
    ...order(question, answer),
    '',
    `${QUESTIONS[act]}  ${verdict}`,
    `${question.jurisdiction}, ${id}, asked for ${showTime(isoOfInstant(at), timeZone)}`,
  ];
}

function order(question: Case, answer: Answer): string[] {
  const { instruction, clock } = answer;
  if (instruction === undefined) return [ANSWERS[answer.outcome]];
  const { deadline } = clock;
  const line = ORDERS[instruction];
  if (deadline === undefined) return [line];
  const until = showTime(deadline, question.facility.timeZone);
  switch (instruction) {
    case 'hold-until':
    case 'hand-over':
      return [`${line} ${until}`, timeLeft(question, deadline)];
    case 'ask-a-person':
      // Nobody is let go whom the state may hold: what ends then is the hold for ICE.
      if (clock.startsAt === undefined || isStateCustodyOpen(answer))
        return [line, `No immigration hold past ${until}.`];
      return clock.state === 'running'
        ? [line, `If nobody can say by ${until}: RELEASE.`, timeLeft(question, deadline)]
        : [line];
    case 'continue-state-custody':
    case 'release':
      return [line];
  }
}

const ANSWERS: Readonly<Record<Answer['outcome'], string>> = {
  permitted: 'THE LAW ALLOWS IT.',
  prohibited: 'THE LAW DOES NOT ALLOW IT.',
  undetermined: 'ASK COUNSEL. THE ANSWER IS OPEN.',
};

function isStateCustodyOpen({ missing }: Answer): boolean {
  return missing.some((path) => path.startsWith('custody.'));
}

function timeLeft(question: Case, deadline: string): string {
  return `${hoursAndMinutes(Temporal.Instant.from(deadline).epochMilliseconds - question.question.at)} left.`;
}

const EFFECTS: Readonly<Record<Finding['effect'], string>> = {
  permits: 'allows',
  forbids: 'forbids',
  requires: 'requires',
  limits: 'limits',
};

function why(answer: Answer): string[] {
  return [
    '',
    'Why',
    ...answer.findings.flatMap((finding) => [
      ...wrapped(finding.text, `  ${EFFECTS[finding.effect].padEnd(9)}`),
      ...wrapped(`${finding.citation}  [${finding.rule}]`, ' '.repeat(11)),
    ]),
  ];
}

function missing(answer: Answer): string[] {
  if (answer.missing.length === 0) return [];
  return ['', 'Missing: record these, and ask again', ...answer.missing.map((path) => `  ${path}`)];
}

function times(question: Case, answer: Answer): string[] {
  const { clock, instruction } = answer;
  const { startsAt } = clock;
  if (instruction === undefined || (startsAt === undefined && clock.limits.length === 0)) return [];
  const { timeZone } = question.facility;
  if (clock.state === 'stopped') return ['', 'Clock: stopped; the person has left.'];
  const from = startsAt === undefined ? 'an hour that nobody has recorded' : showTime(startsAt, timeZone);
  if (instruction === 'release' && startsAt !== undefined)
    return ['', `Past release since ${from}: ${duration(startsAt, question)}.`];
  return [
    '',
    `Clock: ${clock.state === 'not-started' ? 'not started' : clock.state}`,
    `  from     ${from}`,
    ...clock.limits.map(
      ({ citation, deadline }) =>
        `  ${deadline === clock.deadline ? 'binds' : 'later'}    ${showTime(deadline, timeZone)}  ${citation}`,
    ),
  ];
}

function duration(since: string, question: Case): string {
  return hoursAndMinutes(question.question.at - Temporal.Instant.from(since).epochMilliseconds);
}

function hoursAndMinutes(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function due(question: Case, answer: Answer): string[] {
  if (answer.duties.length === 0) return [];
  return [
    '',
    'Also due',
    ...answer.duties.flatMap(({ duty, dueAt, citation }) => [
      ...wrapped(`${duty}${dueAt === undefined ? '' : ` By ${showTime(dueAt, question.facility.timeZone)}.`}`, '  - '),
      ...wrapped(citation, '    '),
    ]),
  ];
}

function law(answer: Answer): string[] {
  return [
    '',
    `Law applied: ${answer.rulePacks.map(({ path, version, sha256 }) => `${path} ${version} (${sha256.slice(0, 8)})`).join(', ')}`,
    `Case ${answer.case.slice(0, 16)}. Writkeeper shows the law and its doubts; it is no legal advice.`,
  ];
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Thu Dec 3 2026 09:00 America/New_York (14:00 UTC)`: never the reader's locale, always both clocks. */
export function showTime(iso: string, timeZone: string): string {
  const local = Temporal.Instant.from(iso).toZonedDateTimeISO(timeZone);
  const utc = local.withTimeZone('UTC');
  const date = (time: Temporal.ZonedDateTime): string =>
    `${WEEKDAYS[time.dayOfWeek - 1] ?? ''} ${MONTHS[time.month - 1] ?? ''} ${time.day} ${time.year}`;
  const utcDay = date(utc) === date(local) ? '' : `${date(utc)} `;
  return `${date(local)} ${hours(local)} ${timeZone} (${utcDay}${hours(utc)} UTC)`;
}

function hours(time: Temporal.ZonedDateTime): string {
  const shown = time
    .toPlainTime()
    .toString({ smallestUnit: time.second === 0 && time.millisecond === 0 ? 'minute' : 'second' });
  return shown;
}

function isoOfInstant(instant: number): string {
  return Temporal.Instant.fromEpochMilliseconds(instant).toString();
}

function wrapped(text: string, lead: string): string[] {
  const indent = ' '.repeat(lead.length);
  const lines: string[] = [];
  let line = lead;
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > WIDTH && line.trim() !== '') {
      lines.push(line);
      line = indent;
    }
    line += line === lead || line === indent ? word : ` ${word}`;
  }
  return [...lines, line];
}
