import { Command } from 'commander';
import { exportLog } from '../app/ledger/export-log.ts';
import { storeShown } from '../app/ledger/may-sign.ts';
import type { LedgerStore } from '../app/ledger/ports.ts';
import { publicLog } from '../app/ledger/public-log.ts';
import { pushCheckpoint } from '../app/ledger/push-checkpoint.ts';
import { refuse, type CliContext } from './context.ts';
import type { LedgerCliPorts, OpenLedger } from './ledger-ports.ts';
import { common, within, type Common } from './open-ledger.ts';

/** `writkeeper ledger export`: a log as static files. */
export function exportCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('export'))
    .argument('<agency>', 'us/fl/monroe-county/sheriff')
    .argument('<folder>', 'a new folder')
    .description('write a log as static files that any web server can serve and anybody can verify')
    .action(async (agency: string, folder: string, options: Common) => {
      await within(context, ports, options, async (open) => {
        const { primitives } = open.ports;
        const store = storeOf(open);
        const head = await store.head(agency);
        if (head === undefined) {
          refuse(context, [{ code: 'not-found', where: agency, message: 'has no log here' }]);
          return;
        }
        const write = ports.folderWriter(folder);
        if (!write.ok) {
          refuse(context, write.failures);
          return;
        }
        const files = await exportLog(
          publicLog(store, primitives.hash),
          agency,
          head.size,
          head.checkpoint,
          write.value,
        );
        context.out(`${folder}: ${files} files, ${head.size} entries\n`);
      });
    });
}

/** `writkeeper ledger serve`: the public part of all logs over HTTP. */
export function serveCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('serve'))
    .option('--listen <host:port>', 'where to listen', '127.0.0.1:4801')
    .description('serve the public part of all logs (no names, no content) to witnesses and auditors')
    .action(async (options: Common & { readonly listen: string }) => {
      await within(context, ports, options, async (open) => {
        const log = publicLog(storeOf(open), open.ports.primitives.hash);
        const served = await ports.serve(ports.publicRoutes(log), options.listen);
        if (!served.ok) {
          refuse(context, served.failures);
          return;
        }
        context.out(`The logs are at ${served.value.address}/log/<agency>/checkpoint\n`);
        await served.value.ended;
      });
    });
}

/** `writkeeper ledger push`: for a house that outsiders cannot reach. */
export function pushCommand(context: CliContext, ports: LedgerCliPorts): Command {
  return common(new Command('push'))
    .argument('<agency>', 'us/fl/monroe-county/sheriff')
    .requiredOption('--witness <address>', 'where the witness listens (C2SP tlog-witness)')
    .requiredOption('--witness-key <key>', 'its verifier key')
    .description('bring the newest checkpoint to a witness that cannot reach this house, and keep its cosignature')
    .action(async (agency: string, options: Common & { readonly witness: string; readonly witnessKey: string }) => {
      const witness = ports.witnessAt(options.witness, options.witnessKey);
      if (!witness.ok) {
        refuse(context, witness.failures);
        return;
      }
      const { ask, key, verify } = witness.value;
      await within(context, ports, options, async (open) => {
        const { primitives } = open.ports;
        const store = storeOf(open);
        const pushed = await pushCheckpoint(
          { store, log: publicLog(store, primitives.hash), ask, verify },
          agency,
          key,
        );
        if (pushed.kind === 'cosigned') {
          context.out(`${agency}: ${key.name} cosigned ${pushed.size} entries\n`);
          return;
        }
        context.err(`${agency}: NOT COSIGNED by ${key.name} (${pushed.status}): ${pushed.message}\n`);
        context.exitWith(1);
      });
    });
}

function storeOf({ ports: { store, signedSizes }, readCheckpoint }: OpenLedger): LedgerStore {
  return storeShown(store, { signedSizes, readCheckpoint });
}
