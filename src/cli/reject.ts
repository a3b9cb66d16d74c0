import type { Command } from "commander";

import { Fault } from "../fault.ts";
import { update } from "../ledger/update.ts";
import { taskIn } from "../ledger/view.ts";
import { cancelTask } from "../main/cancel-task.ts";
import { verbs } from "../routing/verbs.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { resolveId } from "../main/resolve-id.ts";
import { actionId, answerAction } from "./routing/answer-action.ts";
import { withLedger } from "./with-ledger.ts";

export function setUp(command: Command, host: Host): void {
  command
    .argument("<id>", "a task, or the beginning of its id or of its last part; or what `pawl ask` printed")
    .option("--by <name>", "who rejects it; default: the user of this machine")
    .addHelpText("after", `\nThe task ends as cancelled.\n${examples("pawl reject 7k3qx")}`)
    .action((given: string, { by }: { by?: string }) =>
      host.run(command, (cli) => {
        const action = actionId(given);
        return action ? answerAction(cli, action, { verb: verbs.reject, by }) : reject(cli, given);
      }),
    );
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
