import type { Command } from "commander";

import { newEventId } from "../routing/new-id.ts";
import { Fault } from "../fault.ts";
import type { ChannelCheck } from "../ports/channel.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { checkLines } from "./routing/check-lines.ts";

type View = { destination: string; ok: boolean; checks: ChannelCheck[] };

export function setUp(command: Command, host: Host): void {
  const check = command.command("check");
  check
    .argument("[name]", "one destination; without it all of them")
    .option("--send", "post a test message as well")
    .description("Look whether destinations can be posted to. What was broken is tried again afterwards.")
    .addHelpText("after", examples("pawl channel check", "pawl channel check owner --send"))
    .action((name: string | undefined, { send = false }: { send?: boolean }) =>
      host.run(check, (cli) => checkAll(cli, name, send)),
    );
}

async function checkAll(cli: Cli, name: string | undefined, send: boolean): Promise<number> {
  const config = await cli.config();
  const channels = await cli.world.channels(config);
  const chosen = [...channels].filter(([destination]) => name === undefined || destination === name);
  if (chosen.length === 0) {
    throw new Fault("USAGE", `There is no destination ${name}`, {
      hint: `Known are ${[...channels.keys()].join(", ")}.`,
    });
  }
  const views: View[] = [];
  for (const [destination, channel] of chosen) {
    const checks = await channel.check();
    views.push({ destination, ok: checks.every(({ ok }) => ok), checks });
  }
  await tellMain(cli, views, send);
  cli.answer({ destinations: views }, () => views.map((view) => text(cli, view)).join("\n"));
  return views.every(({ ok }) => ok) ? 0 : 5;
}

/** Main closes what is mended, and posts the test message: it alone writes down what it sends. */
async function tellMain(cli: Cli, views: readonly View[], send: boolean): Promise<void> {
  const config = await cli.config();
  const desk = await cli.world.routing(config).catch((error: unknown) => {
    if (!send && error instanceof Fault && error.code === "MAIN_ELSEWHERE") return undefined;
    throw error;
  });
  for (const { destination, ok } of views) {
    if (!ok) continue;
    const event = send ? { event: newEventId(cli.now(), cli.world.chance) } : {};
    await desk?.ask({ kind: "checked", destination, ...event });
  }
}

function text(cli: Cli, { destination, checks }: View): string {
  return [cli.paint("bold", destination), ...checkLines(cli, checks)].join("\n");
}
