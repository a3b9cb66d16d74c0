import { isPaid } from "../config/executors.ts";
import { refuseUnsafePace } from "../config/pace.ts";
import type { Config } from "../config/settle.ts";
import { secretValues } from "../config/secret-values.ts";
import { attemptRunner } from "../../worker/run-attempt.ts";
import { runWorker, type WorkerDeps, type WorkerSettings } from "../../worker/run-worker.ts";
import { startWatchdog, watchdogHere } from "../adapters/watchdog/watchdog.ts";
import { ownerOf, taskDriver } from "./task-driver.ts";
import type { Serving } from "./world.ts";

/**
 * What may run here, the watchdog and the grace are settled when the worker starts; how it polls and beats may change while
 * it runs, as far as its lease still outlasts these.
 */
export async function serveWorker(
  { folder, ...deps }: Omit<WorkerDeps, "runner"> & { folder: string },
  { config, around, version, signals, onReread }: Serving,
): Promise<void> {
  const settled = config();
  const { worker, executors, models, defaultExecutor, pace, ...rest } = settled;
  const offered = worker.executors ?? Object.keys(executors);
  const runner = attemptRunner({
    settings: {
      defaultTimeoutSeconds: worker.timeoutSeconds,
      graceSeconds: pace.grace,
      keepHours: worker.keepSeconds / 3600,
      logLimitBytes: worker.logLimitBytes,
      mayHandOut: worker.children.most > 0,
      passEnv: worker.passEnv,
      defaultExecutor,
      models,
      executors: Object.fromEntries(Object.entries(executors).filter(([name]) => offered.includes(name))),
    },
    stateFolder: folder,
    env: around.env,
    secrets: secretValues(rest, around.env),
    processes: await taskDriver(settled, around),
    clock: deps.clock,
  });
  const { clock } = deps;
  const owner = ownerOf(settled);
  const watchdog = watchdogHere(pace, around.env);
  onReread?.((read) => refuseUnsafePace(read.pace, { watchdog, grace: pace.grace }));
  if (watchdog.kind === "none") deps.announce({ kind: "worker-unwatched", worker: worker.name });
  await using _watchdog = startWatchdog(watchdog, { owner, clock, env: around.env });
  const settings = () => workerSettings(config(), { host: around.hostname, version });
  await runWorker({ ...deps, runner }, settings, signals);
}

function workerSettings(config: Config, about: { host: string; version: string }): WorkerSettings {
  const { worker, executors, routing, pollSeconds, pace, defaultExecutor, remote } = config;
  const { name, slots, capabilities, drainSeconds } = worker;
  const paid = Object.entries(executors).flatMap(([executor, given]) =>
    isPaid(given) && (worker.executors?.includes(executor) ?? true) ? [executor] : [],
  );
  const budget = worker.budget && { ...worker.budget, timezone: routing.timezone, paid };
  const children = { ...worker.children, usualTimeoutSeconds: worker.timeoutSeconds };
  const own = { name, slots, capabilities, drainSeconds, children, budget };
  return { ...own, pollSeconds, pace, defaultExecutor, remote, edition: config, ...about };
}
