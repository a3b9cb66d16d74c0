import { Duration } from "../../core/duration.ts";
import { Fault } from "../../fault.ts";
import { backtest } from "../../routing/rules/backtest.ts";
import type { Cli } from "../cli.ts";
import { table } from "../table.ts";

/** Changes beyond this number are counted, not listed. */
const most = 20;

export async function backtestRules(
  cli: Cli,
  { since, rules }: { since: string; rules?: string },
): Promise<void> {
  const config = await cli.config();
  const seconds = Duration.safeParse(since);
  if (!seconds.success) {
    throw new Fault("USAGE", `--since ${JSON.stringify(since)} is no duration`, { hint: "Write 12h or 7d." });
  }
  const { loadConfig } = await import("../../config/load.ts");
  const other = rules === undefined ? config : loadConfig(cli.world.around, rules);
  const entries = await (await cli.world.routing(config)).entries();
  const from = new Date(cli.now().getTime() - seconds.data * 1000);
  const { events, messages, changed } = backtest(entries, other.routing, from);
  cli.answer({ events, messages, changed }, () =>
    [
      `${events} events in ${since}, ${changed.length} of them would go elsewhere or at another time`,
      table(
        cli,
        ["DESTINATION", "WAS", "WOULD BE"],
        messages.map(({ destination, before, after }) => [destination, String(before), String(after)]),
      ),
      ...changed
        .slice(0, most)
        .map(({ envelope, before, after }) => `${envelope.id} ${envelope.title}: ${before} → ${after}`),
      ...(changed.length > most ? [`and ${changed.length - most} more`] : []),
    ].join("\n"),
  );
}
