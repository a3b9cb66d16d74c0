import type { NodeName, TaskId } from "../core/ids.ts";
import { priorities, type Request } from "../core/request.ts";
import { needsApproval, type OpenState, type PastAttempt, type Task } from "../core/task.ts";
import type { Breach } from "./legal.ts";
import { isBlockedByUs } from "./after.ts";
import { stillOpen } from "./children.ts";
import { newTasks, type Step } from "./step.ts";
import { taskIn } from "./view.ts";

/** Each task goes from state to state as the protocol has it. */
export function illegalMove(step: Step, author: NodeName): Breach | undefined {
  const { before, after } = step;
  const breach = illegalBirth(step, author);
  if (breach) return breach;
  const now = new Map(after.tasks.map((task) => [task.id, task]));
  for (const old of before.tasks) {
    const task = now.get(old.id);
    const reason = task ? why(old, task, step, author) : vanished(step, old.id);
    if (reason !== undefined) return { reason, task: old.id };
  }
  return undefined;
}

function illegalBirth(step: Step, author: NodeName): Breach | undefined {
  const { before, after, hadResult } = step;
  for (const task of newTasks(step)) {
    const born = after.tasks.find(({ id }) => id === task);
    if (hadResult.has(task)) return { reason: `${task} came back, though it has a result`, task };
    if (before.queue.bad.some(({ id }) => id === task)) return { reason: `a node mended ${task}`, task };
    const reason = born && illegalChild(step, born, author);
    if (reason !== undefined) return { reason, task };
    if (born?.attempt !== 0 || born.tried.length > 0 || born.children || born.state.kind === "running") {
      return { reason: `${task} began with an attempt behind it`, task };
    }
    // Consent is given to what stands in the queue, and by a step of its own.
    if (born.approved) return { reason: `${task} was approved before anybody could read it`, task };
  }
  // A section is doubled or spoilt by people alone.
  if (after.queue.bad.length > before.queue.bad.length) {
    const spoilt = after.queue.bad.at(-1);
    return { reason: `a node left a section that cannot be read: ${spoilt?.reason ?? ""}` };
  }
  return undefined;
}

/** A task is handed out by whoever holds its parent's lease, and gets no right to run that its parent has not. */
function illegalChild({ before }: Step, { id, request }: Task, author: NodeName): string | undefined {
  if (request.parent === undefined) return undefined;
  const parent = before.tasks.find((task) => task.id === request.parent);
  if (parent?.state.kind !== "running" || parent.state.by !== author)
    return `${author} handed ${id} out for ${request.parent}, which it does not run`;
  const above = parent.request;
  if (above.approval === "required" && request.approval !== "required")
    return `${id} needs no approval, but ${parent.id}, which handed it out, does`;
  if (request.by !== parent.id) return `${id} says that it is asked for by ${request.by ?? "nobody"}`;
  if (!request.key?.startsWith(`${parent.id}/`)) return `the key of ${id} is not one of ${parent.id}`;
  const lacks = above.needs?.find((need) => !request.needs?.includes(need));
  if (lacks !== undefined) return `${id} does not need ${lacks}, but ${parent.id}, which handed it out, does`;
  return rankOf(request) < rankOf(above) ? `${id} is more urgent than ${parent.id}` : undefined;
}

function rankOf({ priority = "normal" }: Request): number {
  return priorities.indexOf(priority);
}

function vanished({ after, hadResult }: Step, id: TaskId): string | undefined {
  return hadResult.has(id) || after.results.has(id) ? undefined : `${id} left the queue without a result`;
}

function why(old: Task, task: Task, step: Step, author: NodeName): string | undefined {
  const { id } = old;
  if (task.attempt < old.attempt) return `the attempt of ${id} fell from ${old.attempt} to ${task.attempt}`;
  const [from, to] = [old.state, task.state];
  const unasked = illegalApproval(old, task);
  if (unasked !== undefined) return unasked;
  const nowWaits = from.kind === "running" && to.kind === "blocked";
  if (nowWaits) return illegalWait(old, task, step, author);
  if (!sameList(old.children, task.children)) return `what ${id} waits for was changed`;
  if (to.kind === "running" && !sameLease(from, to))
    return illegalClaim(old, task, step.before.queue.text, author);
  if (task.attempt !== old.attempt) return `the attempt of ${id} rose, but nobody claimed it`;
  if (from.kind === "running" && to.kind !== "running" && to.kind !== "cancelled") {
    return task.tried.at(-1)?.end === "waiting"
      ? `${id} waits, but is not blocked`
      : illegalEnd(old, task, author);
  }
  if (from.kind === "cancelled" && to.kind !== "cancelled") return `the cancellation of ${id} was lost`;
  const goesOn = from.kind === "blocked" && to.kind === "queued";
  if (!isBlockedByUs(old) && from.kind === "blocked" && isReworded(from, task, old))
    return `${id} was blocked by a person, and a node did not leave it so`;
  const retried = from.kind !== "queued" && to.kind === "queued" && task.tried.length === 0;
  if (!retried && !same(old.tried, task.tried)) return `past attempts of ${id} were changed`;
  if (goesOn && stillOpen(old.children ?? [], step.before).length > 0)
    return `${id} went on before the tasks that it waits for had ended`;
  return undefined;
}

