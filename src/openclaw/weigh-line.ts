import { basename } from "node:path";

import { firstWords } from "../format/queue.ts";
import { badCron } from "../schedules/schedule.ts";
import type { CronLine } from "./crontab.ts";
import { shellWords } from "./shell-words.ts";
import { notesOn, type ScheduleDraft, type Verdict } from "./verdict.ts";

/** Whether a line of a crontab does nothing but run an agent with a prompt. */
export function weighLine(cron: CronLine, { timezone }: { timezone: string }): Verdict {
  const { line, expression, command } = cron;
  const about = { from: { kind: "crontab", line } as const, name: firstWords(command) };
  const stays = (why: string): Verdict => ({ ...about, move: false, why });
  if (expression === "@reboot") return stays("belongs to the start of this machine");
  if (!agentsName.test(command)) return stays("runs a command on this machine");
  const read = agentCommand(command);
  if (typeof read === "string") return stays(read);
  const zone = cron.timezone ?? timezone;
  const bad = badCron(expression, zone);
  if (bad !== undefined) return stays(`has a time that cannot be read: ${bad}`);
  const { executor, prompt, model } = read;
  const draft: ScheduleDraft = {
    cron: expression,
    timezone: zone,
    title: firstWords(prompt),
    prompt,
    ...(executor === "openclaw" ? {} : { executor }),
    ...(model === undefined ? {} : { model }),
  };
  const needed =
    executor === "openclaw" ? [] : [`needs the executor ${executor} in the worker's configuration`];
  return {
    ...about,
    name: draft.title,
    move: true,
    why: "does nothing but run an agent",
    notes: [...needed, ...notesOn(prompt)],
    draft,
  };
}

const agentsName = /(?:^|[\s/;&|])(?:openclaw\s+agent|claude|codex|gemini)\b/;

/** How each agent is handed its prompt. */
const promptOptions: Readonly<Record<string, readonly string[]>> = {
  openclaw: ["--message", "-m"],
  claude: ["-p", "--print"],
  gemini: ["-p", "--prompt"],
};

/** Or why the prompt cannot be told from the line. */
function agentCommand(command: string): { executor: string; prompt: string; model?: string } | string {
  if (/(?<!\\)%/.test(command)) return byHand;
  const words = shellWords(command.replaceAll("\\%", "%"))?.filter((word, at, all) => {
    // Settings of the environment stand before the program.
    return !(/^\w+=/.test(word) && all.slice(0, at).every((before) => /^\w+=/.test(before)));
  });
  const [program = "", ...args] = words ?? [];
  const executor = basename(program);
  if (words === undefined || !(executor in promptOptions || executor === "codex")) return byHand;
  const after = (names: readonly string[]) => {
    const at = args.findIndex((arg) => names.includes(arg));
    return at < 0 ? undefined : args[at + 1];
  };
  const prompt = executor === "codex" ? after(["exec"]) : after(promptOptions[executor] ?? []);
  if (prompt === undefined || prompt.startsWith("-")) return byHand;
  const model = after(["--model"]);
  return { executor, prompt, ...(model === undefined ? {} : { model }) };
}

const byHand =
  "runs an agent, but what it is asked cannot be read from the line: write that schedule by hand";
