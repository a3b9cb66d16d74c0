import type { ModelChoice, ModelRule } from "../src/core/model-choice.ts";

/** What the configuration says about running attempts on this machine. */
export type AttemptSettings = {
  /** For tasks that name no timeout. */
  defaultTimeoutSeconds: number;
  /** Between SIGTERM and SIGKILL. */
  graceSeconds: number;
  /** How long the folder of an attempt that brought no success stays to be looked at. */
  keepHours: number;
  logLimitBytes: number;
  /** May tasks hand out further tasks? */
  mayHandOut?: boolean;
  /** Names of variables of the worker's own environment that every task gets. */
  passEnv: readonly string[];
  /** For tasks that name none; without it the first one. */
  defaultExecutor?: string | undefined;
  executors: Readonly<Record<string, ExecutorSettings>>;
  /** For tasks that name no model; the first that matches counts. */
  models?: readonly ModelRule[];
};

export type ExecutorSettings = CommandSettings | OpenclawSettings | TemplateSettings;

type Common = {
  /** Names of variables that hold this executor's keys: only its tasks get them, and they are blanked in all output. */
  keys?: readonly string[] | undefined;
};

/** The prompt is itself what to run. */
export type CommandSettings = Common & {
  kind: "command";
  /** `shell`: a script for /bin/sh. `argv`: one line, split into words, without a shell. */
  mode: "shell" | "argv";
};

export type OpenclawSettings = Common &
  ModelChoice & {
    kind: "openclaw";
    bin?: string | undefined;
    /** Pins a configuration file; without it OpenClaw's own set-up on this machine counts. */
    config?: string | undefined;
    /** Where OpenClaw keeps logins and provider cool-downs; without it a folder of the worker's own. */
    stateDir?: string | undefined;
  };

/** Any other agent, started by a command line. */
export type TemplateSettings = Common &
  Omit<ModelChoice, "fallback"> & {
    kind: "template";
    /**
     * May contain `{promptFile}`, `{workspace}`, `{resultFile}`, `{model}`, `{thinking}`, `{taskId}` and `{attempt}`. A
     * list within the list is left out when a placeholder in it has no value: `["--model", "{model}"]`.
     */
    argv: readonly (string | readonly string[])[];
    /** `prompt` feeds the prompt to standard input. */
    stdin?: "prompt" | "none" | undefined;
    /** Where the answer is; without it RESULT.md if it was written, and standard output otherwise. */
    result?: "stdout" | "file" | undefined;
    env?: Readonly<Record<string, string>> | undefined;
  };
