import * as z from "zod";

import { thinkingLevels } from "../core/request.ts";

const Text = z.string().trim().min(1, "must not be empty");

const keys = z
  .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable"))
  .optional()
  .meta({
    description: "Variables of the worker that only this executor's tasks get",
    examples: [["OPENAI_API_KEY"]],
  });

const thinking = z.enum(thinkingLevels).optional();

const paid = z.boolean().optional().meta({
  description:
    "Whether its work costs money, and ends when `worker.budget` is spent; only openclaw's does if not said",
});

const Command = z.strictObject({
  mode: z.enum(["shell", "argv"]).default("shell").meta({
    description: "`shell`: the prompt is a script for /bin/sh; `argv`: one line, without a shell",
  }),
  keys,
});

const Openclaw = z.strictObject({
  bin: Text.optional().meta({ description: "Name or path of the program" }),
  config: Text.optional().meta({ description: "A configuration file of OpenClaw's" }),
  model: Text.optional(),
  fallback: z.array(Text).optional(),
  thinking,
  stateDir: Text.optional().meta({ description: "Where OpenClaw keeps its logins" }),
  keys,
  paid,
});

const Template = z.strictObject({
  argv: z
    .array(z.union([Text, z.array(Text)]))
    .min(1, "must name a program")
    .meta({
      description:
        "The command line; may contain {promptFile}, {workspace}, {resultFile}, {model}, {thinking}",
      examples: [["claude", "-p", ["--model", "{model}"]]],
    }),
  stdin: z.enum(["prompt", "none"]).optional(),
  result: z.enum(["stdout", "file"]).optional(),
  env: z.record(z.string(), z.string()).optional(),
  model: Text.optional(),
  thinking,
  keys,
  paid,
});

/** Two executors are known by name, any other name is an agent started by a command line. */
export const Executors = z
  .strictObject({
    openclaw: Openclaw.optional().meta({ description: "On unless `worker.executors` leaves it out" }),
    command: Command.optional().meta({ description: "Runs prompts as commands; off unless it stands here" }),
  })
  .catchall(Template);

export type ExecutorConfig =
  | ({ kind: "openclaw" } & z.infer<typeof Openclaw>)
  | ({ kind: "command" } & z.infer<typeof Command>)
  | ({ kind: "template" } & z.infer<typeof Template>);

export function executorsOf(written: z.infer<typeof Executors> = {}): Record<string, ExecutorConfig> {
  const { openclaw = {}, command, ...templates } = written;
  const named: [string, ExecutorConfig][] = [["openclaw", { kind: "openclaw", ...openclaw }]];
  if (command) named.push(["command", { kind: "command", ...command }]);
  for (const [name, template] of Object.entries(templates)) {
    named.push([name, { kind: "template", ...(template as z.infer<typeof Template>) }]);
  }
  return Object.fromEntries(named);
}

export function isPaid(executor: ExecutorConfig): boolean {
  switch (executor.kind) {
    case "openclaw":
      return executor.paid ?? true;
    case "template":
      return executor.paid ?? false;
    case "command":
      return false;
    default:
      return executor satisfies never;
  }
}
