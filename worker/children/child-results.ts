import type { Task } from "../../src/core/task.ts";
import { childrenOf } from "../../src/ledger/children.ts";
import { readLedger, readResultText } from "../../src/ledger/view.ts";
import type { ChildResult } from "../../src/ports/attempt-runner.ts";
import type { Snapshot } from "../../src/ports/shared-repo.ts";
import { archiveDays } from "./hand-out.ts";

/** What the tasks have brought that this one handed out and waited for, and how those stand that it did not wait for. */
export async function childResults(
  snapshot: Snapshot,
  task: Pick<Task, "id" | "attempt" | "children">,
  now: Date,
): Promise<ChildResult[]> {
  const { id, attempt, children = [] } = task;
  const waitedFor = children.map(async (child) => ({
    id: child,
    text: await readResultText(snapshot, child),
  }));
  // A first attempt has none, and to look for them is to look through all results.
  if (attempt <= 1) return Promise.all(waitedFor);
  const all = await childrenOf(await readLedger(snapshot), id, archiveDays(id, now));
  const others = all
    .filter((child) => !children.includes(child.id))
    .map(async ({ id, title, state }) => ({ id, text: await readResultText(snapshot, id), title, state }));
  return Promise.all([...waitedFor, ...others]);
}
