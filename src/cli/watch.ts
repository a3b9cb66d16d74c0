import { Option, type Command } from "commander";

import type { Event } from "../core/event.ts";
import type { Result } from "../core/outcome.ts";
import { mayPass } from "../fault.ts";
import { Nudge } from "../every.ts";
import { readLedger, type Ledger } from "../ledger/view.ts";
import { newResults } from "../main/new-results.ts";
import { notice } from "../main/notice.ts";
import { Workers } from "../main/workers.ts";
import type { SharedRepo } from "../ports/shared-repo.ts";
import type { Cli } from "./cli.ts";
import { consoleListener } from "./console-listener.ts";
import { lookEveryMs } from "./follow-task.ts";
import { examples, type Host } from "./host.ts";
import { latestResults } from "./read-marks.ts";
import { watchForAgent } from "./watch-for-agent.ts";
import { watchPage } from "./watch-page.ts";

export function setUp(command: Command, host: Host): void {
  command
    .option("--ndjson", "print each event as a line of JSON instead, for programs")
    .addOption(
      new Option("--for <agent>", "print what wakes an agent: a line for each task that has ended").choices([
        "openclaw",
      ]),
    )
    .addHelpText(
      "after",
      `\nq or Ctrl-C ends it. Where there is no terminal it prints a line for each event.\n${examples("pawl watch", "pawl watch --ndjson | jq 'select(.kind == \"task-ended\")'")}`,
    )
    .action((options: { ndjson?: boolean; for?: "openclaw" }) =>
      host.run(command, (cli) =>
        options.for === undefined ? watch(cli, options.ndjson ?? false) : watchForAgent(cli),
      ),
    );
}

export type Seen = {
  ledger: Ledger | undefined;
  results: Result[];
  trouble: string | undefined;
};

async function watch(cli: Cli, ndjson: boolean): Promise<void> {
  const { world } = cli;
  const config = await cli.config();
  await using open = await world.openLedger(config);
  const nudge = new Nudge();
  const stop = new AbortController();
  using _signal = world.onSignal("SIGINT", () => stop.abort());
  const asPage = world.out.isTerminal && !ndjson && !cli.json;
  let lookAtMs = 0;
  using _wake = await world.watchWake(config, () => {
    lookAtMs = 0;
    nudge.poke();
  });
  const workers = new Workers();
  const seen: Seen = { ledger: undefined, results: [], trouble: undefined };
  const tell = consoleListener(cli, ndjson || cli.json);

  using _screen = asPage ? page(cli, () => stop.abort()) : undefined;
  while (!stop.signal.aborted) {
    if (world.clock.monotonicMs() >= lookAtMs) {
      const events = await look(open.repo, { seen, workers, nowMs: world.clock.monotonicMs() });
      if (!asPage) for (const event of events) tell(event);
      lookAtMs = world.clock.monotonicMs() + lookEveryMs(config);
    }
    if (asPage) {
      const views = workers.views(world.clock.monotonicMs());
      world.out.write(`\u001b[H${watchPage(cli, { ...seen, config, workers: views })}\u001b[J`);
    }
    await nudge.pause(asPage ? 1000 : lookEveryMs(config), world.clock, stop.signal);
  }
}

async function look(
  repo: SharedRepo,
  { seen, workers, nowMs }: { seen: Seen; workers: Workers; nowMs: number },
): Promise<Event[]> {
  try {
    const sight = await repo.look();
    const events = await workers.observe(sight.beats, nowMs, repo);
    seen.trouble = undefined;
    if (seen.ledger && sight.head === seen.ledger.snapshot.commit) return events;
    const before = seen.ledger;
    const after = await readLedger(await repo.fetch());
    seen.ledger = after;
    seen.results = await latestResults(after);
    if (!before) return events;
    return [...events, ...notice(before, after, []), ...(await newResults(after, before.results))];
  } catch (error) {
    if (!mayPass(error)) throw error;
    seen.trouble = error.message;
    return [];
  }
}

/** A screen of its own, so that what stood on the terminal comes back afterwards. */
function page(cli: Cli, leave: () => void): Disposable {
  const { out, input } = cli.world;
  out.write("\u001b[?1049h\u001b[?25l");
  const keys = input.keys((key) => {
    if (key === "q" || key === "ctrl-c") leave();
  });
  return {
    [Symbol.dispose]() {
      keys[Symbol.dispose]();
      out.write("\u001b[?25h\u001b[?1049l");
    },
  };
}
