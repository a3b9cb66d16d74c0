import type { Command } from "commander";

import { Duration } from "../core/duration.ts";
import { Fault } from "../fault.ts";
import { fold } from "../routing/deliveries/fold.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { when } from "./when.ts";

export function setUp(command: Command, host: Host): void {
  command
    .argument("[for]", "2h: be quiet that long; off: not even in quiet hours")
    .addHelpText(
      "after",
      `\nWhile it is quiet, what would make a sound waits and then comes as one message. What is urgent\npasses. Without an argument: how it stands.\n${examples("pawl quiet", "pawl quiet 2h", "pawl quiet off")}`,
    )
    .action((given?: string) =>
      host.run(command, (cli) => (given === undefined ? status(cli) : set(cli, given))),
    );
}

async function status(cli: Cli): Promise<void> {
  const config = await cli.config();
  const { quietHours, timezone } = config.routing;
  const { quiet } = fold(await (await cli.world.routing(config)).entries());
  const until = quiet?.until ?? null;
  const isOverridden = until !== null && Date.parse(until) > cli.now().getTime();
  cli.answer({ until: isOverridden ? until : null, quietHours: quietHours ?? null, timezone }, () =>
    [
      isOverridden ? `Quiet until ${when(until)}, as ${quiet?.by} has it.` : "",
      quietHours ? `Quiet hours are ${quietHours.from} to ${quietHours.to}, ${timezone}.` : "No quiet hours.",
    ]
      .filter(Boolean)
      .join("\n"),
  );
}

async function set(cli: Cli, given: string): Promise<void> {
  const until = given === "off" ? null : end(given, cli.now());
  const desk = await cli.world.routing(await cli.config());
  await desk.ask({ kind: "quiet", until, by: cli.world.user });
  cli.answer({ until }, () => (until === null ? "Quiet is over." : `Quiet until ${when(until)}.`));
}

function end(given: string, now: Date): string {
  const seconds = Duration.safeParse(given);
  if (seconds.success) return new Date(now.getTime() + seconds.data * 1000).toISOString();
  throw new Fault("USAGE", `${JSON.stringify(given)} is no time to be quiet for`, {
    hint: "Write 90m, 2h or 1d; or off.",
  });
}
