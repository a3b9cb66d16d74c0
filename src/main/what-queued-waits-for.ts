import { obstacle } from "../core/choose.ts";
import type { TaskId } from "../core/ids.ts";
import type { Task } from "../core/task.ts";
import type { Ledger } from "../ledger/view.ts";
import type { WorkerView } from "./workers.ts";

export type Onlookers = { workers: readonly WorkerView[]; defaultExecutor: string; now: Date };

/** What a queued task lacks that no living worker has, as it goes on after "waits for"; undefined when its turn simply has not come. */
export function whatQueuedWaitsFor(
  task: Task,
  ledger: Ledger,
  { workers, defaultExecutor, now }: Onlookers,
): string | undefined {
  const hasSucceeded = (id: TaskId) => ledger.outcomes.get(id) === "succeeded";
  const around = { defaultExecutor, now, hasSucceeded };
  const living = workers.flatMap(({ health, beat }) =>
    beat && health !== "silent" && beat.state !== "stopped" ? [beat] : [],
  );
  if (living.length === 0) return "a worker; none shows a sign of life";
  const able = living.filter(({ executors, unhealthy, capabilities }) => {
    const fit = executors.filter((executor) => !(executor in unhealthy));
    return obstacle(task, { executors: fit, capabilities }, around) === undefined;
  });
  if (able.some(({ trouble }) => trouble === undefined)) return undefined;
  if (able.length > 0) return `${able.map(({ worker }) => worker).join(" or ")}, standing still`;
  const executor = task.request.executor ?? defaultExecutor;
  const needs = task.request.needs ?? [];
  return `a worker that offers ${[executor, ...needs].join(" and ")}`;
}
