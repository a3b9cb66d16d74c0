import type { Command } from "commander";

import type { Result } from "../core/outcome.ts";
import { Fault } from "../fault.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { ReadMarks, sortedResults } from "./read-marks.ts";
import { sinceMs } from "./since.ts";
import { table } from "./table.ts";
import { endedView, stateText } from "./task-view.ts";
import { when } from "./when.ts";
import { withLedger } from "./with-ledger.ts";

type Options = { unread?: boolean; since?: string; limit: string };

export function setUp(command: Command, host: Host): void {
  command
    .option("--unread", "only those that were not listed before, and mark them as read")
    .option("--since <when>", "only those that ended since: 2h, 2026-11-20, 2026-11-20T08:00Z")
    .option("--limit <number>", "at most so many", "20")
    .addHelpText("after", examples("pawl results", "pawl results --since 1d", "pawl results --unread --json"))
    .action((options: Options) => host.run(command, (cli) => results(cli, options)));
}

function results(cli: Cli, options: Options): Promise<void> {
  const limit = limitOf(options.limit);
  const since = options.since === undefined ? undefined : sinceMs(options.since, cli.now());
  return withLedger(cli, async ({ config, ledger }) => {
    const marks = await ReadMarks.open(cli.world, config);
    const { results, unreadable } = await sortedResults(ledger);
    const wanted = results.filter(
      ({ id, ended }) =>
        (since === undefined || Date.parse(ended) >= since) && (!options.unread || marks.isUnread(id)),
    );
    const shown = wanted.slice(0, limit);
    const views = shown.map((result) => ({ ...endedView(result), unread: marks.isUnread(result.id) }));
    cli.answer({ results: views, more: wanted.length - shown.length }, () =>
      shown.length === 0
        ? options.unread
          ? "Nothing new.\n"
          : "No results.\n"
        : table(
            cli,
            heads,
            shown.map((result) => row(cli, result, marks)),
          ),
    );
    if (wanted.length > shown.length && !cli.json) {
      cli.tell(`${wanted.length - shown.length} more; --limit ${wanted.length} lists them all.`);
    }
    if (!cli.json)
      for (const { id, problem } of unreadable) cli.tell(`The result of ${id} cannot be read: ${problem}`);
    if (!options.unread) return;
    await cli.world.out.written();
    await marks.read(
      shown.map(({ id }) => id),
      ledger,
    );
  });
}

const heads = ["ID", "OUTCOME", "WORKER", "ENDED", "TITLE"];

function row(cli: Cli, result: Result, marks: ReadMarks): string[] {
  const { id, title, outcome, lease, ended, why } = result;
  const said = why === undefined ? title : `${title} ${cli.paint("dim", `(${why})`)}`;
  return [
    id,
    stateText(cli, outcome),
    lease?.by ?? "-",
    when(ended),
    marks.isUnread(id) ? cli.paint("bold", said) : said,
  ];
}

function limitOf(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new Fault("USAGE", `--limit ${text}: expected a number from 1`, { hint: "Such as --limit 50." });
}
