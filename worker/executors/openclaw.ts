import { join } from "node:path";

import type { Task } from "../../src/core/task.ts";
import type { OpenclawSettings } from "../settings.ts";
import { howToHandOut, whatChildrenBrought } from "../children/told.ts";
import { askedFor, type Executor, type Given, refuseOption } from "./executor.ts";
import { openclawEnding, startUpSeconds } from "./openclaw-ending.ts";

/** One isolated turn of an OpenClaw agent: `openclaw agent exec --json`. */
export function openclawExecutor(settings: OpenclawSettings): Executor {
  const program = settings.bin ?? "openclaw";
  return {
    program,
    keys: settings.keys ?? [],
    plan(task, given) {
      const { paths, timeoutSeconds, choice } = given;
      const stateDir = settings.stateDir ?? join(paths.shared, "openclaw");
      const compileCache = join(paths.shared, "compile-cache");
      const { model, fallback = [], thinking } = choice;
      return (
        refuseOption("model", model) ?? {
          kind: "launch",
          argv: [
            program,
            "agent",
            "exec",
            "--json",
            ...option("--cwd", paths.workspace),
            ...option("--config", settings.config),
            ...option("--model", model),
            // OpenClaw refuses a fallback for a model that is not named.
            ...(model ? fallback.flatMap((next) => option("--fallback", next)) : []),
            ...option("--thinking", thinking),
            ...option("--timeout", String(timeoutSeconds)),
            ...option("--message-file", paths.promptFile),
          ],
          env: { OPENCLAW_STATE_DIR: stateDir, NODE_COMPILE_CACHE: compileCache, NO_COLOR: "1" },
          prompt: wrapped(task, given),
          folders: [stateDir, compileCache],
          deadlineSeconds: timeoutSeconds + startUpSeconds,
          facts: askedFor(choice),
        }
      );
    },
    interpret: openclawEnding,
  };
}

function option(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}

function wrapped(task: Task, { mayHandOut = false, children = [] }: Given): string {
  const { id, prompt, attempt } = task;
  const brought = whatChildrenBrought(task, children);
  return `${prompt.trim()}
${brought === undefined ? "" : `\n---\n\n${brought}\n`}
---

How this task is run (${id}, attempt ${attempt}):

- Nobody reads along and nobody answers questions. Where something is open, decide, and say in the answer what you assumed.
- Wait until every command you start has ended, also those that go to the background by themselves. Start nothing that
  is to outlive this task and detach nothing: whatever still runs when you finish is killed.
- Write the answer as Markdown to the file RESULT.md in the working directory, then end with the same answer as your
  last message. Never answer NO_REPLY.
- To show how far you are, append one short line to the file named by the environment variable PAWL_PROGRESS_FILE.
${mayHandOut ? `- ${howToHandOut}\n` : ""}`;
}
