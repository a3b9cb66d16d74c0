import type { Command } from "commander";

import { Category } from "../core/envelope.ts";
import { Fault } from "../fault.ts";
import { fold } from "../routing/deliveries/fold.ts";
import type { Silence } from "../routing/entry.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { moment } from "./moment.ts";
import { table } from "./table.ts";
import { when } from "./when.ts";

type Options = { subject?: string; category?: string; for: string; why?: string };

export function setUp(command: Command, host: Host): void {
  command.description("Do not tell of something for a while; it is recorded all the same.");
  const add = command.command("add");
  add
    .description("Silence a subject or a category.")
    .option("--subject <word>", "what it is about, such as service:mail")
    .option("--category <name>", "what kind of news; outage* stands for all that begin so")
    .option("--for <duration>", "for how long", "2h")
    .option("--why <text>", "for whoever wonders later")
    .addHelpText("after", examples("pawl silence add --subject service:mail --for 4h --why maintenance"))
    .action((options: Options) => host.run(add, (cli) => addSilence(cli, options)));

  const list = command.command("list");
  list
    .description("What is silent now.")
    .addHelpText("after", examples("pawl silence list"))
    .action(() => host.run(list, listSilences));

  const end = command.command("end");
  end
    .argument("<id>", "as `pawl silence list` prints it")
    .description("Tell of it again.")
    .addHelpText("after", examples("pawl silence end si_7k3qx"))
    .action((id: string) => host.run(end, (cli) => endSilence(cli, id)));
}

async function addSilence(cli: Cli, { subject, category, for: length, why = "" }: Options): Promise<void> {
  const { world } = cli;
  const until = moment(length, cli.now());
  const bad = category !== undefined && !Category.safeParse(category.replaceAll("*", "x")).success;
  if ((subject === undefined && category === undefined) || bad || Number.isNaN(Date.parse(until))) {
    throw new Fault("USAGE", "Nobody can tell what is to be silent, or for how long", {
      hint: "Say --subject or --category, and --for with a duration such as 2h.",
    });
  }
  const tail = Array.from({ length: 5 }, () => Math.floor(world.chance() * 36).toString(36)).join("");
  const silence: Silence = {
    id: `si_${tail}`,
    ...(subject === undefined ? {} : { subject }),
    ...(category === undefined ? {} : { category }),
    until,
    why,
    by: world.user,
  };
  await (await world.routing(await cli.config())).ask({ kind: "silence", silence });
  cli.answer(silence, () => `${silence.id} until ${when(until)}`);
}

async function listSilences(cli: Cli): Promise<void> {
  const silences = await current(cli);
  cli.answer({ silences }, () =>
    silences.length === 0
      ? "Nothing is silenced."
      : table(
          cli,
          ["ID", "UNTIL", "BY", "WHAT", "WHY"],
          silences.map(({ id, until, by, subject, category, why }) => [
            id,
            when(until),
            by,
            subject ?? category ?? "",
            why,
          ]),
        ),
  );
}

async function endSilence(cli: Cli, id: string): Promise<void> {
  if (!(await current(cli)).some((silence) => silence.id === id)) {
    throw new Fault("USAGE", `There is no silence ${id}`, {
      hint: "`pawl silence list` prints those there are.",
    });
  }
  const desk = await cli.world.routing(await cli.config());
  await desk.ask({ kind: "end-silence", id, by: cli.world.user });
  cli.answer({ id, ended: true }, () => `${id} has ended.`);
}

async function current(cli: Cli): Promise<Silence[]> {
  const desk = await cli.world.routing(await cli.config());
  const now = cli.now().getTime();
  return [...fold(await desk.entries()).silences.values()].filter(({ until }) => Date.parse(until) > now);
}
