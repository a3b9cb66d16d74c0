import type { Event } from "../core/event.ts";
import type { TaskId } from "../core/ids.ts";
import type { Task } from "../core/task.ts";
import { approvalDigest } from "../format/approval.ts";
import type { Ledger } from "../ledger/view.ts";
import type { Adoption } from "./adopt.ts";

/** What happened to open tasks between two ledgers, told from what they say. Results are read by `new-results.ts`. */
export function notice(before: Ledger | undefined, after: Ledger, adopted: Adoption["adopted"]): Event[] {
  if (!before) return [];
  const known = new Map(before.tasks.map((task) => [task.id, task]));
  const origins = new Map(adopted.map((one) => [one.task, one]));
  const complaints = new Set(before.queue.bad.map(({ reason, line }) => `${line} ${reason}`));
  return [
    ...after.tasks.flatMap((task) => changes(known.get(task.id), task, origins)),
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
    events.push({ kind: "task-requeued", task: id, by: past.by, end: past.end, why: past.why });
  }
  if (state.kind === "running" && task.attempt !== (old?.attempt ?? 0)) {
    events.push({ kind: "task-claimed", task: id, title, by: state.by, attempt: task.attempt });
  }
  if (state.kind === old?.state.kind) return events;
  if (state.kind === "needs-approval") events.push(approvalWanted(task));
  if (state.kind === "blocked") events.push({ kind: "task-blocked", task: id, why: state.why });
  if (state.kind === "needs-human")
    events.push({ kind: "task-needs-human", task: id, title, why: state.why });
  return events;
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
    digest,
    expires,
    again: approved !== undefined,
  };
}
