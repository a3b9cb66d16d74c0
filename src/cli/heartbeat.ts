import type { Command } from "commander";

import type { Result } from "../core/outcome.ts";
import { oneLine } from "../format/queue-header.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { latestResults, ReadMarks } from "./read-marks.ts";
import { endedView, openView, type TaskView } from "./task-view.ts";
import { withLedger } from "./with-ledger.ts";

export function setUp(command: Command, host: Host): void {
  command
    .option("--peek", "leave everything unread")
    .addHelpText(
      "after",
      `\nFor the heartbeat of an agent: what has ended since the last call, in a few lines, or\nHEARTBEAT_OK. What was printed is not told again.\n${examples("pawl heartbeat", "pawl heartbeat --json --peek")}`,
    )
    .action((options: { peek?: boolean }) =>
      host.run(command, (cli) => heartbeat(cli, options.peek ?? false)),
    );
}

/** More would be no digest. */
const longest = 10;

function heartbeat(cli: Cli, peek: boolean): Promise<void> {
  return withLedger(cli, async ({ config, ledger }) => {
    const marks = await ReadMarks.open(cli.world, config);
    const results = (await latestResults(ledger)).filter(({ id }) => marks.isUnread(id));
    const asking = marks.newlyAsking(ledger).map(openView);
    const ok = results.length + asking.length === 0;
    const views = results.map((result) => ({ ...endedView(result), digest: digestOf(result) }));
    cli.answer({ ok, results: views, asking }, () => (ok ? "HEARTBEAT_OK\n" : digest(results, asking)));
    if (peek || ok) return;
    // An agent that never got these lines has to get them the next time.
    await cli.world.out.written();
    await marks.allRead(ledger);
  });
}

function digest(results: Result[], asking: TaskView[]): string {
  const told = results.slice(0, longest).map((result) => `- ${lineOf(result)}`);
  const more = results.length > longest ? [`- and ${results.length - longest} more: pawl results`] : [];
  const count = results.length === 1 ? "1 new result" : `${results.length} new results`;
  const ended = results.length === 0 ? [] : [`${count}:`, ...told, ...more];
  const open = asking.map(
    ({ id, title, state, why }) => `- ${id} ${state}: ${title}${why ? ` (${why})` : ""}`,
  );
  const asks = open.length === 0 ? [] : ["Waiting for a person:", ...open];
  return [...ended, ...asks, "The whole of one: pawl show <id>"].join("\n");
}

function lineOf(result: Result): string {
  const { id, outcome, title } = result;
  const said = digestOf(result);
  return `${id} ${outcome}: ${oneLine(title, 80)}${said === "" ? "" : ` — ${said}`}`;
}

/** The first words of the answer, or why there is none. */
function digestOf({ why, text }: Result): string {
  const line = text.split("\n").find((one) => /[\p{L}\p{N}]/u.test(one)) ?? "";
  return oneLine(why ?? line.replace(/^[#>*\s-]+/, ""), 120);
}
