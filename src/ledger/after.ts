import type { TaskId } from "../core/ids.ts";
import type { Request } from "../core/request.ts";
import type { OpenState, Task } from "../core/task.ts";
import { stillOpen } from "./children.ts";
import type { Ledger } from "./view.ts";

/**
 * What a task still waits for: the tasks it comes after, which have to succeed, and those it has handed out, which have
 * to end. Undefined when nothing holds it back.
 */
export function whyBlocked(
  { request, children = [] }: Pick<Task, "request" | "children">,
  ledger: Ledger,
): string | undefined {
  const before = (request.after ?? []).flatMap((id) => missing(id, ledger) ?? []);
  const open = stillOpen(children, ledger);
  const waits = [
    ...(before.length === 0 ? [] : [`comes after ${before.join(" and ")}`]),
    ...(open.length === 0 ? [] : [`waits for ${open.join(" and ")}`]),
  ];
  return waits.length === 0 ? undefined : waits.join("; ");
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
  const why = whyBlocked({ request }, ledger);
  return why === undefined ? { kind: "queued" } : { kind: "blocked", why };
}
