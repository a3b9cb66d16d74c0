import type { TaskId } from "./ids.ts";
import type { Request } from "./request.ts";
import type { Lease, Outcome, PastAttempt } from "./task.ts";

/** Small things worth knowing about a run: exit code, model, tokens, cost, peak memory. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** How one attempt ended, as the worker that ran it saw it. Only the first four say anything about the task. */
export type Ending =
  | { kind: "succeeded"; text: string; facts: Facts }
  | { kind: "failed"; why: string; text: string; facts: Facts }
  | { kind: "timed-out"; why: string; text: string; facts: Facts }
  /** It handed work out and goes on, in another attempt, once that has ended. `answer` is what it would have ended with. */
  | { kind: "waits"; note: string; answer: string; facts: Facts }
  /** Rate limit, dead network: the same attempt may work later, here or elsewhere. */
  | { kind: "transient"; why: string; facts?: Facts }
  /** No credentials, unknown model: this worker cannot do this kind of work until a person mends it. */
  | { kind: "misconfigured"; why: string; facts?: Facts }
  /** We ended it: somebody cancelled, the lease is gone, or the worker is going away. `output` is the last of what it said. */
  | { kind: "stopped"; because: StopReason; output?: string };

export type StopReason = "cancelled" | "lease-lost" | "draining";

/** What RESULTS/<id>.md says. Written once; times are the writing node's clock, for people only. */
export type Result = {
  id: TaskId;
  title: string;
  outcome: Outcome;
  why: string | undefined;
  /** The worker and token of the lease that was accepted; undefined when no attempt brought it about. */
  lease: Lease | undefined;
  attempt: number;
  started: string | undefined;
  ended: string;
  request: Request;
  tried: readonly PastAttempt[];
  facts: Facts;
  text: string;
};
