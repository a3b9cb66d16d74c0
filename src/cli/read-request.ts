import { Option, type Command } from "commander";
import type * as z from "zod";

import { priorities, Request, thinkingLevels, type RequestKey } from "../core/request.ts";
import { Fault } from "../fault.ts";
import { didYouMean } from "../format/nearest.ts";
import { moment } from "./moment.ts";

export type RequestOptions = Partial<Record<RequestKey, string>>;

export function addRequestOptions(command: Command): Command {
  return command
    .option("--executor <name>", "what runs it: openclaw, command, or another that is configured")
    .option("--model <name>", "model for the executor")
    .addOption(new Option("--thinking <level>", `how hard to think: ${thinkingLevels.join(", ")}`))
    .addOption(new Option("--priority <level>", priorities.join(", ")))
    .option("--category <word>", "what it is about; routes its result")
    .option("--needs <list>", "capabilities that the worker must have")
    .option("--after <list>", "tasks that must have succeeded before")
    .option("--timeout <duration>", "wall clock that one attempt may take: 90s, 15m, 2h")
    .option("--attempts <number>", "how often it may fail before the failure is the result")
    .option("--expires <when>", "not to be started after: 2h, 2026-11-22, 2026-11-22T18:00Z")
    .option("--key <text>", "the same key again gives the same task, not a second one")
    .option("--approval <word>", "required: a person has to agree before it runs")
    .option("--by <name>", "who asks, if not the user of this machine");
}

/** What the options ask for, as the queue has it. */
export function readRequest(options: RequestOptions, now: Date): Request {
  const asked = Object.fromEntries(
    Object.keys(Request.shape).flatMap((key) => {
      const value = options[key as RequestKey];
      return value === undefined ? [] : [[key, key === "expires" ? moment(value, now) : value]];
    }),
  );
  const read = Request.safeParse(asked);
  if (!read.success) throw refused(read.error, asked);
  if (read.data.expires === undefined || Date.parse(read.data.expires) > now.getTime()) return read.data;
  throw new Fault("USAGE", `--expires ${options.expires} is over already`, {
    hint: "Give a later time, or a duration from now such as 2h.",
  });
}

function refused(error: z.ZodError, asked: Record<string, string>): Fault {
  const told = error.issues.map((issue) => {
    const key = String(issue.path[0]);
    const value = asked[key] ?? "";
    const known = issue.code === "invalid_value" ? issue.values.map(String) : undefined;
    const expected = known ? `not one of ${known.join(", ")}${didYouMean(value, known)}` : issue.message;
    return `--${key} ${JSON.stringify(value)}: ${expected}`;
  });
  return new Fault("USAGE", told.join("\n"), { hint: "`pawl submit --help` lists what may be asked for." });
}
