import type { ModelChoice } from "../../src/core/model-choice.ts";
import type { Ending, Facts } from "../../src/core/outcome.ts";
import type { Request } from "../../src/core/request.ts";
import type { Task } from "../../src/core/task.ts";
import type { ChildResult } from "../../src/ports/attempt-runner.ts";
import type { Exit } from "../../src/ports/task-process.ts";

/** A kind of agent: knows how to start it and how to read what it left. Pure; the running is done elsewhere. */
export type Executor = {
  /** What must be found on PATH; undefined when each task names its own. */
  program: string | undefined;
  /** Names of variables that only this executor's tasks get. */
  keys: readonly string[];
  plan: (task: Task, given: Given) => Plan;
  interpret: (seen: Observation) => Ending;
};

export type Given = {
  paths: AttemptPaths;
  timeoutSeconds: number;
  choice: ModelChoice;
  /** Whether it may hand out further tasks. */
  mayHandOut?: boolean;
  /** What the tasks have brought that it handed out and waited for. */
  children?: readonly ChildResult[];
};

export type AttemptPaths = {
  /** Where the program runs and works. */
  workspace: string;
  promptFile: string;
  resultFile: string;
  /** Outlives the attempt: caches and state that all attempts on this worker share. */
  shared: string;
};

export type Plan =
  | {
      kind: "launch";
      argv: readonly [string, ...string[]];
      /** On top of what every task gets. */
      env: Readonly<Record<string, string>>;
      /** Becomes the prompt file. */
      prompt: string;
      input?: string;
      /** Folders that must be there. */
      folders?: readonly string[];
      /** Wall clock, start-up included; past it the worker ends the attempt. */
      deadlineSeconds: number;
      /** What was asked for, worth knowing whatever comes of it. */
      facts?: Facts;
    }
  | { kind: "refused"; ending: Ending };

export type Observation = {
  exit: Exit;
  stdout: string;
  stderrTail: string;
  /** What stood in the result file. */
  result: string | undefined;
  /** Whether the worker ended it because of its deadline. */
  timedOut: boolean;
  deadlineSeconds: number;
  /** What the task asked for itself, as opposed to what the configuration added. */
  request: Request;
};

/** What the program was asked to use; what it did use it has to tell itself. */
export function askedFor({ model, thinking }: ModelChoice): Facts {
  return {
    ...(model !== undefined && { "model-asked": model }),
    ...(thinking !== undefined && { thinking }),
  };
}

/** A value that a program would take for an option does not get onto its command line. */
export function refuseOption(name: string, value: string | undefined): Plan | undefined {
  if (!value?.startsWith("-")) return undefined;
  const why = `the ${name} "${value}" looks like a command-line option`;
  return { kind: "refused", ending: { kind: "failed", why, text: "", facts: {} } };
}
