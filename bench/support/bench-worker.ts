import { watchWakeFiles } from "../../src/adapters/files/wake.ts";
import { JsonSpool } from "../../src/adapters/files/json-spool.ts";
import { realClock } from "../../src/adapters/time/real-clock.ts";
import type { Event } from "../../src/core/event.ts";
import { NodeName } from "../../src/core/ids.ts";
import { ownHub } from "../../src/core/pace.ts";
import { Nudge } from "../../src/every.ts";
import type { AttemptRunner } from "../../src/ports/attempt-runner.ts";
import type { SharedRepo } from "../../src/ports/shared-repo.ts";
import { runWorker, type WorkerDeps, type WorkerSettings } from "../../worker/run-worker.ts";
import type { WorkerMemory } from "../../worker/memory.ts";

/** A runner whose attempts are over as soon as they are started. */
export function noopRunner(started: () => void = () => undefined): AttemptRunner {
  const done = Promise.resolve({
    ending: { kind: "succeeded", text: "Done.", facts: {} } as const,
    facts: {},
  });
  return {
    executors: ["openclaw"],
    start() {
      started();
      return { done, progress: () => undefined, stop: () => undefined };
    },
    sweep: async () => 0,
  };
}

/** Beats so rare that none falls into a measurement, and a poll that only a nudge brings about. */
export function workerSettings(about: Partial<WorkerSettings> = {}): WorkerSettings {
  return {
    name: NodeName.parse("worker"),
    slots: 1,
    capabilities: [],
    pollSeconds: 3600,
    pace: { ...ownHub, beat: 3600, lease: 36_000, renew: 18_000 },
    drainSeconds: 10,
    defaultExecutor: "openclaw",
    remote: "hub",
    host: "bench",
    version: "bench",
    ...about,
  };
}

export type BenchWorker = AsyncDisposable & { nudge: Nudge };

/** The worker's own loop in this process, with a real spool. `wakeFile` is watched as the daemon watches a hub's. */
export function startWorker(
  repo: SharedRepo,
  given: {
    spool: string;
    runner?: AttemptRunner;
    settings?: WorkerSettings;
    wakeFile?: string | undefined;
    announce?: (event: Event) => void;
    deps?: Partial<WorkerDeps>;
  },
): BenchWorker {
  const nudge = new Nudge();
  const settings = given.settings ?? workerSettings();
  const drain = new AbortController();
  const wake = watchWakeFiles(given.wakeFile === undefined ? [] : [given.wakeFile], () => nudge.poke());
  const running = runWorker(
    {
      repo,
      clock: realClock,
      chance: Math.random,
      announce: given.announce ?? (() => undefined),
      spool: new JsonSpool<WorkerMemory>(given.spool),
      runner: given.runner ?? noopRunner(),
      nudge,
      ...given.deps,
    },
    () => settings,
    { drain: drain.signal, stop: new AbortController().signal },
  );
  return {
    nudge,
    async [Symbol.asyncDispose]() {
      drain.abort();
      await running;
      wake[Symbol.dispose]();
    },
  };
}
