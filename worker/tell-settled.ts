import type { Announce } from "../src/core/event.ts";
import type { WorkerSettings } from "./run-worker.ts";
import type { Settlement } from "./settle.ts";
import type { Unfit } from "./unfit.ts";

type Listeners = { announce: Announce; unfit: Unfit; settings: WorkerSettings };

/** Tells what became of attempts, and remembers what this worker had better leave alone. */
export function tellSettled(settled: readonly Settlement[], { announce, unfit, settings }: Listeners): void {
  const by = settings.name;
  for (const settlement of settled) {
    const { task, ending } = settlement.finished;
    switch (settlement.kind) {
      case "result": {
        const { id, title, request } = task;
        const why = "why" in ending ? ending.why : undefined;
        const { outcome } = settlement;
        announce({ kind: "task-ended", task: id, title, outcome, why, by, category: request.category });
        break;
      }
      case "late":
        announce({ kind: "result-late", task: task.id, by, why: settlement.why });
        break;
      case "given-up": {
        const { state, tried } = settlement.task;
        const past = tried.at(-1);
        if (state.kind === "blocked") announce({ kind: "task-blocked", task: task.id, why: state.why });
        else if (past) announce({ kind: "task-requeued", task: task.id, by, end: past.end, why: past.why });
        break;
      }
      case "known":
      case "waiting":
        break;
      default:
        settlement satisfies never;
    }
    // Also of one that the ledger had before we knew: nothing was begun with that executor in the commit that told it.
    if (settlement.kind === "waiting" || ending.kind !== "misconfigured") continue;
    const executor = task.request.executor ?? settings.defaultExecutor;
    if (unfit.executorFailed(executor, ending.why))
      announce({ kind: "worker-unhealthy", worker: by, executor, why: ending.why });
  }
}
