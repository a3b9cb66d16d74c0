import type { Command } from "commander";

import { examples, type Host } from "./host.ts";

export function setUp(command: Command, host: Host): void {
  command
    .description(
      "Let the nodes on this machine go on after the branch was rewound and went on from there. What only the lost part had is gone then: look first.",
    )
    .addHelpText("after", examples("pawl doctor", "pawl audit", "pawl accept-history"))
    .action(() =>
      host.run(command, async (cli) => {
        const config = await cli.config();
        await using open = await cli.world.openLedger(config);
        const { commit } = await open.repo.accept();
        const nodes = await cli.world.acceptHistory(config, commit);
        await cli.world.poke(config);
        cli.answer({ nodes, commit }, () =>
          nodes.length === 0
            ? `No node has run on this machine; commands here go on with ${commit.slice(0, 10)}.`
            : `${nodes.join(", ")}: told to go on with the history that is there now (${commit.slice(0, 10)}).`,
        );
      }),
    );
}
