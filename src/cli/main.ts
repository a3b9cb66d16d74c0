import type { Command } from "commander";

import { runDaemon } from "./daemon.ts";
import { examples, type Host } from "./host.ts";

export function setUp(command: Command, host: Host): void {
  command
    .addHelpText(
      "after",
      `\nMakes tasks of what people write, gives lost tasks to others, keeps CURRENT.md, and tells\nwhat happens, a line for each event. SIGINT or SIGTERM ends it, SIGHUP makes it read its\nconfiguration again. A worker goes on without it; two of them do no harm.\n${examples("pawl main", "pawl main --json >> events.ndjson")}`,
    )
    .action(() => host.run(command, (cli) => runDaemon(cli, "main")));
}
