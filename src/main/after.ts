import type { TaskId } from "../core/ids.ts";
import type { Request } from "../core/request.ts";
import type { OpenState } from "../core/task.ts";
import type { Ledger } from "../ledger/view.ts";

/** What a task still waits for among the tasks it comes after; undefined when nothing holds it back. */
export function whyBlocked(request: Request, ledger: Ledger): string | undefined {
  const waits = (request.after ?? []).flatMap((id) => missing(id, ledger) ?? []);
  return waits.length === 0 ? undefined : `comes after ${waits.join(" and ")}`;
}

function missing(id: TaskId, ledger: Ledger): string | undefined {
  const outcome = ledger.outcomes.get(id);
  if (outcome === "succeeded") return undefined;
  if (outcome !== undefined) return `${id}, which ended as ${outcome}`;
  const open = ledger.tasks.some((task) => task.id === id) || ledger.queue.bad.some((bad) => bad.id === id);
  return open ? id : `${id}, which nobody knows`;
}

/** The state in which a new task enters the queue. */
export function firstState(request: Request, ledger: Ledger): OpenState {
  if (request.approval === "required") return { kind: "needs-approval" };
  const why = whyBlocked(request, ledger);
  return why === undefined ? { kind: "queued" } : { kind: "blocked", why };
}
