import type { Command } from "commander";

import { Fault } from "../fault.ts";
import { didYouMean } from "../format/nearest.ts";
import { submitDue } from "../main/clockwork.ts";
import { nextDue, rhythmText, type Schedule } from "../schedules/schedule.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { table } from "./table.ts";
import { when } from "./when.ts";
import { withLedger } from "./with-ledger.ts";

type View = {
  name: string;
  rhythm: string;
  next: string | null;
  missed: Schedule["missed"];
  paused: { by: string; at: string } | null;
  title: string;
};

export function setUp(command: Command, host: Host): void {
  const list = command.command("list", { isDefault: true });
  list
    .description("The schedules of the configuration, and when each is due next.")
    .addHelpText("after", examples("pawl schedule", "pawl schedule list --json"))
    .action(() => host.run(list, listSchedules));

  const next = command.command("next");
  next
    .argument("[name]", "one schedule; without it all of them")
    .option("--count <number>", "how many times to print", "5")
    .description("The times to come, in the zone of this machine.")
    .addHelpText("after", examples("pawl schedule next weekly-review --count 10"))
    .action((name: string | undefined, { count }: { count: string }) =>
      host.run(next, (cli) => nextTimes(cli, name, Number(count))),
    );

  const run = command.command("run");
  run
    .argument("<name>")
    .description("Submit its task now, whatever the time.")
    .addHelpText("after", examples("pawl schedule run weekly-review"))
    .action((name: string) => host.run(run, (cli) => runNow(cli, name)));

  for (const [verb, description] of [
    ["pause", "Do not submit its task until it is resumed; what falls into the pause is left out."],
    ["resume", "Go on after a pause."],
  ] as const) {
    const one = command.command(verb);
    one
      .argument("<name>")
      .description(description)
      .addHelpText("after", examples(`pawl schedule ${verb} weekly-review`))
      .action((name: string) => host.run(one, (cli) => setPaused(cli, name, verb === "pause")));
  }
}

async function listSchedules(cli: Cli): Promise<void> {
  const config = await cli.config();
  const pauses = (await (await cli.world.schedulePauses(config)).read()) ?? {};
  const views = config.schedules.map(({ name, rhythm, missed, title }): View => ({
    name,
    rhythm: rhythmText(rhythm),
    next: nextDue(rhythm, cli.now())?.toISOString() ?? null,
    missed,
    paused: pauses[name] ?? null,
    title,
  }));
  cli.answer({ schedules: views }, () =>
    views.length === 0
      ? "No schedules stand in the configuration."
      : table(
          cli,
          ["NAME", "WHEN", "NEXT", "TITLE"],
          views.map(({ name, rhythm, next, paused, title }) => [
            name,
            rhythm,
            paused ? `paused by ${paused.by}` : next === null ? "never" : when(next),
            title,
          ]),
        ),
  );
}

async function nextTimes(cli: Cli, name: string | undefined, count: number): Promise<void> {
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw new Fault("USAGE", "--count has to be a number from 1 to 1000", { hint: "Write --count 5." });
  }
  const all = (await cli.config()).schedules;
  const chosen = name === undefined ? all : [await find(cli, name)];
  const times = chosen.map((schedule) => ({
    name: schedule.name,
    times: comingTimes(schedule, cli.now(), count),
  }));
  cli.answer({ schedules: times }, () =>
    times.flatMap((one) => one.times.map((time) => `${when(time)}  ${one.name}`)).join("\n"),
  );
}

function comingTimes({ rhythm }: Schedule, from: Date, count: number): string[] {
  const times: string[] = [];
  for (let at = nextDue(rhythm, from); at && times.length < count; at = nextDue(rhythm, at)) {
    times.push(at.toISOString());
  }
  return times;
}

async function runNow(cli: Cli, name: string): Promise<void> {
  const schedule = await find(cli, name);
  const { clock, chance } = cli.world;
  await withLedger(cli, async ({ config, repo }) => {
    const updating = { repo, node: config.name, clock, chance };
    const submitted = await submitDue(updating, schedule, { at: cli.now(), defaults: config.defaults });
    await cli.world.poke(config);
    cli.answer(submitted, () => submitted.id);
  });
}

async function setPaused(cli: Cli, name: string, paused: boolean): Promise<void> {
  await find(cli, name);
  const spool = await cli.world.schedulePauses(await cli.config());
  const pauses = { ...(await spool.read()) };
  if (paused) pauses[name] = { by: cli.world.user, at: cli.now().toISOString() };
  else delete pauses[name];
  await spool.write(pauses);
  cli.answer({ name, paused }, () => (paused ? `${name} is paused.` : `${name} goes on.`));
}

async function find(cli: Cli, name: string): Promise<Schedule> {
  const { schedules } = await cli.config();
  const found = schedules.find((schedule) => schedule.name === name);
  if (found) return found;
  const names = schedules.map((schedule) => schedule.name);
  throw new Fault("USAGE", `There is no schedule ${name}${didYouMean(name, names)}`, {
    hint:
      names.length === 0
        ? "Write one under schedules in the configuration."
        : `Known are ${names.join(", ")}.`,
  });
}
