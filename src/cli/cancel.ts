import type { Command } from "commander";

import { update } from "../ledger/update.ts";
import { cancelTask, type Cancelled } from "../main/cancel-task.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { resolveId } from "./resolve-id.ts";
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
    cli.answer({ id, ...answer }, () => `${id} ${told(answer)}`);
    return answer.kind === "ended" && answer.outcome !== "cancelled" ? 1 : 0;
  });
}

function told(answer: Cancelled): string {
  switch (answer.kind) {
    case "cancelled":
      return answer.stops ? `is cancelled; ${answer.stops} stops it as soon as it looks.` : "is cancelled.";
    case "already":
      return "is being cancelled already.";
    case "ended":
      return answer.outcome === "cancelled"
        ? "was cancelled before."
        : `has ended already: ${answer.outcome}.`;
    default:
      return answer satisfies never;
  }
}
