import type { NodeName, TaskId, Token } from "./ids.ts";
import type { Request } from "./request.ts";

export const openStates = [
  "queued",
  "running",
  "blocked",
  "needs-approval",
  "needs-human",
  "cancelled",
] as const;

export const outcomes = ["succeeded", "failed", "timed-out", "cancelled", "expired"] as const;
export type Outcome = (typeof outcomes)[number];

/** Who works on a task. */
export type Lease = { by: NodeName; token: Token };

/**
 * What a section of QUEUE.md can say. A task that has ended has none. `cancelled` is a wish: who holds the lease, or main
 * where nobody does, makes a result of it.
 */
export type OpenState =
  | { kind: "queued" }
  | ({ kind: "running" } & Lease)
  | { kind: "blocked"; why: string }
  | { kind: "needs-approval" }
  | { kind: "needs-human"; why: string }
  | { kind: "cancelled"; lease?: Lease | undefined };

export const endedAttempts = [
  "failed",
  "timed-out",
  "lost",
  "transient",
  "misconfigured",
  "released",
  "waiting",
] as const;
export type AttemptEnd = (typeof endedAttempts)[number];

/** An attempt that is over without a result. `ended` is the clock of the node that wrote it: for people, and for rough guesses at how long a trouble has lasted. */
export type PastAttempt = { attempt: number; by: NodeName; end: AttemptEnd; ended: string; why: string };

/**
 * A person's consent to a task that needs one. It stands as long as the task says what it said then: `digest` is of
 * what was shown, and whoever reads the section compares.
 */
export type Approval = { by: string; at: string; digest: string; stands: boolean };

/**
 * `attempt` counts leases granted so far. It never falls, and a task gets it as a fencing number for what it does
 * outside git.
 */
export type Task = {
  id: TaskId;
  title: string;
  prompt: string;
  request: Request;
  attempt: number;
  tried: readonly PastAttempt[];
  state: OpenState;
  approved?: Approval | undefined;
  /** The tasks it handed out and gave its lease back for; its next attempts get their results. */
  children?: readonly TaskId[] | undefined;
};

/** Does it wait for a consent that nobody has given, or that an edit has voided? */
export function needsApproval({ request, approved }: Pick<Task, "request" | "approved">): boolean {
  return request.approval === "required" && approved?.stands !== true;
}
