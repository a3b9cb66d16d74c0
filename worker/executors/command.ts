import type { CommandSettings } from "../settings.ts";
import type { Executor, Plan } from "./executor.ts";
import { programEnding } from "./program-ending.ts";
import { shellWords } from "./shell-words.ts";

/** Runs what the prompt says, as it stands. */
export function commandExecutor({ mode, keys = [] }: CommandSettings): Executor {
  return {
    program: mode === "shell" ? shell : undefined,
    keys,
    plan({ prompt }, { paths, timeoutSeconds }) {
      const command = unfenced(prompt);
      const argv = mode === "shell" ? shellArgv(command, paths.promptFile) : plainArgv(command);
      if ("kind" in argv) return argv;
      return { kind: "launch", argv, env: {}, prompt: command, deadlineSeconds: timeoutSeconds };
    },
    interpret(seen) {
      // The command is the task's own: that there is no such program says nothing about the worker.
      if (seen.exit.kind === "not-started") {
        return { kind: "failed", why: seen.exit.why, text: "", facts: {} };
      }
      return programEnding(seen, "either");
    },
  };
}

const shell = "/bin/sh";

type Argv = readonly [string, ...string[]];

/** As a script in a file: a command line would show it to everybody on the machine, and has room for 128 KB only. */
function shellArgv(command: string, file: string): Argv | Plan {
  return command === "" ? refused("there is no command") : [shell, file];
}

function plainArgv(command: string): Argv | Plan {
  if (command.includes("\n")) return refused("the command must be a single line");
  const split = shellWords(command);
  return split.kind === "words" ? split.words : refused(split.why);
}

/** In Markdown a command usually stands in a code block. */
function unfenced(prompt: string): string {
  const trimmed = prompt.trim();
  return (/^(`{3,}|~{3,})[^\n`]*\n(?<body>.*)\n\1$/s.exec(trimmed)?.groups?.["body"] ?? trimmed).trim();
}

function refused(why: string): Plan {
  return { kind: "refused", ending: { kind: "failed", why, text: "", facts: {} } };
}
