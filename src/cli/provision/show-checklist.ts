import { checklist } from "../../../provision/checklist/checklist.ts";
import { checklistText } from "../../../provision/checklist/checklist-text.ts";
import type { Checklist } from "../../../provision/checklist/chore.ts";
import { readAutomations } from "../../../provision/checklist/read-automations.ts";
import type { Cli } from "../cli.ts";
import { ask } from "../status/ask.ts";

/** What this machine does by itself at set times, each with where it belongs once there is a worker. */
async function makeChecklist({ world }: Cli): Promise<Checklist> {
  const [timetable, automations] = await Promise.all([world.timetable(), readAutomations(world.openclaw())]);
  return checklist(timetable, automations, { timezone: world.around.timezone ?? "UTC" });
}

export async function showChecklist(cli: Cli): Promise<number> {
  const list = await makeChecklist(cli);
  cli.answer(list, () => checklistText(list));
  return 0;
}

/** The same at the end of a run that made a worker; a Gateway that hangs does not keep anybody waiting. */
export async function checklistAtTheEnd(cli: Cli): Promise<string> {
  const made = await ask(cli.world.clock, { seconds: 30, what: "OpenClaw" }, () => makeChecklist(cli));
  return made.is === "seen"
    ? checklistText(made.value)
    : "`provision-worker --checklist` says which cron jobs of this machine belong on the worker.";
}
