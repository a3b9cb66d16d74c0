import { chooseModel, type ModelChoice } from "../src/core/model-choice.ts";
import { blanker } from "../src/format/secrets.ts";
import type { AttemptRunner, RunningAttempt } from "../src/ports/attempt-runner.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { TaskProcess } from "../src/ports/task-process.ts";
import { Attempt } from "./attempt.ts";
import { executorFor } from "./executors/executor-for.ts";
import { isOnPath } from "./is-on-path.ts";
import { reachOf } from "./reach.ts";
import type { AttemptSettings, ExecutorSettings } from "./settings.ts";
import { passedOn, type OwnEnvironment } from "./task-environment.ts";
import { tidyWorkspaces, workspaceFor } from "./workspace.ts";

export type AttemptRunnerParts = {
  settings: AttemptSettings;
  /** Where workspaces and what attempts share are kept. */
  stateFolder: string;
  /** The worker's own environment. */
  env: OwnEnvironment;
  /** Values that must not show up in anything a task leaves, beside the executors' keys. */
  secrets: readonly string[];
  processes: TaskProcess;
  clock: Clock;
};

/** Runs attempts in workspaces below the state folder. */
export function attemptRunner(parts: AttemptRunnerParts): AttemptRunner {
  const { settings, stateFolder, env, processes, clock } = parts;
  const executors = new Map(
    Object.entries(settings.executors).map(([name, given]) => [name, { name, given, ...executorFor(given) }]),
  );
  const keys = [...executors.values()].flatMap((executor) => executor.keys);
  const secrets = blanker([...parts.secrets, ...keys.map((name) => env[name] ?? "")]);
  const busy = new Set<string>();
  const tidy = () => tidyWorkspaces(stateFolder, { now: clock.now(), keepHours: settings.keepHours, busy });

  return {
    get executors() {
      const found = [...executors.values()].filter(
        ({ program }) => program === undefined || isOnPath(program, env["PATH"] ?? ""),
      );
      return found.map(({ name }) => name);
    },

    start(task, children = []) {
      const name = task.request.executor ?? settings.defaultExecutor ?? [...executors.keys()][0];
      const executor = executors.get(name ?? "");
      if (!executor) return neverStarted(name);
      const workspace = workspaceFor(task, stateFolder);
      busy.add(workspace.folder);
      const attempt = new Attempt({
        task,
        executor,
        workspace,
        processes,
        clock,
        blanker: secrets,
        passedEnv: passedOn(env, [...settings.passEnv, ...executor.keys]),
        reach: (folders) => reachOf(executor.given, { workspace, folders, home: env["HOME"] }),
        choice: chooseModel(task.request, usualChoice(executor), settings.models ?? []),
        timeoutSeconds: task.request.timeout ?? settings.defaultTimeoutSeconds,
        graceSeconds: settings.graceSeconds,
        logLimitBytes: settings.logLimitBytes,
        mayHandOut: settings.mayHandOut ?? false,
        children,
      });
      void attempt.done.then(() => {
        busy.delete(workspace.folder);
        // What cannot be tidied now is tried again after the next attempt.
        return tidy().catch(() => undefined);
      });
      return attempt;
    },

    async sweep() {
      const ended = await processes.sweep();
      await tidy();
      return ended;
    },
  };
}

function usualChoice({
  name,
  given,
}: {
  name: string;
  given: ExecutorSettings;
}): ModelChoice & { name: string } {
  return given.kind === "command" ? { name } : { ...given, name };
}

function neverStarted(executor: string | undefined): RunningAttempt {
  const why =
    executor === undefined ? "this worker has no executors" : `this worker has no executor ${executor}`;
  const done = Promise.resolve({ ending: { kind: "misconfigured", why } as const, facts: {} });
  return { done, progress: () => undefined, stop: () => undefined };
}
