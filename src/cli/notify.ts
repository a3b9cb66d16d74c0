import type { Command } from "commander";

import { examples, type Host } from "./host.ts";
import {
  addEnvelopeOptions,
  knownStatuses,
  readEnvelope,
  unknownCategory,
  type EnvelopeOptions,
} from "./routing/read-envelope.ts";

export function setUp(command: Command, host: Host): void {
  command
    .argument("<title>", "what has happened, in one line")
    .requiredOption("--category <name>", "what kind of news it is; decides where it goes")
    .option("--status <word>", `${knownStatuses}: for what goes on for a while, with a --subject`)
    .option("--dedup <key>", "the same key within a week is the same news");
  addEnvelopeOptions(command)
    .addHelpText(
      "after",
      examples(
        'pawl notify "Backup done" --category result.cron --source cron:backup --body - < backup.log',
        'pawl notify "Mail is down" --category outage --status firing --subject service:mail --severity warning',
        'pawl notify "Mail is back" --category outage --status resolved --subject service:mail',
      ),
    )
    .action((title: string, options: EnvelopeOptions & { category: string }) =>
      host.run(command, async (cli) => {
        const envelope = await readEnvelope(cli.world, title, options);
        const unknown = unknownCategory(options.category);
        if (unknown !== undefined) cli.tell(unknown);
        const desk = await cli.world.routing(await cli.config());
        await desk.ask({ kind: "event", envelope });
        cli.answer({ event: envelope.id }, () => envelope.id);
      }),
    );
}
