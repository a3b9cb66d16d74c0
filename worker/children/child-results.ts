import type { Task } from "../../src/core/task.ts";
import { readResultText } from "../../src/ledger/view.ts";
import type { ChildResult } from "../../src/ports/attempt-runner.ts";
import type { Snapshot } from "../../src/ports/shared-repo.ts";

/** What the tasks have brought that this one handed out and waited for. */
export async function childResults(
  snapshot: Snapshot,
  { children = [] }: Pick<Task, "children">,
): Promise<ChildResult[]> {
  return Promise.all(children.map(async (id) => ({ id, text: await readResultText(snapshot, id) })));
}
