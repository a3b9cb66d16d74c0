import type { Event } from "../core/event.ts";
import type { TaskId } from "../core/ids.ts";
import type { Outcome, Task } from "../core/task.ts";
import { approvalDigest, approvedRequest } from "../format/approval.ts";
import { taskIn, type Ledger } from "../ledger/view.ts";
import type { Adoption } from "./adopt.ts";

/** A question about a task that people have been asked and not answered. */
export type Asked = { task: TaskId; title: string; asked: "needs-approval" | "needs-human" };

/**
 * What happened to open tasks between two ledgers, told from what they say. Results are read by `new-results.ts`. Of the
 * first ledger the open questions are told: whoever was not asked, because main died before it could, does not answer.
 *
 * @param asked on the first ledger, what people were asked before: it may have been settled while main was away
 */
export function notice(
  before: Ledger | undefined,
  after: Ledger,
  adopted: Adoption["adopted"],
  asked: readonly Asked[] = [],
): Event[] {
  if (!before) {
    return [
      ...asked.flatMap((one) => settled(one, after) ?? []),
      ...after.tasks.flatMap((task) => question(task) ?? []),
    ];
  }
  const known = new Map(before.tasks.map((task) => [task.id, task]));
  const origins = new Map(adopted.map((one) => [one.task, one]));
  const complaints = new Set(before.queue.bad.map(({ reason, line }) => `${line} ${reason}`));
  return [
    ...after.tasks.flatMap((task) => changes(known.get(task.id), task, origins)),
    ...before.tasks.flatMap((task) => decided(task, after) ?? []),
    ...after.queue.bad
      .filter(({ line, reason }) => !complaints.has(`${line} ${reason}`))
      .map(({ line, reason }): Event => ({ kind: "section-bad", line, reason })),
  ];
}

function changes(
  old: Task | undefined,
  task: Task,
  origins: ReadonlyMap<TaskId, Adoption["adopted"][number]>,
): Event[] {
  const { id, title, state, request } = task;
  const events: Event[] = [];
  const origin = origins.get(id);
  if (!old && origin) events.push({ kind: "task-adopted", ...origin });
  else if (!old) events.push({ kind: "task-queued", task: id, title, by: request.by });
  for (const past of task.tried.slice(old?.tried.length ?? 0)) {
    // Of one that waits it is told that it is blocked.
    if (past.end !== "waiting")
      events.push({ kind: "task-requeued", task: id, by: past.by, end: past.end, why: past.why });
  }
  if (state.kind === "running" && task.attempt !== (old?.attempt ?? 0)) {
    events.push({ kind: "task-claimed", task: id, title, by: state.by, attempt: task.attempt });
  }
  if (state.kind === "blocked" && old?.state.kind !== "blocked") {
    events.push({ kind: "task-blocked", task: id, why: state.why });
  }
  const asked = question(task);
  if (asked && !(old && isSameQuestion(old, task))) events.push(asked);
  return events;
}

/** What a person has to answer before the task goes on. */
function question(task: Task): Event | undefined {
  const { id, title, state } = task;
  if (state.kind === "needs-approval") return approvalWanted(task);
  return state.kind === "needs-human"
    ? { kind: "task-needs-human", task: id, title, why: state.why }
    : undefined;
}

/** A person who was asked need not answer any more. */
function decided(old: Task, after: Ledger): Event | undefined {
  const { id, title, state } = old;
  if (state.kind !== "needs-approval" && state.kind !== "needs-human") return undefined;
  return settled({ task: id, title, asked: state.kind }, after);
}

function settled({ task: id, title, asked }: Asked, after: Ledger): Event | undefined {
  const task = taskIn(after, id);
  // A section that cannot be read for now is not gone.
  if (task ? task.state.kind === asked : after.queue.bad.some((bad) => bad.id === id)) return undefined;
  return { kind: "task-decided", task: id, title, asked, how: howDecided(task, after.outcomes.get(id)) };
}

function howDecided(task: Task | undefined, outcome: Outcome | undefined): string {
  if (!task && outcome !== undefined && outcome !== "cancelled") return `has ended: ${outcome}`;
  if (!task || task.state.kind === "cancelled") return "was cancelled";
  return task.approved?.stands ? `was approved by ${task.approved.by}` : "goes on";
}

/** It may have been answered and have come up again since the last look, or be about other words by now. */
function isSameQuestion(old: Task, task: Task): boolean {
  if (old.state.kind !== task.state.kind || old.tried.length !== task.tried.length) return false;
  return task.state.kind !== "needs-approval" || approvalDigest(old) === approvalDigest(task);
}

function approvalWanted(task: Task): Event {
  const { id, title, prompt, request, approved } = task;
  const digest = approvalDigest(task);
  const { by, expires } = request;
  return {
    kind: "approval-wanted",
    task: id,
    title,
    by,
    prompt,
    asks: Object.fromEntries(approvedRequest(request)),
    digest,
    expires,
    again: approved !== undefined,
  };
}
