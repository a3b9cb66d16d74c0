import { Option, type Command } from "commander";

import { costKeys, costsOf, type CostKey, type CostRow, type Costs } from "../core/costs.ts";
import { localDay } from "../core/local-day.ts";
import { pastResults } from "../main/past-results.ts";
import { bar } from "./bar.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { sinceDay } from "./since.ts";
import { lastColumnWidth, table } from "./table.ts";
import { withLedger } from "./with-ledger.ts";

type Options = { by: CostKey; since: string };

export function setUp(command: Command, host: Host): void {
  command
    .addOption(new Option("--by <what>", "what to add up").choices(costKeys).default("day"))
    .option("--since <when>", "from the day on that was then: 7d, 2026-11-01", "30d")
    .addHelpText(
      "after",
      `\nDays are those of routing's time zone; a task counts on the day on which it ended. Only what a\nresult says is added up: not what attempts cost that were tried again.\n${examples(
        "pawl costs",
        "pawl costs --by model --since 7d",
        "pawl costs --by category --since 2026-11-01 --json",
      )}`,
    )
    .action((options: Options) => host.run(command, (cli) => costs(cli, options)));
}

function costs(cli: Cli, { by, since: text }: Options): Promise<void> {
  return withLedger(cli, async ({ config, ledger }) => {
    const { timezone } = config.routing;
    const today = localDay(timezone, cli.now());
    const since = sinceDay(text, { now: cli.now(), timezone });
    const { results, unreadable } = await pastResults(ledger, { since, today });
    const { rows, total } = costsOf(results, { by, timezone, since, today });
    cli.answer({ by, since, timezone, rows, total, unreadable }, () =>
      rows.length === 0 ? `No task has ended since ${since}.` : chart(cli, { by, rows, total }),
    );
    if (cli.json) return;
    if (total.unpriced > 0) {
      cli.tell(`${countOf(total.unpriced, "task")} of ${total.tasks} told no cost, as commands do not.`);
    }
    if (unreadable > 0) cli.tell(`${countOf(unreadable, "result")} cannot be read.`);
  });
}

/** A table whose last column is drawn, as wide as there is room. */
function chart(cli: Cli, { by, rows, total }: { by: CostKey; rows: CostRow[]; total: Costs }): string {
  const heads = [by.toUpperCase(), "TASKS", "IN", "OUT", "CACHED", "COST", ""];
  const all = [...rows, { key: "total", ...total }];
  const cells = columnsRight(heads, all.map(cellsOf));
  // Where nobody told a cost, tokens are what there is to compare.
  const weigh = (row: Costs) => (total.costUsd > 0 ? row.costUsd : row.tokensIn + row.tokensOut);
  const most = Math.max(...rows.map(weigh));
  const width = lastColumnWidth(cli, cells.heads, cells.rows);
  const drawn = cells.rows.map((row, n) => {
    const own = rows[n];
    if (own === undefined) return [...row.map((cell) => cli.paint("bold", cell)), ""];
    return [...row, cli.paint("cyan", bar(most > 0 ? weigh(own) / most : 0, width))];
  });
  return table(cli, cells.heads, drawn);
}

function cellsOf({ key, tasks, tokensIn, tokensOut, tokensCached, costUsd }: CostRow): string[] {
  return [key, String(tasks), ...[tokensIn, tokensOut, tokensCached].map(short), dollars(costUsd)];
}

/** Numbers stand under each other by their ends. */
function columnsRight(heads: string[], rows: string[][]): { heads: string[]; rows: string[][] } {
  const widths = heads.map((head, n) => Math.max(head.length, ...rows.map((row) => row[n]?.length ?? 0)));
  const right = (cells: string[]) =>
    cells.map((cell, n) => (n === 0 || n === heads.length - 1 ? cell : cell.padStart(widths[n] ?? 0)));
  return { heads: right(heads), rows: rows.map(right) };
}

/** `940`, `12.4k`, `3.1M`. */
function short(count: number): string {
  if (count < 1000) return String(count);
  const [size, unit] = count < 999_950 ? [1e3, "k"] : [1e6, "M"];
  return `${(count / size).toFixed(1)}${unit}`;
}

/** Cents where there are some; small sums as far as they say something. */
function dollars(usd: number): string {
  return usd === 0 || usd >= 1 ? `$${usd.toFixed(2)}` : `$${usd.toFixed(4)}`;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
