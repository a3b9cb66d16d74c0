import type { TaskId } from "../core/ids.ts";
import { waitsForChildren } from "../core/move.ts";
import type { Request } from "../core/request.ts";
import type { OpenState, Task } from "../core/task.ts";
import { oneLine } from "../format/queue-header.ts";
import { stillOpen } from "./children.ts";
import type { Ledger } from "./view.ts";

type Waiting = Pick<Task, "request" | "children">;

/**
 * What a task still waits for, as its section says it: the tasks it comes after, which have to succeed, and those it has
 * handed out, which have to end. Undefined when nothing holds it back.
 */
export function whyBlocked(task: Waiting, ledger: Ledger): string | undefined {
  const why = reasons(task, ledger, () => waitsForChildren);
  return why === undefined ? undefined : oneLine(why);
}

/** The same, with each task by its id. */
export function whatHoldsBack(task: Waiting, ledger: Ledger): string | undefined {
  return reasons(task, ledger, (open) => `waits for ${open.join(" and ")}`);
}

/** Did a node block it? What a person blocked, with words of his own or none, is his to release. */
export function isBlockedByUs({ state }: Pick<Task, "state">): boolean {
  if (state.kind !== "blocked") return false;
  return state.why === waitsForChildren || /^(?:comes after|waits for) T-/.test(state.why);
}

/** Of the tasks that it comes after, the first that has ended without success or was taken away, and how. */
export function neverSucceeds({ request }: Pick<Task, "request">, ledger: Ledger): string | undefined {
  for (const id of request.after ?? []) {
    const outcome = ledger.outcomes.get(id);
    if (outcome !== undefined && outcome !== "succeeded") return `${id}, which ended as ${outcome}`;
    if (outcome === undefined && !isOpen(id, ledger) && !ledger.results.has(id))
      return `${id}, which was taken away`;
  }
  return undefined;
}

function reasons(
  { request, children = [] }: Waiting,
  ledger: Ledger,
  waiting: (open: readonly TaskId[]) => string,
): string | undefined {
  const before = (request.after ?? []).flatMap((id) => missing(id, ledger) ?? []);
  const open = stillOpen(children, ledger);
  const waits = [
    ...(before.length === 0 ? [] : [`comes after ${before.join(" and ")}`]),
    ...(open.length === 0 ? [] : [waiting(open)]),
  ];
  return waits.length === 0 ? undefined : waits.join("; ");
}

function missing(id: TaskId, ledger: Ledger): string | undefined {
  const outcome = ledger.outcomes.get(id);
  if (outcome === "succeeded") return undefined;
  if (outcome !== undefined) return `${id}, which ended as ${outcome}`;
  return isOpen(id, ledger) ? id : `${id}, which nobody knows`;
}

function isOpen(id: TaskId, ledger: Ledger): boolean {
  return ledger.tasks.some((task) => task.id === id) || ledger.queue.bad.some((bad) => bad.id === id);
}

/** The state in which a new task enters the queue. */
export function firstState(request: Request, ledger: Ledger): OpenState {
  if (request.approval === "required") return { kind: "needs-approval" };
  const why = whyBlocked({ request }, ledger);
  return why === undefined ? { kind: "queued" } : { kind: "blocked", why };
}
