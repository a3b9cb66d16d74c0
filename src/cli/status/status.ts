import type { Command } from "commander";

import { NodeName } from "../../core/ids.ts";
import { Fault } from "../../fault.ts";
import { oneLine } from "../../format/queue-header.ts";
import { exitCodes, type Health } from "../../../provision/status/judge.ts";
import type { Cli } from "../cli.ts";
import { examples, type Host } from "../host.ts";
import { Survey, type Surveyed } from "./survey.ts";
import { overview, page } from "./page.ts";
import { viewOf } from "./view.ts";

type Options = { all?: boolean; watch?: boolean; provider?: "digitalocean" | "hetzner" };

/** Between two looks of `--watch`. */
const everyMs = 10_000;

export function setUp(command: Command, host: Host): void {
  command
    .argument("[name]", "of the worker", "pawl-worker-1")
    .option("--all", "every worker that the provider, the hub or this machine knows of")
    .option("--watch", "look again every ten seconds; q or Ctrl-C ends it")
    .addHelpText(
      "after",
      `
Asks the provider, the machine and the hub, each for itself, and says what it can when one does
not answer. It ends with 0 for healthy, 1 for degraded and 2 for dead.

  DO_API_TOKEN, HCLOUD_TOKEN     the account that the server is of; without one it is not asked
${examples("worker-status", "worker-status --all", "worker-status pawl-worker-1 --json | jq '.workers[0].reasons'")}`,
    )
    .action((name: string, options: Options) => host.run(command, (cli) => status(cli, name, options)));
}

async function status(cli: Cli, name: string, { all = false, watch = false }: Options): Promise<number> {
  const survey = await Survey.begin(cli, all ? "all" : [nameOf(name)]);
  if (watch) return watchIt(cli, survey, all);
  const surveyed = await survey.look();
  cli.answer(answerOf(surveyed), () => screenful(cli, surveyed, all));
  return exitCodes[worstOf(surveyed)];
}

function answerOf(surveyed: Surveyed): object {
  const { workers, unheard } = surveyed;
  return { health: worstOf(surveyed), workers: workers.map(viewOf), unheard };
}

function screenful(cli: Cli, { workers, unheard }: Surveyed, all: boolean): string {
  // The page of one worker says for itself which of its sources did not answer.
  if (!all) return workers.map((one) => page(cli, one.seen, one.judgement)).join("\n\n");
  const missed = unheard.map((why) => `${cli.paint("yellow", "!")} There may be more: ${oneLine(why, 300)}`);
  if (workers.length > 0) return [overview(cli, workers), ...missed].join("\n");
  const none =
    unheard.length === 0
      ? "Nobody knows of a worker: provision-worker makes one."
      : "No worker is known here, and not everybody could be asked.";
  return [none, ...missed].join("\n");
}

/** Of no worker at all, all is well only if everybody says so who could know of one. */
function worstOf({ workers, unheard }: Surveyed): Health {
  if (workers.length === 0) return unheard.length === 0 ? "healthy" : "degraded";
  const order: Health[] = ["dead", "degraded", "healthy"];
  return order.find((health) => workers.some(({ judgement }) => judgement.health === health)) ?? "healthy";
}

/** A screen of its own on a terminal; elsewhere each look is printed under the one before. */
async function watchIt(cli: Cli, survey: Survey, all: boolean): Promise<number> {
  const { world } = cli;
  const { out, clock, input } = world;
  const stop = new AbortController();
  using _signal = world.onSignal("SIGINT", () => stop.abort());
  const asPage = out.isTerminal && !cli.json;
  using _keys = input.keys((key) => {
    if (key === "q" || key === "ctrl-c") stop.abort();
  });
  if (asPage) out.write("\u001b[?1049h\u001b[?25l");
  let health: Health = "healthy";
  try {
    while (!stop.signal.aborted) {
      const surveyed = await survey.look();
      health = worstOf(surveyed);
      if (cli.json) out.write(`${JSON.stringify(answerOf(surveyed))}\n`);
      else if (asPage) out.write(`\u001b[H${onScreen(cli, screenful(cli, surveyed, all))}\u001b[J`);
      else out.write(`${screenful(cli, surveyed, all)}\n\n`);
      await clock.sleep(everyMs, stop.signal);
    }
  } finally {
    if (asPage) out.write("\u001b[?25h\u001b[?1049l");
  }
  return exitCodes[health];
}

function onScreen(cli: Cli, text: string): string {
  const lines = [...text.split("\n"), "", cli.paint("dim", "q quits")];
  return lines
    .slice(0, cli.world.out.rows)
    .map((line) => `${line}\u001b[K`)
    .join("\n");
}

function nameOf(text: string): NodeName {
  const name = NodeName.safeParse(text);
  if (name.success) return name.data;
  throw new Fault(
    "USAGE",
    `${JSON.stringify(text)} is no name of a worker: ${name.error.issues[0]?.message}`,
    {
      hint: "`worker-status --all` lists them.",
    },
  );
}
