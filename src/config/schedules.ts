import { readFile } from "node:fs/promises";

import * as z from "zod";

import { Duration, durationText } from "../core/duration.ts";
import { priorities, Request, Slug, thinkingLevels } from "../core/request.ts";
import { Fault } from "../fault.ts";
import { firstWords } from "../format/queue.ts";
import { badCron, missedPolicies, type Rhythm, type Schedule } from "../schedules/schedule.ts";

const Text = z.string().trim().min(1, "must not be empty");

const ScheduleFile = z.strictObject({
  cron: Text.optional().meta({
    description: "When: minute, hour, day, month, day of the week; or @daily, @weekly …",
    examples: ["0 8 * * 1"],
  }),
  every: Duration.refine((seconds) => seconds >= 60, "must be at least a minute")
    .optional()
    .meta({
      description: "Or how often",
      examples: ["6h"],
    }),
  timezone: Text.optional().meta({
    description: "For cron; default: that of `routing`",
    examples: ["Europe/Berlin"],
  }),
  missed: z.enum(missedPolicies).optional().meta({
    description: "What becomes of times that went by while main was off; default: once",
  }),
  title: Text.optional(),
  prompt: Text.optional().meta({ description: "What is to be done" }),
  promptFile: Text.optional().meta({ description: "Or a file that says it, read each time" }),
  executor: Slug.optional(),
  model: Text.optional(),
  thinking: z.enum(thinkingLevels).optional(),
  priority: z.enum(priorities).optional(),
  category: Slug.optional(),
  needs: z.array(Slug).max(20).optional(),
  timeout: Duration.optional(),
  attempts: z.int().min(1).max(20).optional(),
  approval: z.enum(["required", "none"]).optional(),
});
type ScheduleFile = z.infer<typeof ScheduleFile>;

/** Tasks that come by themselves, by name. */
export const SchedulesFile = z.record(Slug, ScheduleFile);

export function settleSchedules(
  file: z.infer<typeof SchedulesFile> | undefined,
  { timezone, at }: { timezone: string; at: (path: string) => string },
): Schedule[] {
  return Object.entries(file ?? {}).map(([name, written]) => {
    const { prompt, promptFile, title, missed = "once" } = written;
    if ((prompt === undefined) === (promptFile === undefined)) {
      throw wrong(
        name,
        "says not what is to be done, or says it twice",
        "Write either prompt or promptFile.",
      );
    }
    return {
      name,
      rhythm: rhythmOf(name, written, timezone),
      missed,
      title: title ?? (prompt === undefined ? name : firstWords(prompt)),
      prompt: promptFile === undefined ? async () => prompt ?? "" : () => readPrompt(name, at(promptFile)),
      request: requestOf(name, written),
    };
  });
}

function rhythmOf(name: string, { cron, every, timezone: own }: ScheduleFile, timezone: string): Rhythm {
  if ((cron === undefined) === (every === undefined)) {
    throw wrong(name, "says not when it is due, or says it twice", "Write either cron or every.");
  }
  if (every !== undefined) return { kind: "every", seconds: every };
  const rhythm = { kind: "cron", expression: cron ?? "", timezone: own ?? timezone } as const;
  const bad = badCron(rhythm.expression, rhythm.timezone);
  if (bad === undefined) return rhythm;
  throw wrong(
    name,
    `is never due by ${JSON.stringify(cron)} in ${rhythm.timezone}: ${bad}`,
    "0 8 * * 1 is Mondays at eight.",
  );
}

function requestOf(name: string, written: ScheduleFile): Request {
  const { executor, model, thinking, priority, category, needs, timeout, attempts, approval } = written;
  const read = Request.safeParse({
    executor,
    model,
    thinking,
    priority,
    category,
    needs: needs?.join(","),
    timeout: timeout === undefined ? undefined : durationText(timeout, 4),
    attempts: attempts === undefined ? undefined : String(attempts),
    approval,
  });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw wrong(
    name,
    `asks for what nobody can give: ${issue?.path.join(".")}: ${issue?.message}`,
    "Correct it.",
  );
}

async function readPrompt(name: string, path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new Fault("FILE_NOT_FOUND", `${path} cannot be read: ${error.message}`, {
      hint: `Schedule ${name} names it as promptFile.`,
    });
  });
  if (text.trim() !== "") return text;
  throw new Fault("FILE_NOT_FOUND", `${path} is empty`, { hint: `Schedule ${name} names it as promptFile.` });
}

function wrong(name: string, what: string, hint: string): Fault {
  return new Fault("CONFIG_INVALID", `schedules.${name} ${what}`, { hint });
}
