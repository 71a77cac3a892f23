import { Command } from 'commander';
import { draftFrom } from '../app/ledger/draft.ts';
import type { Appended } from '../app/ledger/ledger.ts';
import { unknownAgency } from '../app/ledger/unknown-agency.ts';
import { rebuild, type RebuildReport } from '../app/ledger/rebuild.ts';
import { lineOf } from '../domain/failure.ts';
import type { EventRead } from '../domain/record/event.ts';
import { isHandle } from '../domain/record/key-tree.ts';
import { refuse, type CliContext } from './context.ts';
import { common, within, type Common } from './open-ledger.ts';
import { docsCommand } from './ledger-docs.ts';
import type { LedgerCliPorts, OpenLedger } from './ledger-ports.ts';
import { exportCommand, pushCommand, serveCommand } from './ledger-public.ts';
import { continueCommand } from './ledger-continue.ts';
import { verifyCommand } from './ledger-verify.ts';

/** `writkeeper ledger`: the record, written, read, and held against what was signed. */
export function ledgerCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return new Command('ledger')
    .description('the record: an append-only ledger that outsiders can verify')
    .addCommand(appendCommand(context, ports))
    .addCommand(showCommand(context, ports))
    .addCommand(verifyCommand(context, ports))
    .addCommand(rebuildCommand(context, ports))
    .addCommand(keyCommand(context, ports))
    .addCommand(docsCommand(context, ports))
    .addCommand(continueCommand(context, ports))
    .addCommand(exportCommand(context, ports))
    .addCommand(serveCommand(context, ports))
    .addCommand(pushCommand(context, ports));
}

function appendCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('append'))
    .argument('<file>', 'one event a line as JSON (docs/events.md), or - for standard input')
    .description('put events on record; each is printed once it is in a signed checkpoint')
    .addHelpText(
      'after',
      '\nExit code: 0 all recorded, 1 one did not fit what is on record or could not be kept, 2 bad input.',
    )
    .action(async (path: string, options: Common) => {
      await within(context, ports, options, async (open) => {
        for await (const line of ports.lines(path)) {
          if (!line.ok) {
            refuse(context, line.failures);
            return;
          }
          const where = `${path}:${line.value.line}`;
          const appended = await appendLine(open, line.value.text);
          if (!said(context, where, appended)) return;
          await context.room();
        }
      });
    });
}

async function appendLine(open: OpenLedger, text: string): Promise<Appended> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { kind: 'invalid', failures: [{ code: 'malformed', where: '', message: NO_JSON }] };
  }
  const draft = await draftFrom(document, open.ports);
  if (!draft.ok) return { kind: 'invalid', failures: draft.failures };
  return open.ledger.append(draft.value.agency, draft.value.draft);
}

/** Not the parser's words: they quote the text, which holds names, and what goes to standard error is kept. */
const NO_JSON = 'is no JSON; look for a missing quote, comma or bracket';

/** Prints what became of a draft. False: the reader must mend it before more is taken. */
export function said(context: CliContext, where: string, appended: Appended): boolean {
  switch (appended.kind) {
    case 'recorded': {
      const { envelope, checkpoint, repeated } = appended;
      context.out(
        `${JSON.stringify({ sequence: envelope.sequence, subject: envelope.subject, type: envelope.type, recordedOn: envelope.recordedOn, repeated, checkpoint })}\n`,
      );
      return true;
    }
    case 'invalid':
      for (const failure of appended.failures) context.err(`${where}: ${lineOf(failure)}\n`);
      context.exitWith(2);
      return false;
    case 'conflict': {
      const { refusal, winner } = appended;
      const by =
        winner === undefined ? '' : ` (entry ${winner.sequence}: ${winner.type}, recorded on ${winner.recordedOn})`;
      context.err(`${where}: conflict: ${refusal.message}${by}\n`);
      context.exitWith(1);
      return false;
    }
    case 'unavailable':
      context.err(`${where}: not recorded: ${appended.message}\n`);
      context.exitWith(1);
      return false;
  }
}

function showCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('show'))
    .argument('<agency>', 'us/fl/monroe-county/sheriff')
    .argument('<subject>', 'the handle that the first entry gave')
    .description('print what is recorded of one subject, and what it comes to')
    .action(async (agency: string, subject: string, options: Common) => {
      if (!isHandle(subject))
        return refuse(context, [
          { code: 'malformed', where: subject, message: 'is no handle; it has 32 hexadecimal digits' },
        ]);
      await within(context, ports, options, async ({ ledger, ports: { keyring } }) => {
        if (!isKnown(context, keyring, agency)) return;
        const history = await ledger.history(agency, subject);
        if (history.length === 0) {
          refuse(context, [{ code: 'not-found', where: subject, message: `nothing is recorded of it by ${agency}` }]);
          return;
        }
        for (const kept of history) {
          const shown = 'event' in kept ? shownOf(kept.event) : { ...kept.envelope, unreadable: kept.unreadable };
          context.out(`${JSON.stringify(shown)}\n`);
        }
        context.out(`${JSON.stringify({ state: await ledger.state(agency, subject) })}\n`);
      });
    });
}

function isKnown(context: CliContext, keyring: OpenLedger['ports']['keyring'], agency: string): boolean {
  const failure = unknownAgency(keyring, agency);
  if (failure !== undefined) refuse(context, [failure]);
  return failure === undefined;
}

function shownOf({ envelope, ...sealed }: EventRead): object {
  return { ...envelope, ...sealed };
}

function rebuildCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('rebuild'))
    .description('work the projections out again from the entries')
    .option('--check', 'change nothing; say whether they are the same, byte for byte')
    .action(async (options: Common & { readonly check?: true }) => {
      await within(context, ports, options, async ({ ports: house }) => {
        let isSame = true;
        for (const agency of await house.store.agencies()) {
          const report = await rebuild(house, agency, options.check !== true);
          isSame &&= tellRebuilt(context, agency, report, options.check === true);
        }
        if (options.check) context.exitWith(isSame ? 0 : 1);
      });
    });
}

/** @returns whether everything was as the entries say. */
function tellRebuilt(
  context: CliContext,
  agency: string,
  { subjects, different, unreadable, otherEnds, forgotten }: RebuildReport,
  isCheck: boolean,
): boolean {
  const always = `${different.length} ${isCheck ? 'differ' : 'mended'}, ${unreadable.length} unreadable`;
  const ends = otherEnds.length === 0 ? '' : `, ${otherEnds.length} with other ends of holds than their entries say`;
  const orders =
    forgotten.length === 0 ? '' : `, ${forgotten.length} erased by an order that this copy of the record does not know`;
  context.out(`${agency}: ${subjects} subjects, ${always}${ends}${orders}\n`);
  const named = [...different, ...unreadable, ...otherEnds, ...forgotten];
  for (const subject of named) context.out(`  ${subject}\n`);
  return named.length === 0;
}

function keyCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('key'))
    .argument('<agency>', 'us/fl/monroe-county/sheriff')
    .description("print the log's public key, by which witnesses and auditors verify its checkpoints")
    .action(async (agency: string, options: Common) => {
      await within(context, ports, options, async (open) => {
        if (!isKnown(context, open.ports.keyring, agency)) return;
        for (const key of await open.verifierKeys(agency)) context.out(`${key}\n`);
      });
    });
}
