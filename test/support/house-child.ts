import { readFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Draft } from '../../src/domain/record/event.ts';
import { openHouse } from '../../src/main/house.ts';
import { settingsFrom } from '../../src/main/settings.ts';
import { AGENCY, bookingOpened, decisionMade, draftOf, MIGRATIONS } from './house.ts';

/**
 * A Writkeeper in a process of its own, to be killed while several callers append. Every line is written before the next
 * step: `{ asks }` with a draft before it is asked for, `{ has, sequence }` once it was acknowledged. What the process
 * before had asked and not heard of is asked again first, with the same requests. It ends in order when its input ends.
 *
 * Arguments: the data folder, how many callers, and a file with the drafts to ask again.
 */
const [data = '', callers = '4', unheard = ''] = process.argv.slice(2);
const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

let isEnding = false;
process.stdin.resume();
process.stdin.on('end', () => (isEnding = true));

const house = await openHouse(settingsFrom({}, data), MIGRATIONS, ({ code }) => say({ alarm: code }));
await Promise.all((JSON.parse(readFileSync(unheard, 'utf8')) as Draft[]).map(recordedAtLast));
await Promise.all(Array.from({ length: Number(callers) }, call));
await house.close();

async function call(): Promise<void> {
  while (!isEnding) await book();
}

/** One booking from its opening to the end of a hold, each step on the one before. */
async function book(): Promise<void> {
  const until = '2027-01-03T12:00:00Z';
  const opening = bookingOpened();
  const { subject } = opening;
  await asked(opening);
  const began = await asked(draftOf('custody.basis-began', subject, { kind: 'charge', since: '2026-11-01T08:00:00Z' }));
  const decision = await asked(decisionMade(subject, began, until));
  const hold = await asked(draftOf('hold.begun', subject, { decision, until }, { basedOn: decision }));
  await asked(draftOf('hold.ended', subject, { hold, endedAt: '2026-12-02T12:00:00Z', how: 'cancelled' }));
}

function asked(draft: Draft): Promise<number> {
  say({ asks: draft });
  return recordedAtLast(draft);
}

/** Whatever becomes unknown is asked again with the same request, as a careful client does. */
async function recordedAtLast(draft: Draft): Promise<number> {
  for (;;) {
    const appended = await house.ledger.append(AGENCY, draft);
    switch (appended.kind) {
      case 'recorded': {
        const { sequence } = appended.envelope;
        say({ has: draft.request, sequence });
        return sequence;
      }
      case 'unavailable':
        await sleep(20);
        break;
      case 'invalid':
      case 'conflict':
        say({ wrong: appended });
        throw new Error(`a draft was refused: ${JSON.stringify(appended)}`);
    }
  }
}
