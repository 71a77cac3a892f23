import { Command } from 'commander';
import { uuidFrom } from '../app/ledger/draft.ts';
import { expungeSubject, sealSubject, unsealSubject, type Order } from '../app/ledger/erase.ts';
import { failed, ok, type Result } from '../domain/failure.ts';
import { isHandle, type Handle } from '../domain/record/key-tree.ts';
import { refuse, type CliContext } from './context.ts';
import { said } from './ledger.ts';
import type { LedgerCliPorts, OpenLedger } from './ledger-ports.ts';
import { common, within } from './open-ledger.ts';

interface Options {
  readonly data?: string;
  readonly order: string;
  readonly by: string;
  readonly second: string;
  readonly request?: string;
}

/** `writkeeper subject`: what a court orders of one record. Each takes two people. */
export function subjectCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return new Command('subject')
    .description("seal, unseal or expunge one record by a court's order")
    .addCommand(sealCommand(context, ports))
    .addCommand(sealedKeyCommand(context, ports))
    .addCommand(unsealCommand(context, ports))
    .addCommand(expungeCommand(context, ports));
}

function sealCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return ordered(new Command('seal'))
    .description("give the record's key to the court and keep none")
    .requiredOption('--court-key <file>', "the court's RSA public key, PEM")
    .action(async (agency: string, subject: string, options: Options & { readonly courtKey: string }) => {
      const court = ports.courtKey(options.courtKey);
      if (!court.ok) return refuse(context, court.failures);
      await onSubject(context, ports, agency, subject, options, async (open, order) => {
        said(context, subject, await sealSubject(open.ledger, open.ports, order, court.value));
      });
    });
}

function sealedKeyCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('sealed-key'))
    .argument('<agency>')
    .argument('<subject>')
    .description("print a sealed record's key as the court can decrypt it, base64")
    .action(async (agency: string, subject: string, options: { readonly data?: string }) => {
      if (!isHandle(subject)) return notHandle(context, subject);
      await within(context, ports, options, async ({ ports: { store } }) => {
        const sealed = await store.sealedKey(agency, subject);
        if (sealed === undefined) {
          refuse(context, [{ code: 'not-found', where: subject, message: 'is no sealed record' }]);
          return;
        }
        context.out(`${sealed.toBase64()}\n`);
      });
    });
}

function unsealCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return ordered(new Command('unseal'))
    .description('take back the key that the court has decrypted')
    .requiredOption('--key-file <file>', 'the key, 64 hexadecimal digits in a file, or - for standard input')
    .action(async (agency: string, subject: string, options: Options & { readonly keyFile: string }) => {
      const key = await keyIn(ports, options.keyFile);
      if (!key.ok) return refuse(context, key.failures);
      await onSubject(context, ports, agency, subject, options, async (open, order) => {
        said(context, subject, await unsealSubject(open.ledger, open.ports, order, key.value));
      });
    });
}

/** From a file and not from the command line, which every process of the machine can read and a shell remembers. */
async function keyIn(ports: LedgerCliPorts, path: string): Promise<Result<Uint8Array>> {
  let text = '';
  for await (const line of ports.lines(path)) {
    if (!line.ok) return line;
    text += line.value.text;
  }
  const digits = text.trim();
  if (/^[0-9a-fA-F]{64}$/.test(digits)) return ok(Uint8Array.fromHex(digits));
  return failed({ code: 'malformed', where: path, message: 'holds no key; a key has 64 hexadecimal digits' });
}

function expungeCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return ordered(new Command('expunge'))
    .description("destroy a record's keys and content for ever; its proofs stay")
    .action(async (agency: string, subject: string, options: Options) => {
      await onSubject(context, ports, agency, subject, options, async (open, order) => {
        if (!said(context, subject, await expungeSubject(open.ledger, open.ports, order))) return;
        context.err('The key is destroyed. Destroy older copies of the vault too: docs/runbooks/expunging.md\n');
      });
    });
}

async function onSubject(
  context: CliContext,
  ports: LedgerCliPorts,
  agency: string,
  subject: string,
  options: Options,
  work: (open: OpenLedger, order: Order) => Promise<void>,
): Promise<void> {
  if (!isHandle(subject)) {
    notHandle(context, subject);
    return;
  }
  await within(context, ports, options, (open) => work(open, orderOf(agency, subject, options, open)));
}

function orderOf(agency: string, subject: Handle, { order, by, second, request }: Options, open: OpenLedger): Order {
  return { agency, subject, order, actor: by, second, request: request ?? uuidFrom(open.ports.primitives.random(16)) };
}

function notHandle(context: CliContext, subject: string): void {
  refuse(context, [{ code: 'malformed', where: subject, message: 'is no handle; it has 32 hexadecimal digits' }]);
}

function ordered(command: Command): Command {
  return common(command)
    .argument('<agency>', 'us/fl/monroe-county/sheriff')
    .argument('<subject>', 'the handle of the record')
    .requiredOption('--order <text>', 'the court, its case number and the day of the order')
    .requiredOption('--by <account>', 'who does it')
    .requiredOption('--second <account>', 'the second person')
    .option('--request <uuid>', 'the same one asked again does nothing twice');
}
