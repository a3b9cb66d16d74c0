import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Command } from "commander";

import type { Cli } from "./cli.ts";
import { play } from "./demo/play.ts";
import { Stage } from "./demo/stage.ts";
import { Village } from "./demo/village.ts";
import { examples, type Host } from "./host.ts";

/** What a shell answers for a program that Ctrl-C ended. */
const interrupted = 130;

type Options = { keep: boolean };

export function setUp(command: Command, host: Host): void {
  command
    .description(
      "Show the main job: a hub, a main node, a worker and three tasks, all in a temporary folder.",
    )
    .option("--keep", "leave the folder to look into", false)
    .addHelpText("after", examples("pawl demo", "pawl demo --keep"))
    .action((options: Options) => host.run(command, (cli) => demo(cli, options)));
}

async function demo(cli: Cli, { keep }: Options): Promise<number> {
  const stage = new Stage(cli);
  const folder = await mkdtemp(join(tmpdir(), "pawl-demo-"));
  stage.said(`Everything happens in ${folder}; no account, no network, no key.`);
  const village = new Village(folder, [process.execPath, process.argv[1] ?? ""], cli.world.around.env);
  const stop = new AbortController();
  using _interrupt = cli.world.onSignal("SIGINT", () => stop.abort());
  using _termination = cli.world.onSignal("SIGTERM", () => stop.abort());
  try {
    const ended = await play(village, stage, stop.signal);
    const good = ended.filter(({ state }) => state === "succeeded").length;
    stage.heading(`${good} of ${ended.length} tasks succeeded`);
    return good === 3 ? 0 : 1;
  } catch (error) {
    // Ctrl-C reaches every command of the demonstration too: whatever failed then, this is why.
    if (!stop.signal.aborted) throw error;
    stage.said("You ended it before its end; both nodes are gone.");
    return interrupted;
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    stage.said(keep ? `Left to look into: ${folder}` : `${folder} is removed; with --keep it stays.`);
    stage.said("Next: `pawl init <folder>` makes a repository of your own, and README.md tells the rest.");
  }
}
