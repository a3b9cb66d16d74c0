import { newTaskId, type TaskId } from "../core/ids.ts";
import { readResultText, taskIn, type Ledger } from "./view.ts";

/** An id that no task has or ever had here: one that is taken would make the new task pass for the old one. */
export async function freeId(
  ledger: Ledger,
  { today, chance }: { today: Date; chance: () => number },
  taken: ReadonlySet<TaskId> = new Set(),
): Promise<TaskId> {
  for (;;) {
    const id = newTaskId(today, chance);
    if (!taken.has(id) && !(await isTaken(ledger, id))) return id;
  }
}

async function isTaken(ledger: Ledger, id: TaskId): Promise<boolean> {
  if (taskIn(ledger, id) || ledger.queue.bad.some((section) => section.id === id)) return true;
  return ledger.results.has(id) || (await readResultText(ledger.snapshot, id)) !== undefined;
}
