import type { Command } from "commander";

import type { Result } from "../core/outcome.ts";
import { oneLine } from "../format/queue-header.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { ReadMarks, sortedResults, withoutParts, type Unreadable } from "./read-marks.ts";
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
    const { results, unreadable } = await sortedResults(ledger);
    const fresh = {
      results: withoutParts(results).filter(({ id }) => marks.isUnread(id)),
      unreadable: unreadable.filter(({ id }) => marks.isUnread(id)),
    };
    const shown = {
      // The oldest first: what is left for the next call is news then too.
      results: fresh.results.slice(-longest),
      unreadable: fresh.unreadable.slice(0, longest),
      asking: marks.newlyAsking(ledger).map(openView),
    };
    const more = countOf(fresh) - countOf(shown);
    const ok = countOf(shown) + shown.asking.length === 0;
    const views = shown.results.map((result) => ({ ...endedView(result), digest: digestOf(result) }));
    cli.answer({ ok, ...shown, results: views, more }, () => (ok ? "HEARTBEAT_OK\n" : digest(shown, more)));
    if (peek || ok) return;
    // An agent that never got these lines has to get them the next time.
    await cli.world.out.written();
    const ids = [...shown.results, ...shown.unreadable].map(({ id }) => id);
    await marks.told(ids, ledger);
  });
}

type News = { results: Result[]; unreadable: Unreadable[] };

function countOf({ results, unreadable }: News): number {
  return results.length + unreadable.length;
}

function digest({ results, unreadable, asking }: News & { asking: TaskView[] }, more: number): string {
  const count = countOf({ results, unreadable }) + more;
  const ended = [
    ...results.map((result) => `- ${lineOf(result)}`),
    ...unreadable.map(
      ({ id, problem }) => `- ${id} has a result that cannot be read: ${oneLine(problem, 120)}`,
    ),
    ...(more > 0 ? [`- and ${more} more, which the next \`pawl heartbeat\` tells`] : []),
  ];
  const head = ended.length === 0 ? [] : [count === 1 ? "1 new result:" : `${count} new results:`];
  const open = asking.map(
    ({ id, title, state, why }) => `- ${id} ${state}: ${title}${why ? ` (${why})` : ""}`,
  );
  const asks = open.length === 0 ? [] : ["Waiting for a person:", ...open];
  return [...head, ...ended, ...asks, "The whole of one: pawl show <id>"].join("\n");
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
