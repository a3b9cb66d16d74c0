import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";

import type { Command } from "commander";

import { schedulesText, withSchedules } from "../config/add-schedules.ts";
import { Fault } from "../fault.ts";
import { oneLine } from "../format/queue-header.ts";
import { readCrontab } from "../openclaw/crontab.ts";
import type { Job } from "../openclaw/job.ts";
import { nameDrafts, type Named } from "../openclaw/name-drafts.ts";
import { Openclaw } from "../openclaw/openclaw.ts";
import { weighJob } from "../openclaw/weigh-job.ts";
import { weighLine } from "../openclaw/weigh-line.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";

type Options = { crontab?: string; profile?: string; write?: boolean };

export function setUp(command: Command, host: Host): void {
  const one = command.command("import");
  one
    .description("Find the jobs of OpenClaw and of a crontab that are better off on the worker.")
    .option("--crontab <file>", "a crontab too; - reads it from standard input")
    .option("--profile <name>", "OpenClaw's own --profile")
    .option("--write", "add them to the configuration; without it they are only printed")
    .addHelpText(
      "after",
      `\nNothing is switched off where the jobs stand now; it says what is left for you to do.\n${examples(
        "pawl cron import",
        "crontab -l | pawl cron import --crontab - --write",
      )}`,
    )
    .action((options: Options) => host.run(one, (cli) => importCron(cli, options)));
}

async function importCron(cli: Cli, { crontab, profile, write = false }: Options): Promise<void> {
  const { schedules: existing, source } = await cli.config();
  const place = { timezone: cli.world.around.timezone ?? "UTC" };
  const lines = crontab === undefined ? [] : readCrontab(await textOf(cli, crontab));
  const jobs = await jobsOf(cli, { profile, mayBeMissing: crontab !== undefined });
  const found = nameDrafts(
    [...jobs.map((job) => weighJob(job, place)), ...lines.map((line) => weighLine(line, place))],
    existing,
  );
  const schedules = Object.fromEntries(
    found.flatMap((one) =>
      one.move && one.schedule !== undefined ? [[one.schedule, one.draft] as const] : [],
    ),
  );
  const isAny = Object.keys(schedules).length > 0;
  // Checked even where it is only printed: a secret in a prompt is told by its place.
  const added = await addedTo(source, schedules);
  const written = write && isAny ? await writeTo(source, added) : null;
  cli.answer({ jobs: found.map(viewOf), schedules, written }, () =>
    [...found.flatMap(commentsOn), isAny ? schedulesText(schedules) : "# Nothing is worth moving.\n"].join(
      "\n",
    ),
  );
  if (cli.json || !isAny) return;
  cli.tell(
    written === null
      ? "Nothing is written: --write adds these to the configuration."
      : [`Added to ${written}.`, "So that they do not run twice:", ...found.flatMap(switchOff)].join("\n"),
  );
}

async function jobsOf(
  cli: Cli,
  { profile, mayBeMissing }: { profile: string | undefined; mayBeMissing: boolean },
): Promise<Job[]> {
  try {
    return await new Openclaw(cli.world.openclaw(profile)).jobs();
  } catch (error) {
    if (!(mayBeMissing && error instanceof Fault && error.code === "OPENCLAW_MISSING")) throw error;
    cli.tell("There is no openclaw on your PATH: only the crontab is read.");
    return [];
  }
}

async function textOf(cli: Cli, file: string): Promise<string> {
  if (file === "-") return cli.world.input.text();
  const path = resolve(cli.world.around.cwd, file);
  return readFile(path, "utf8").catch((error: Error) => {
    throw new Fault("FILE_NOT_FOUND", `${path} cannot be read: ${error.message}`, {
      hint: "`crontab -l | pawl cron import --crontab -` reads your own.",
    });
  });
}

async function addedTo(
  source: string | undefined,
  schedules: Readonly<Record<string, object>>,
): Promise<string> {
  const text = source === undefined ? "{}\n" : await readFile(source, "utf8");
  return withSchedules(text, schedules, source ?? "A configuration");
}

async function writeTo(source: string | undefined, text: string): Promise<string> {
  if (source === undefined) {
    throw new Fault("CONFIG_MISSING", "There is no configuration file to add schedules to", {
      hint: "`pawl init` writes one; or name one with --config.",
    });
  }
  await writeFile(source, text);
  return source;
}

function viewOf(found: Named): object {
  const { from, name, move, why, schedule = null } = found;
  return { from, name, move, why, notes: found.move ? found.notes : [], schedule };
}

/** Whatever a job is called, it stays behind its number sign. */
function commentsOn(found: Named): string[] {
  const head = `# ${found.move ? "move" : "keep"}  ${oneLine(found.name, 60)}: ${oneLine(found.why, 200)}`;
  return [head, ...(found.move ? found.notes.map((note) => `#         ${oneLine(note, 200)}`) : [])];
}

function switchOff({ from, schedule }: Named): string[] {
  if (schedule === undefined) return [];
  if (from.kind === "crontab") return [`  line ${from.line} of the crontab: take it out with \`crontab -e\``];
  return [`  openclaw cron disable ${from.id}`];
}
