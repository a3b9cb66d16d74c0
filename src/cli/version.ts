import type { Command } from "commander";

import { examples, type Host } from "./host.ts";

export function setUp(command: Command, host: Host): void {
  command.addHelpText("after", examples("pawl version --json")).action(() =>
    host.run(command, async (cli) => {
      const pawl = cli.world.version();
      cli.answer({ pawl, node: process.version }, () => `pawl ${pawl} (Node ${process.version})`);
    }),
  );
}
