import type { Command } from "commander";

import { durationText } from "../core/duration.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";

export function setUp(command: Command, host: Host): void {
  const check = command.command("check");
  check
    .description("Read the configuration, and say whether it is in order.")
    .addHelpText("after", examples("pawl config check", "pawl config check --config /etc/pawl.yaml"))
    .action(() => host.run(check, checkConfig));

  const schema = command.command("schema");
  schema
    .description("Print a JSON Schema of the configuration, for editors.")
    .addHelpText("after", examples("pawl config schema > pawl.schema.json"))
    .action(() =>
      host.run(schema, async (cli) => {
        const { configJsonSchema } = await import("../config/json-schema.ts");
        cli.world.out.write(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
      }),
    );

  const show = command.command("show");
  show
    .description(
      "Print the configuration with everything filled in. Secrets are not in it, only where they are.",
    )
    .addHelpText("after", examples("pawl config show", "pawl config show --json"))
    .action(() =>
      host.run(show, async (cli) => {
        const config = await cli.config();
        const { stringify } = await import("yaml");
        cli.answer(config, () => stringify(JSON.parse(JSON.stringify(config))));
      }),
    );
}

async function checkConfig(cli: Cli): Promise<void> {
  const config = await cli.config();
  const { source, remote, branch, name, profile, pace, executors } = config;
  cli.answer({ ok: true, source: source ?? null }, () =>
    [
      `${source ?? "The environment alone"} is in order.`,
      `${name} works with ${remote}, branch ${branch} (${profile}).`,
      `A beat each ${durationText(pace.beat)}, a lease is lost after ${durationText(pace.lease)}; executors: ${Object.keys(executors).join(", ")}.`,
    ].join("\n"),
  );
}
