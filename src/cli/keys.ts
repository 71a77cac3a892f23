import { Command } from 'commander';
import { rotateSigning } from '../app/ledger/rotate.ts';
import { refuse, type CliContext } from './context.ts';
import { said } from './ledger.ts';
import type { LedgerCliPorts } from './ledger-ports.ts';
import { common, within, type Common } from './open-ledger.ts';

/** `writkeeper keys`: the keys that sign, and the one that opens the vault, exchanged while the house works. */
export function keysCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return new Command('keys')
    .description('list and exchange keys while the house works (docs/runbooks/lost-key.md)')
    .addCommand(listCommand(context, ports))
    .addCommand(signingCommand(context, ports))
    .addCommand(masterCommand(context, ports));
}

function listCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('list'))
    .argument('<agency>', 'us/fl/monroe-county/sheriff')
    .description("print the public keys of the log's checkpoints, the oldest first")
    .action(async (agency: string, options: Common) => {
      await within(context, ports, options, async ({ ports: { store }, keys }) => {
        if ((await store.head(agency)) === undefined) {
          refuse(context, [{ code: 'not-found', where: agency, message: 'has no log here' }]);
          return;
        }
        const all = await keys.list(agency);
        if (options.json) context.out(`${JSON.stringify(all)}\n`);
        else for (const { key, isInUse } of all) context.out(`${isInUse ? 'in use ' : 'retired'}  ${key}\n`);
      });
    });
}

interface SigningOptions extends Common {
  readonly retire?: true;
  readonly by: string;
  readonly second: string;
}

function signingCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('rotate-signing'))
    .argument('<agency>', 'us/fl/monroe-county/sheriff')
    .description('a new key signs the checkpoints beside the old one, until the old one is retired')
    .option('--retire', 'the newest key alone signs from now on; where there is only one, a new one takes its place')
    .requiredOption('--by <account>', 'who does it')
    .requiredOption('--second <account>', 'the second person')
    .action(async (agency: string, options: SigningOptions) => {
      await within(context, ports, options, async (open) => {
        const { by: actor, second, retire = false } = options;
        const rotation = { agency, actor, second, retire };
        if (!said(context, agency, await rotateSigning(open.ledger, open.ports, open.keys, rotation))) return;
        for (const key of await open.verifierKeys(agency)) context.err(`signs now: ${key}\n`);
        context.err('Give the witnesses and auditors these keys: docs/runbooks/lost-key.md\n');
      });
    });
}

interface MasterOptions extends Common {
  readonly newKeyFile: string;
  readonly only?: true;
}

function masterCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('rotate-master'))
    .description('the vault opens with a new master key too, or with it alone')
    .requiredOption('--new-key-file <file>', 'the new key: 64 hexadecimal digits, such as openssl rand -hex 32 gives')
    .option(
      '--only',
      'with no other any more, and under a new data key: older copies of the vault do not open this one',
    )
    .action(async (options: MasterOptions) => {
      await within(context, ports, options, async ({ keys }) => {
        const rotated = await keys.rotateMaster(options.newKeyFile, options.only === true);
        if (!rotated.ok) {
          refuse(context, rotated.failures);
          return;
        }
        const how = options.only ? 'with this key alone' : 'with this key too';
        context.out(`The vault opens ${how}: ${rotated.value}\n`);
        if (options.only)
          context.err(
            'Running houses ask for their master key again at their next change: their source must give the new one by now.\n',
          );
      });
    });
}