/** Consent is given once, to what the task says, and nothing goes on without it. */
function illegalApproval(old: Task, task: Task): string | undefined {
  const { id, approved } = task;
  if (old.approved?.digest !== approved?.digest || old.approved?.by !== approved?.by) {
    if (approved === undefined) return `the approval of ${id} was taken away`;
    if (old.state.kind !== "needs-approval") return `${id} was approved while it was ${old.state.kind}`;
    if (!approved.stands) return `${approved.by} approved something else than ${id} says`;
  }
  const goesOn = old.state.kind === "needs-approval" && ["queued", "running"].includes(task.state.kind);
  return goesOn && needsApproval(task) ? `${id} went on without the approval it needs` : undefined;
}

function illegalClaim(old: Task, task: Task, text: string, author: NodeName): string | undefined {
  const { id, state } = task;
  if (state.kind !== "running") return undefined;
  if (old.state.kind !== "queued") return `${id} was claimed while it was ${old.state.kind}`;
  if (needsApproval(old)) return `${id} was claimed without the approval it needs`;
  if (state.by !== author) return `${author} claimed ${id} for ${state.by}`;
  if (task.attempt !== old.attempt + 1)
    return `${id} was claimed as attempt ${task.attempt} after ${old.attempt}`;
  if (text.includes(state.token)) return `the token of ${id} was not new`;
  return same(old.tried, task.tried) ? undefined : `past attempts of ${id} were changed`;
}

/** The holder may end its attempt in any way; others may only find that it is lost. */
function illegalEnd(old: Task, task: Task, author: NodeName): string | undefined {
  const { id, state } = old;
  if (state.kind !== "running") return undefined;
  if (task.state.kind !== "queued" && task.state.kind !== "needs-human") {
    return `${id} went from running to ${task.state.kind}`;
  }
  const past = task.tried.at(-1);
  if (!past || !same(old.tried, task.tried.slice(0, -1))) return `the lease of ${id} ended without a word`;
  if (past.attempt !== old.attempt || past.by !== state.by) {
    return `attempt ${past.attempt} of ${past.by} was noted for ${id}, not ${old.attempt} of ${state.by}`;
  }
  if (author !== state.by && past.end !== "lost") return `${author} ended an attempt of ${state.by} at ${id}`;
  return undefined;
}

/** Only the holder lets its task wait, and only for what that task has handed out and has not seen the end of. */
function illegalWait(old: Task, task: Task, step: Step, author: NodeName): string | undefined {
  const { id } = old;
  const children = task.children ?? [];
  if (task.attempt !== old.attempt) return `the attempt of ${id} rose, but nobody claimed it`;
  if (task.tried.at(-1)?.end !== "waiting" || children.length === 0)
    return `${id} went from running to blocked`;
  const foreign = children.find((child) => !old.children?.includes(child) && !isChild(child, id, step));
  if (foreign !== undefined) return `${id} waits for ${foreign}, which it has not handed out`;
  if (children.every((child) => old.children?.includes(child))) return `${id} waits for nothing new`;
  return illegalEnd(old, { ...task, state: { kind: "queued" } }, author);
}

function isChild(child: TaskId, parent: TaskId, { after, endedChildren }: Step): boolean {
  // What stands in a section that cannot be read now is no reason to accuse anybody.
  if (endedChildren.has(child) || after.queue.bad.some(({ id }) => id === child)) return true;
  return taskIn(after, child)?.request.parent === parent;
}

/** A person may take his block back by way of `pawl retry`, and that forgets the attempts. */
function isReworded(from: OpenState & { kind: "blocked" }, { state, tried }: Task, old: Task): boolean {
  if (state.kind === "blocked") return state.why !== from.why;
  return state.kind === "queued" && tried.length > 0 && old.tried.length > 0;
}

function sameList(a: readonly TaskId[] = [], b: readonly TaskId[] = []): boolean {
  return a.join() === b.join();
}

function sameLease(from: Task["state"], to: OpenState & { kind: "running" }): boolean {
  return from.kind === "running" && from.by === to.by && from.token === to.token;
}

function same(a: readonly PastAttempt[], b: readonly PastAttempt[]): boolean {
  return a.length === b.length && a.every((past, n) => JSON.stringify(past) === JSON.stringify(b[n]));
}
