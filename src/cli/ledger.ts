import { Command } from 'commander';
import { draftFrom } from '../app/ledger/draft.ts';
import type { Appended } from '../app/ledger/ledger.ts';
import { rebuild } from '../app/ledger/rebuild.ts';
import { verifyAgency, type VerifyReport } from '../app/ledger/verify.ts';
import { lineOf } from '../domain/failure.ts';
import type { Attested, Fault } from '../domain/ledger/audit.ts';
import { isHandle } from '../domain/record/key-tree.ts';
import { refuse, type CliContext } from './context.ts';
import type { LedgerCliPorts, OpenLedger } from './ledger-ports.ts';

interface Common {
  readonly data?: string;
  readonly json?: true;
}

/** `writkeeper ledger`: the record, written, read, and held against what was signed. */
export function ledgerCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return new Command('ledger')
    .description('the record: an append-only ledger that outsiders can verify')
    .addCommand(appendCommand(context, ports))
    .addCommand(showCommand(context, ports))
    .addCommand(verifyCommand(context, ports))
    .addCommand(rebuildCommand(context, ports))
    .addCommand(keyCommand(context, ports));
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
          if (!line.ok) return refuse(context, line.failures);
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
  } catch (error) {
    return {
      kind: 'invalid',
      failures: [{ code: 'malformed', where: '', message: `is no JSON (${(error as Error).message})` }],
    };
  }
  const draft = await draftFrom(document, open.ports);
  if (!draft.ok) return { kind: 'invalid', failures: draft.failures };
  return open.ledger.append(draft.value.agency, draft.value.draft);
}

/** Prints what became of a draft. False: the reader must mend it before more is taken. */
export function said(context: CliContext, where: string, appended: Appended): boolean {
  switch (appended.kind) {
    case 'recorded': {
      const { envelope, checkpoint, repeated } = appended;
      context.out(
        `${JSON.stringify({ sequence: envelope.sequence, subject: envelope.subject, type: envelope.type, recordedAt: envelope.recordedAt, repeated, checkpoint })}\n`,
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
        winner === undefined ? '' : ` (entry ${winner.sequence}: ${winner.type}, recorded ${winner.recordedAt})`;
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
        await keyring.ensure(agency);
        const history = await ledger.history(agency, subject);
        if (history.length === 0)
          return refuse(context, [
            { code: 'not-found', where: subject, message: `nothing is recorded of it by ${agency}` },
          ]);
        for (const kept of history) {
          const shown =
            'event' in kept
              ? { ...kept.event.envelope, actor: kept.event.actor, content: kept.event.content }
              : { ...kept.envelope, unreadable: kept.unreadable };
          context.out(`${JSON.stringify(shown)}\n`);
        }
        context.out(`${JSON.stringify({ state: await ledger.state(agency, subject) })}\n`);
      });
    });
}

interface VerifyOptions extends Common {
  readonly agency?: string;
  readonly witness: readonly string[];
  readonly witnessKey: readonly string[];
}

function verifyCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('verify'))
    .description('hold every entry, tile, checkpoint and projection against what was signed and witnessed')
    .option('--agency <agency>', 'only this one')
    .option('--witness <file or address...>', 'cosigned checkpoints: files, or addresses of witnesses', [])
    .option('--witness-key <key...>', 'the verifier keys of those witnesses', [])
    .addHelpText('after', '\nExit code: 0 nothing found, 1 something does not fit, 2 bad input.')
    .action(async (options: VerifyOptions) => {
      const seen = await ports.attestations(options.witness, options.witnessKey);
      if (!seen.ok) return refuse(context, seen.failures);
      await within(context, ports, options, async (open) => {
        const agencies = options.agency === undefined ? await open.ports.store.agencies() : [options.agency];
        const reports: VerifyReport[] = [];
        for (const agency of agencies) reports.push(await verifyOne(context, open, agency, seen.value));
        if (options.json) context.out(`${JSON.stringify(reports)}\n`);
        else for (const report of reports) context.out(verifyText(report));
        if (agencies.length === 0 && !options.json) context.out('There is no ledger yet.\n');
        context.exitWith(reports.every(({ faults }) => faults.length === 0) ? 0 : 1);
      });
    });
}

async function verifyOne(
  context: CliContext,
  { ports, readCheckpoint }: OpenLedger,
  agency: string,
  seen: readonly (Attested & { origin: string })[],
): Promise<VerifyReport> {
  await ports.keyring.ensure(agency);
  const origin = (await ports.store.head(agency))?.origin ?? ports.originOf(agency);
  const attested = (): Promise<readonly Attested[]> => Promise.resolve(seen.filter((each) => each.origin === origin));
  const progress = context.showsProgress
    ? (_: string, done: number, of: number): void => context.err(`\r${agency}: ${done} of ${of}`)
    : undefined;
  const report = await verifyAgency(
    { ...ports, readCheckpoint, attested, ...(progress === undefined ? {} : { progress }) },
    agency,
  );
  if (context.showsProgress) context.err('\r\u001b[K');
  const { different, unreadable } = await rebuild(ports, agency, false);
  const projection = [...different, ...unreadable].map((subject): Fault => ({
    code: 'projection-differs',
    message: `what is shown of subject ${subject} is not what its entries come to; writkeeper ledger rebuild mends it`,
  }));
  return { ...report, faults: [...report.faults, ...projection] };
}

function verifyText({ agency, size, root, faults, attested, opened }: VerifyReport): string {
  const seen = attested.map(({ by, size: at }) => `${by} (${at})`).join(', ');
  const lines = [
    `${faults.length === 0 ? '✓' : '✗'} ${agency}: ${size} entries, root ${root}`,
    `  held against: ${seen === '' ? 'nothing that was signed' : seen}; ${opened} contents opened`,
    ...faults.map(({ code, message }) => `  ✗ ${code}: ${message}`),
  ];
  return `${lines.join('\n')}\n`;
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
          isSame &&= report.different.length === 0 && report.unreadable.length === 0;
          const what = options.check ? 'differ' : 'mended';
          context.out(
            `${agency}: ${report.subjects} subjects, ${report.different.length} ${what}, ${report.unreadable.length} unreadable\n`,
          );
          for (const subject of [...report.different, ...report.unreadable]) context.out(`  ${subject}\n`);
        }
        if (options.check) context.exitWith(isSame ? 0 : 1);
      });
    });
}

function keyCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('key'))
    .argument('<agency>', 'us/fl/monroe-county/sheriff')
    .description("print the log's public key, by which witnesses and auditors verify its checkpoints")
    .action(async (agency: string, options: Common) => {
      await within(context, ports, options, async (open) => {
        await open.ports.keyring.ensure(agency);
        for (const key of open.verifierKeys(agency)) context.out(`${key}\n`);
      });
    });
}

/** Opens the house for one command and closes it whatever happens. */
export async function within(
  context: CliContext,
  ports: LedgerCliPorts,
  { data }: Common,
  work: (open: OpenLedger) => Promise<void>,
): Promise<void> {
  const open = await ports.open(data);
  if (!open.ok) return refuse(context, open.failures);
  try {
    await work(open.value);
  } finally {
    await open.value.close();
  }
}

export function common(command: Command): Command {
  return command
    .option('--data <folder>', 'where everything lies (default: WRITKEEPER_DATA, or ./data)')
    .option('--json', 'print JSON');
}
