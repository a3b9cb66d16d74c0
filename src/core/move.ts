import type { NodeName, TaskId, Token } from "./ids.ts";
import { afterAttempt } from "./retry.ts";
import type { Approval, AttemptEnd, Lease, OpenState, PastAttempt, Task } from "./task.ts";

/** Everything that can be asked of an open task; what ends it is a result in its place. A move that names a token is refused unless it is the current lease's. */
export type Move =
  | { kind: "claim"; by: NodeName; token: Token }
  /** The attempt is over without a result: back to the queue, or to a person when that makes no sense any more. */
  | { kind: "give-up"; by: NodeName; token: Token; end: AttemptEnd; why: string; ended: string }
  /** The attempt is over until the tasks that it handed out have ended; others may use its slot. */
  | {
      kind: "wait";
      by: NodeName;
      token: Token;
      children: readonly TaskId[];
      why: string;
      ended: string;
    }
  | { kind: "block"; why: string }
  | { kind: "unblock" }
  /** Waits for a person's approval. */
  | { kind: "hold" }
  | { kind: "approve"; approval: Approval }
  | { kind: "cancel" }
  | { kind: "retry" };

/** Why such a task is blocked; which they are its `children` say. The same while they end one by one, so that none of that is a push. */
export const waitsForChildren = "waits for what it handed out";

export type Verdict = { kind: "moved"; task: Task } | { kind: "refused"; because: string };

export function move(task: Task, asked: Move): Verdict {
  const { state } = task;
  switch (asked.kind) {
    case "claim":
      if (state.kind !== "queued") return refused(`${task.id} is ${described(state)}`);
      return moved(
        task,
        { kind: "running", by: asked.by, token: asked.token },
        { attempt: task.attempt + 1 },
      );
    case "give-up":
      if (!holds(state, asked))
        return refused(`${asked.by} does not hold ${task.id}: it is ${described(state)}`);
      return afterGivingUp(task, asked);
    case "wait":
      if (!holds(state, asked))
        return refused(`${asked.by} does not hold ${task.id}: it is ${described(state)}`);
      return waiting(task, asked);
    case "block":
      if (state.kind === "blocked" && state.why === asked.why)
        return refused(`${task.id} is blocked already`);
      if (state.kind !== "queued" && state.kind !== "blocked")
        return refused(`${task.id} is ${described(state)}`);
      return moved(task, { kind: "blocked", why: asked.why });
    case "unblock":
      if (state.kind !== "blocked") return refused(`${task.id} is ${described(state)}, not blocked`);
      return moved(task, { kind: "queued" });
    case "hold":
      if (state.kind !== "queued") return refused(`${task.id} is ${described(state)}`);
      return moved(task, { kind: "needs-approval" });
    case "approve":
      if (state.kind !== "needs-approval") return refused(`${task.id} is ${described(state)}`);
      return moved(task, { kind: "queued" }, { approved: asked.approval });
    case "cancel":
      if (state.kind === "cancelled") return refused(`${task.id} is being cancelled already`);
      return moved(task, { kind: "cancelled", ...(state.kind === "running" && { lease: leaseOf(state) }) });
    case "retry":
      if (state.kind !== "needs-human" && state.kind !== "blocked") {
        return refused(
          `${task.id} is ${described(state)}; only a blocked task or one that needs a person can be retried`,
        );
      }
      return moved(task, { kind: "queued" }, { tried: [] });
    default:
      return asked satisfies never;
  }
}

function afterGivingUp(task: Task, { by, end, why, ended }: Move & { kind: "give-up" }): Verdict {
  const past: PastAttempt = { attempt: task.attempt, by, end, ended, why };
  const tried = [...task.tried, past];
  const next = afterAttempt(tried, task.request.attempts);
  switch (next.kind) {
    case "again":
      return moved(task, { kind: "queued" }, { tried });
    case "ask-person":
      return moved(task, { kind: "needs-human", why: next.why }, { tried });
    default:
      return next satisfies never;
  }
}

function waiting(task: Task, { by, children, why, ended }: Move & { kind: "wait" }): Verdict {
  const past: PastAttempt = { attempt: task.attempt, by, end: "waiting", ended, why };
  const blocked: OpenState = { kind: "blocked", why: waitsForChildren };
  return moved(task, blocked, { tried: [...task.tried, past], children });
}

export function holds(state: OpenState, lease: Lease): boolean {
  return state.kind === "running" && isSame(state, lease);
}

/** Is it this lease's holder who has to end what was cancelled? */
export function windsUp(state: OpenState, lease: Lease): boolean {
  return state.kind === "cancelled" && state.lease !== undefined && isSame(state.lease, lease);
}

/** The lease under which something may still run. */
export function leaseOf(state: OpenState): Lease | undefined {
  if (state.kind === "running") return { by: state.by, token: state.token };
  return state.kind === "cancelled" ? state.lease : undefined;
}

function isSame(one: Lease, other: Lease): boolean {
  return one.by === other.by && one.token === other.token;
}

function described(state: OpenState): string {
  return state.kind === "running" ? `running on ${state.by}` : state.kind;
}

function moved(
  task: Task,
  state: OpenState,
  also: Partial<Pick<Task, "attempt" | "tried" | "approved" | "children">> = {},
): Verdict {
  return { kind: "moved", task: { ...task, ...also, state } };
}

function refused(because: string): Verdict {
  return { kind: "refused", because };
}
