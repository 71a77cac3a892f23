import { Command, InvalidArgumentError } from 'commander';
import { followLog, type Followed } from '../app/ledger/follow-log.ts';
import type { LogSource } from '../app/ledger/verify-public.ts';
import type { WitnessStore } from '../app/ledger/witness-desk.ts';
import type { Result } from '../domain/failure.ts';
import type { Hash } from '../domain/ledger/hashes.ts';
import type { WitnessAnswer } from '../domain/ledger/witness.ts';
import { refuse, type CliContext } from './context.ts';
import type { LedgerCliPorts } from './ledger-ports.ts';

export interface WitnessOptions {
  readonly log: readonly string[];
  readonly logKey: readonly string[];
  readonly name: string;
  readonly folder: string;
  readonly listen?: string;
  readonly every: number;
  readonly once?: true;
}

/** A witness at work: its memory, its key, and the logs that it follows. */
export interface OpenWitness {
  readonly verifierKey: string;
  readonly desk: (body: Uint8Array | string) => Promise<WitnessAnswer>;
  readonly store: WitnessStore;
  readonly sources: readonly LogSource[];
  readonly hash: Hash;
  readonly routes: (request: Request) => Response | Promise<Response>;
  /** What to say of a log that could not be reached, or of which the memory is lost; other errors pass on. */
  readonly trouble: (error: unknown) => string | undefined;
  /** Resolves after so many seconds, or at once when somebody ends the process. False: it ends. */
  readonly pause: (seconds: number) => Promise<boolean>;
  /** Lets go of its folder. */
  readonly close: () => void;
}

export interface WitnessCliPorts extends Pick<LedgerCliPorts, 'serve'> {
  readonly open: (options: WitnessOptions) => Result<OpenWitness>;
}

/** `writkeeper witness`: runs where the jail has no say (an oversight board, a court), and remembers what a log has shown. */
export function witnessCommand(context: CliContext, ports: WitnessCliPorts): Command {
  return new Command('witness')
    .description('watch logs from outside and cosign what only ever grows; it sees hashes, never names')
    .requiredOption(
      '--log <address or folder...>',
      'the log to follow, such as https://jail.example/log/us/fl/monroe-county/sheriff',
    )
    .requiredOption('--log-key <key...>', "the log's verifier key (writkeeper ledger key); one for each log")
    .option('--name <name>', "the witness's own name in its cosignatures", 'witness.invalid')
    .option(
      '--folder <folder>',
      'where the witness keeps its key and its memory; lose it and it starts anew',
      './witness',
    )
    .option('--listen <host:port>', 'also answer logs that come by themselves (C2SP tlog-witness)')
    .option('--every <seconds>', 'how often to look', seconds, 60)
    .option('--once', 'look once, say what was found, and end')
    .addHelpText('after', '\nExit code with --once: 0 cosigned or nothing new, 1 refused or not reached, 2 bad input.')
    .action(async (options: WitnessOptions) => {
      const opened = ports.open(options);
      if (!opened.ok) return refuse(context, opened.failures);
      try {
        await watch(context, ports, opened.value, options);
      } finally {
        opened.value.close();
      }
    });
}

async function watch(
  context: CliContext,
  ports: WitnessCliPorts,
  witness: OpenWitness,
  { listen, once, every }: WitnessOptions,
): Promise<void> {
  context.out(`witness key: ${witness.verifierKey}\n`);
  if (listen !== undefined) {
    const served = await ports.serve(witness.routes, listen);
    if (!served.ok) {
      refuse(context, served.failures);
      return;
    }
    context.out(`listening at ${served.value.address}\n`);
  }
  do {
    const isGood = await lookAtAll(context, witness);
    if (once) {
      context.exitWith(isGood ? 0 : 1);
      return;
    }
  } while (await witness.pause(every));
}

async function lookAtAll(context: CliContext, witness: OpenWitness): Promise<boolean> {
  let isGood = true;
  for (const source of witness.sources) {
    const followed = await look(witness, source);
    isGood &&= followed.kind !== 'refused';
    tell(context, source.name, followed);
  }
  return isGood;
}

async function look({ desk, store, hash, trouble }: OpenWitness, source: LogSource): Promise<Followed> {
  try {
    return await followLog(source, (origin) => store.state(origin)?.size ?? 0, desk, hash);
  } catch (error) {
    const message = trouble(error);
    if (message === undefined) throw error;
    return { kind: 'refused', status: 0, message };
  }
}

function tell(context: CliContext, name: string, followed: Followed): void {
  switch (followed.kind) {
    case 'cosigned':
      context.out(`${name}: cosigned at ${followed.size} entries\n`);
      return;
    case 'nothing-new':
      context.out(`${name}: nothing new, ${followed.size} entries\n`);
      return;
    case 'refused':
      context.err(`${name}: NOT COSIGNED: ${followed.message}\n`);
  }
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 86_400)
    throw new InvalidArgumentError('write whole seconds, 1 to 86400');
  return value;
}
