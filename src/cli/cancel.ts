import type { Command } from "commander";

import { update } from "../ledger/update.ts";
import { cancelledText, cancelTask } from "../main/cancel-task.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { resolveId } from "../main/resolve-id.ts";
import { withLedger } from "./with-ledger.ts";

export function setUp(command: Command, host: Host): void {
  command
    .argument("<id>", "the task; the beginning of its id or of its last part is enough")
    .addHelpText("after", examples("pawl cancel 7k3qx"))
    .action((given: string) => host.run(command, (cli) => cancel(cli, given)));
}

function cancel(cli: Cli, given: string): Promise<number> {
  const { clock, chance } = cli.world;
  return withLedger(cli, async ({ config, repo, ledger }) => {
    const id = await resolveId(ledger, given);
    const { answer } = await update(
      { repo, node: config.name, clock, chance },
      (newest) => cancelTask(newest, id),
      { from: ledger.snapshot },
    );
    await cli.world.poke(config);
    cli.answer({ id, ...answer }, () => `${id} ${cancelledText(answer)}.`);
    return answer.kind === "ended" && answer.outcome !== "cancelled" ? 1 : 0;
  });
}
