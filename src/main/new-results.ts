import type { Event } from "../core/event.ts";
import type { TaskId } from "../core/ids.ts";
import type { Result } from "../core/outcome.ts";
import { readResult, type Ledger } from "../ledger/view.ts";

/**
 * One event for each result that has not been reported.
 *
 * @param onResult is given what the event is too short to say
 */
export async function newResults(
  ledger: Ledger,
  reported: ReadonlySet<TaskId>,
  onResult: (result: Result) => void = () => undefined,
): Promise<Event[]> {
  const events: Event[] = [];
  for (const id of ledger.results) {
    if (reported.has(id)) continue;
    const result = await readResult(ledger.snapshot, id);
    if (!result) continue;
    if ("problem" in result) {
      events.push({ kind: "result-bad", task: id, reason: result.problem });
      continue;
    }
    onResult(result);
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
