import type { TaskId } from "../core/ids.ts";
import type { Task } from "../core/task.ts";
import { tasksWith, type Found } from "./tasks-with.ts";
import { readResult, taskIn, type Ledger } from "./view.ts";

/**
 * All that a task has ever handed out, each once: a section that a merge brought back beside its result is not two.
 *
 * @param days for which the archive is asked, as 2026-11-21; each may be a file to fetch
 */
export async function childrenOf(ledger: Ledger, parent: TaskId, days: readonly string[]): Promise<Found[]> {
  const found = new Map<TaskId, Found>();
  for await (const child of tasksWith(ledger, ["parent", parent], days)) {
    if (!found.has(child.id)) found.set(child.id, child);
  }
  return [...found.values()];
}

/** How many tasks stand above this one; no more than `most` are counted. */
export async function depthOf(
  ledger: Ledger,
  { request }: Pick<Task, "request">,
  most: number,
): Promise<number> {
  let parent = request.parent;
  let depth = 0;
  while (parent !== undefined && depth < most) {
    depth++;
    const above = taskIn(ledger, parent) ?? (await readResult(ledger.snapshot, parent));
    parent = above && "request" in above ? above.request.parent : undefined;
  }
  return depth;
}

/** Those of the tasks which one waits for that may still bring something: they are open, or cannot be read for now. */
export function stillOpen(children: readonly TaskId[], ledger: Ledger): TaskId[] {
  return children.filter(
    (id) =>
      !ledger.finished.has(id) &&
      (taskIn(ledger, id) !== undefined || ledger.queue.bad.some((bad) => bad.id === id)),
  );
}
