import type { NodeName, TaskId } from "../core/ids.ts";
import { leaseOf } from "../core/move.ts";
import type { Result } from "../core/outcome.ts";
import type { Request } from "../core/request.ts";
import type { Approval, OpenState, Outcome, PastAttempt, Task } from "../core/task.ts";
import { approvalDigest } from "../format/approval.ts";
import type { Cli } from "./cli.ts";

/** A task as `--json` shows it; docs/cli.md describes it. Of one that has ended, `state` is how. */
export type TaskView = {
  id: TaskId;
  title: string;
  state: OpenState["kind"] | Outcome;
  worker?: NodeName | undefined;
  attempt: number;
  why?: string | undefined;
  /** What a queued task lacks that no worker has. */
  waitsFor?: string | undefined;
  started?: string | undefined;
  ended?: string | undefined;
  request: Request;
  tried: readonly PastAttempt[];
  approved?: Approval | undefined;
  /** What an approval has to repeat; only while one is wanted. */
  digest?: string | undefined;
  facts?: Result["facts"];
  /** What it has handed out. */
  children?: { id: TaskId; title: string; state: TaskView["state"] }[] | undefined;
};

export function openView(task: Task): TaskView {
  const { id, title, state, attempt, request, tried, approved } = task;
  const lease = leaseOf(state);
  return {
    id,
    title,
    state: state.kind,
    ...(lease ? { worker: lease.by } : {}),
    attempt,
    ...("why" in state && state.why !== "" ? { why: state.why } : {}),
    request,
    tried,
    ...(approved ? { approved } : {}),
    ...(state.kind === "needs-approval" ? { digest: approvalDigest(task) } : {}),
  };
}

export function endedView({ text: _text, outcome, lease, ...result }: Result): TaskView {
  return { ...result, state: outcome, worker: lease?.by };
}

const colours: Record<TaskView["state"], Parameters<Cli["paint"]>[0]> = {
  queued: "cyan",
  running: "blue",
  blocked: "yellow",
  "needs-approval": "yellow",
  "needs-human": "red",
  cancelled: "gray",
  succeeded: "green",
  failed: "red",
  "timed-out": "red",
  expired: "gray",
};

export function stateText(cli: Cli, state: TaskView["state"]): string {
  return cli.paint(colours[state], state);
}
