import { resolve } from "node:path";

import type { Command } from "commander";

import { examples, type Host } from "./host.ts";

export function setUp(command: Command, host: Host): void {
  const init = command.command("init");
  init
    .summary("make one, or correct the settings of one")
    .description("Make a bare repository that keeps what it accepted, through a power cut too.")
    .argument("<folder>", "where it is to be")
    .addHelpText("after", examples("pawl hub init /srv/pawl/hub.git"))
    .action((folder: string) =>
      host.run(init, async (cli) => {
        const { around, user } = cli.world;
        const path = resolve(around.cwd, folder);
        await cli.world.makeHub(path);
        cli.answer({ hub: path }, () => path);
        if (cli.json) return;
        cli.tell(
          [
            "The hub is ready: force pushes and deletions are refused, every push is synced to disk.",
            "",
            "Next:",
            `  pawl init coordination --remote ${path}     on this machine`,
            `  remote: ${user}@${around.hostname}:${path}     in pawl.config.yaml on the others, by ssh`,
          ].join("\n"),
        );
      }),
    );
}
