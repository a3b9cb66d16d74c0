import type { Command } from "commander";

import { Fault } from "../fault.ts";
import { update } from "../ledger/update.ts";
import { taskIn } from "../ledger/view.ts";
import { cancelTask } from "../main/cancel-task.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { resolveId } from "../main/resolve-id.ts";
import { withLedger } from "./with-ledger.ts";

export function setUp(command: Command, host: Host): void {
  command
    .argument("<id>", "the task; the beginning of its id or of its last part is enough")
    .addHelpText("after", `\nThe task ends as cancelled.\n${examples("pawl reject 7k3qx")}`)
    .action((given: string) => host.run(command, (cli) => reject(cli, given)));
}

function reject(cli: Cli, given: string): Promise<void> {
  const { clock, chance } = cli.world;
  return withLedger(cli, async ({ config, repo, ledger }) => {
    const id = await resolveId(ledger, given);
    await update(
      { repo, node: config.name, clock, chance },
      (newest) => {
        const state = taskIn(newest, id)?.state.kind;
        if (state !== undefined && state !== "needs-approval" && state !== "cancelled") {
          throw new Fault("MOVE_REFUSED", `${id} is ${state} and does not wait for an approval`, {
            hint: `\`pawl cancel ${id}\` takes it back all the same.`,
          });
        }
        return cancelTask(newest, id);
      },
      { from: ledger.snapshot },
    );
    await cli.world.poke(config);
    cli.answer({ id, kind: "rejected" }, () => `${id} is rejected, and ends as cancelled.`);
  });
}
