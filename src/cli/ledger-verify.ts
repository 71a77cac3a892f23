import { Command } from 'commander';
import { bearingOn } from '../app/ledger/continue.ts';
import { logName } from '../app/ledger/log-name.ts';
import { cosignatureFaults, projectionFaults, type ReadCosignature } from '../app/ledger/verify-beside.ts';
import { logsKnown, verifyAgency, type VerifyReport } from '../app/ledger/verify.ts';
import { verifyPublicLog } from '../app/ledger/verify-public.ts';
import type { Attested, Fault } from '../domain/ledger/audit.ts';
import { originsUpTo } from '../domain/ledger/origin.ts';
import { refuse, type CliContext } from './context.ts';
import type { LedgerCliPorts, OpenLedger } from './ledger-ports.ts';
import { common, within, type Common } from './open-ledger.ts';

type Seen = Attested & { readonly origin: string };

/** @property cosignaturesUnread of witnesses whose keys were not given. */
type Verified = VerifyReport & { readonly cosignaturesUnread: number };

interface VerifyOptions extends Common {
  readonly agency?: string;
  readonly log?: string;
  readonly key?: string;
  readonly witness: readonly string[];
  readonly witnessKey: readonly string[];
}

export function verifyCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('verify'))
    .description('hold every entry, tile, checkpoint and projection against what was signed and witnessed')
    .option('--agency <agency>', 'only this one')
    .option('--log <address or folder>', 'a log as outsiders see it, instead of this house and its database')
    .option('--key <key>', "that log's verifier key (writkeeper ledger key)")
    .option('--witness <file or address...>', 'cosigned checkpoints: files, or addresses of witnesses', [])
    .option('--witness-key <key...>', 'the verifier keys of those witnesses', [])
    .addHelpText('after', '\nExit code: 0 nothing found, 1 something does not fit, 2 bad input.')
    .action(async (options: VerifyOptions) => {
      if (options.log !== undefined) return verifyOutside(context, ports, options.log, options);
      await within(context, ports, options, async (open) => {
        const known = await logsKnown(open.ports);
        if (options.agency !== undefined && !known.includes(options.agency)) {
          const message = `has no log here; ${known.length === 0 ? 'nobody has' : `there is one of ${known.join(', ')}`}`;
          refuse(context, [{ code: 'not-found', where: options.agency, message }]);
          return;
        }
        const agencies = options.agency === undefined ? known : [options.agency];
        const seen = await ports.attestations(options.witness, options.witnessKey, await namesOf(open.ports, agencies));
        if (!seen.ok) {
          refuse(context, seen.failures);
          return;
        }
        const read = ports.cosignatureReader(options.witnessKey);
        if (!read.ok) {
          refuse(context, read.failures);
          return;
        }
        const reports: Verified[] = [];
        for (const agency of agencies) {
          const report = await verifyOne(context, open, agency, seen.value, read.value);
          reports.push(report);
          // At once: whatever happens to the next one, this one is told.
          if (!options.json) context.out(verifyText(report));
        }
        if (options.json) context.out(`${JSON.stringify(reports)}\n`);
        if (agencies.length === 0 && !options.json) context.out('There is no ledger yet.\n');
        context.exitWith(reports.every(({ faults }) => faults.length === 0) ? 0 : 1);
      });
    });
}

/** All names under which witnesses may know these logs. */
async function namesOf(ports: OpenLedger['ports'], agencies: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const agency of agencies) names.push(...originsUpTo(agency, await logName(ports, agency)));
  return names;
}

async function verifyOutside(
  context: CliContext,
  ports: LedgerCliPorts,
  where: string,
  { key, json, witness, witnessKey }: VerifyOptions,
): Promise<void> {
  const log = ports.publicLogAt(where, key);
  if (!log.ok) {
    refuse(context, log.failures);
    return;
  }
  const { source, origin, read, hash } = log.value;
  const seen = await ports.attestations(witness, witnessKey, [origin]);
  if (!seen.ok) {
    refuse(context, seen.failures);
    return;
  }
  const ofLog = seen.value.filter((each) => each.origin === origin);
  const verified = await verifyPublicLog(source, read, ofLog, hash);
  if (!verified.ok) {
    refuse(context, verified.failures);
    return;
  }
  const { name, size, root, faults } = verified.value;
  if (json) context.out(`${JSON.stringify([verified.value])}\n`);
  else context.out(faultsText(`${name}: ${size} entries, root ${root}`, faults));
  context.exitWith(faults.length === 0 ? 0 : 1);
}

async function verifyOne(
  context: CliContext,
  { ports, readCheckpoint }: OpenLedger,
  agency: string,
  seen: readonly Seen[],
  read: ReadCosignature,
): Promise<Verified> {
  const attested = (): Promise<readonly Attested[]> => bearingOn(ports, agency, seen);
  const progress = context.showsProgress
    ? (_: string, done: number, of: number): void => context.err(`\r${agency}: ${done} of ${of}`)
    : undefined;
  const report = await verifyAgency(
    { ...ports, readCheckpoint, attested, ...(progress === undefined ? {} : { progress }) },
    agency,
  );
  if (context.showsProgress) context.err('\r\u001b[K');
  const cosigned = await cosignatureFaults(ports.store, agency, read);
  const faults = [...report.faults, ...cosigned.faults, ...(await projectionFaults(ports, agency))];
  return { ...report, faults, cosignaturesUnread: cosigned.unknown };
}

function verifyText({ agency, size, root, faults, attested, opened, cosignaturesUnread: unread }: Verified): string {
  const seen = attested.map(({ by, size: at }) => `${by} (${at})`).join(', ');
  const against = `held against: ${seen === '' ? 'nothing that was signed' : seen}; ${opened} contents opened`;
  const left = unread === 0 ? '' : `; ${unread} cosignatures not read: give their witnesses' keys (--witness-key)`;
  return faultsText(`${agency}: ${size} entries, root ${root}\n  ${against}${left}`, faults);
}

function faultsText(title: string, faults: readonly Fault[]): string {
  const lines = faults.map(({ code, message }) => `  ✗ ${code}: ${message}\n`);
  return `${faults.length === 0 ? '✓' : '✗'} ${title}\n${lines.join('')}`;
}
