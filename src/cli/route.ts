import type { Command } from "commander";

import { addEnvelopeOptions, type EnvelopeOptions } from "./routing/read-envelope.ts";
import { backtestRules } from "./routing/backtest.ts";
import { explainEvent } from "./routing/explain.ts";
import { examples, type Host } from "./host.ts";
import { lintRules, showRules } from "./routing/rules.ts";
import { setUpRouting } from "./routing/set-up.ts";
import { testRules } from "./routing/test-rules.ts";
import { whyEvent } from "./routing/why.ts";

export function setUp(command: Command, host: Host): void {
  const setup = command.command("setup");
  setup
    .description("Create or find the Discord channels, check both networks, and note the ids.")
    .option("--dry-run", "say what would be written, and write nothing")
    .addHelpText("after", examples("pawl route setup --dry-run", "pawl route setup"))
    .action(({ dryRun = false }: { dryRun?: boolean }) =>
      host.run(setup, (cli) => setUpRouting(cli, dryRun)),
    );

  const explain = command.command("explain");
  explain
    .argument("[event]", "id of an event that came, or a file with one as JSON")
    .description("Say where an event would go now, and why. Nothing is sent.")
    .option("--title <text>", "title of an event made up here", "an event")
    .option("--category <name>", "its category")
    .option("--status <word>", "once, firing, update or resolved")
    .option("--at <time>", "as if it were then");
  addEnvelopeOptions(explain)
    .addHelpText(
      "after",
      examples(
        "pawl route explain --category incident --severity critical --at 2026-11-22T03:00:00Z",
        "pawl route explain ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C",
      ),
    )
    .action((event: string | undefined, options: EnvelopeOptions & { title: string; at?: string }) =>
      host.run(explain, (cli) => explainEvent(cli, event, options)),
    );

  const why = command.command("why");
  why
    .argument("<event>", "id of an event; it stands small under each message")
    .description("Say what was decided about an event when it came, and what became of it.")
    .addHelpText("after", examples("pawl route why ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C"))
    .action((event: string) => host.run(why, (cli) => whyEvent(cli, event)));

  const show = command.command("show");
  show
    .description("The rules in their order, the destinations, and when it is quiet.")
    .addHelpText("after", examples("pawl route show"))
    .action(() => host.run(show, showRules));

  const lint = command.command("lint");
  lint
    .description(
      "Find rules that never match, destinations that nothing goes to, categories that nobody knows.",
    )
    .addHelpText("after", examples("pawl route lint"))
    .action(() => host.run(lint, lintRules));

  const test = command.command("test");
  test
    .argument("[file]", "events and where they are to go", "route-tests.yaml")
    .description("Check the rules against a file of events with their expected destinations.")
    .addHelpText("after", examples("pawl route test route-tests.yaml"))
    .action((file: string) => host.run(test, (cli) => testRules(cli, file)));

  const backtest = command.command("backtest");
  backtest
    .description("Say what other rules would have made of the events that came.")
    .option("--since <duration>", "how far back to count", "7d")
    .option("--rules <file>", "a configuration with the other rules; default: the present one")
    .addHelpText("after", examples("pawl route backtest --since 7d --rules new.config.yaml"))
    .action((options: { since: string; rules?: string }) =>
      host.run(backtest, (cli) => backtestRules(cli, options)),
    );
}
