import type { Command } from "commander";

import { examples, type Host } from "./host.ts";

export function setUp(command: Command, host: Host): void {
  command.addHelpText("after", examples("pawl poke")).action(() =>
    host.run(command, async (cli) => {
      const config = await cli.config();
      const touched = await cli.world.poke(config);
      cli.answer({ poked: touched }, () =>
        touched
          ? "Poked: the nodes on this machine look now, and those that watch a hub on it."
          : `No node of ${config.remote} has run on this machine; others look every ${config.pollSeconds} s.`,
      );
    }),
  );
}
