import { rests, type Beat } from "../core/beat.ts";
import { obstacle } from "../core/choose.ts";
import type { TaskId } from "../core/ids.ts";
import { restAfter } from "../core/retry.ts";
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
  const able = living.filter(({ executors, unhealthy, capabilities, resting }) => {
    const fit = executors.filter((executor) => !(executor in unhealthy) || rests(executor, { resting }));
    return obstacle(task, { executors: fit, capabilities }, around) === undefined;
  });
  const executor = task.request.executor ?? defaultExecutor;
  const atWork = able.filter(({ trouble }) => trouble === undefined);
  if (atWork.some((beat) => !rests(executor, beat))) return restAfter(task) > 0 ? "its next try" : undefined;
  if (atWork.length > 0) return `${executor}, which rests on ${namesOf(atWork)}`;
  if (able.length > 0) return `${namesOf(able)}, standing still`;
  const needs = task.request.needs ?? [];
  return `a worker that offers ${[executor, ...needs].join(" and ")}`;
}

function namesOf(beats: readonly Beat[]): string {
  return beats.map(({ worker }) => worker).join(" or ");
}
