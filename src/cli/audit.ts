import type { Command } from "commander";

import type { Audit } from "../ledger/audit.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";

export function setUp(command: Command, host: Host): void {
  command
    .description(
      "Check each commit of the ledger against its parent: was everything that happened allowed to?",
    )
    .option("--since <commit>", "only what came after this commit")
    .addHelpText("after", examples("pawl audit", "pawl audit --since 3fa9c1d --json"))
    .action((options: { since?: string }) => host.run(command, (cli) => audit(cli, options.since)));
}

async function audit(cli: Cli, since: string | undefined): Promise<number> {
  const { auditHistory } = await import("../ledger/audit.ts");
  await using open = await cli.world.openLedger(await cli.config());
  await open.repo.fetch();
  const found = await auditHistory(open.repo, since);
  cli.answer({ legal: found.illegal === undefined, ...found }, () => told(cli, found));
  return found.illegal === undefined ? 0 : 1;
}

function told(cli: Cli, { commits, illegal }: Audit): string {
  if (!illegal) return `${cli.paint("green", "✓")} ${commits} commits, all of them legal`;
  const { commit, author, reason } = illegal;
  return `${cli.paint("red", "✗")} ${commit.slice(0, 10)} by ${author ?? "a person"}: ${reason}`;
}
