import type { Event } from "../core/event.ts";
import type { TaskId } from "../core/ids.ts";
import { readResult, type Ledger } from "../ledger/view.ts";

/** One event for each result that has not been reported. */
export async function newResults(ledger: Ledger, reported: ReadonlySet<TaskId>): Promise<Event[]> {
  const events: Event[] = [];
  for (const id of ledger.results) {
    if (reported.has(id)) continue;
    const result = await readResult(ledger.snapshot, id);
    if (!result) continue;
    if ("problem" in result) {
      events.push({ kind: "result-bad", task: id, reason: result.problem });
      continue;
    }
    const { title, outcome, why, lease, request } = result;
    events.push({
      kind: "task-ended",
      task: id,
      title,
      outcome,
      why,
      by: lease?.by,
      category: request.category,
    });
  }
  return events;
}
