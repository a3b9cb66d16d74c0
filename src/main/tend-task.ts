import { isExpired } from "../core/choose.ts";
import type { NodeName } from "../core/ids.ts";
import { move, type Move } from "../core/move.ts";
import type { Result } from "../core/outcome.ts";
import { stamp } from "../core/stamp.ts";
import { needsApproval, type Lease, type Outcome, type Task } from "../core/task.ts";
import { renderResult } from "../format/result.ts";
import { noChange, type Change } from "../ledger/change.ts";
import { resultPath } from "../ledger/paths.ts";
import { requeueLost, type Lost } from "../ledger/requeue-lost.ts";
import type { Ledger } from "../ledger/view.ts";
import { isBlockedByUs, neverSucceeds, whyBlocked } from "../ledger/after.ts";

export type Care = {
  me: NodeName;
  now: Date;
  lost: Lost;
};

/** What main does about one open task; undefined when it is as it should be. */
export function tendTask(task: Task, ledger: Ledger, care: Care): Change | undefined {
  const { state } = task;
  // A bad merge brought the section of a finished task back: results win.
  if (ledger.finished.has(task.id)) return removed(task);
  if (state.kind === "cancelled") return cancelled(task, state.lease, care);
  if (state.kind === "running") return requeueLost(task, care.lost, care.now);
  if (isExpired(task, care.now)) {
    return ended(task, "expired", whyExpired(task), care.now);
  }
  return hopeless(task, ledger, care) ?? followed(task, ledger);
}

/** Who still runs it ends it, with what is left of it; main does so where that is nobody, or somebody who is gone. */
function cancelled(task: Task, lease: Lease | undefined, { lost, now }: Care): Change | undefined {
  if (!lease) return ended(task, "cancelled", undefined, now);
  if (lost.get(task.id)?.token !== lease.token) return undefined;
  return ended(task, "cancelled", `${lease.by} ran it, and shows no sign of life since`, now);
}

function whyExpired({ attempt, request }: Task): string {
  return attempt === 0
    ? `it was not started before ${request.expires}`
    : `it did not end before ${request.expires}, and is not started again`;
}

function removed(task: Task): Change {
  const change = noChange();
  change.edits.push({ kind: "remove", id: task.id });
  change.deeds.push(`takes ${task.id} off the queue, it has a result`);
  return change;
}

function ended(task: Task, outcome: Outcome, why: string | undefined, now: Date): Change {
  const result: Result = {
    id: task.id,
    title: task.title,
    outcome,
    why,
    lease: undefined,
    attempt: task.attempt,
    started: undefined,
    ended: stamp(now),
    request: task.request,
    tried: task.tried,
    facts: {},
    text: whatWasAsked(task),
  };
  const change = noChange();
  change.edits.push({ kind: "remove", id: task.id });
  change.files.set(resultPath(task.id), renderResult(result));
  change.deeds.push(`${task.id} ${outcome}`);
  return change;
}

/** Nothing that a person wrote is dropped, but nobody is to take it for an answer. */
function whatWasAsked({ attempt, prompt }: Task): string {
  const brought = attempt === 0 ? "It was never run." : "No attempt at it brought a result.";
  return `${brought} This is what was asked:\n\n${prompt}`;
}

/**
 * A child that cannot begin any more would keep the task blocked that waits for it, and nobody would be asked. A task that
 * a person submitted stays: there is somebody who may change what it comes after.
 */
function hopeless(task: Task, ledger: Ledger, { now }: Care): Change | undefined {
  if (task.request.parent === undefined) return undefined;
  const before = neverSucceeds(task, ledger);
  return before === undefined ? undefined : ended(task, "cancelled", `it comes after ${before}`, now);
}

/** Queued or blocked, as the tasks it comes after demand. */
function followed(task: Task, ledger: Ledger): Change | undefined {
  const { state, request } = task;
  if (state.kind === "queued" && needsApproval(task)) return set(task, { kind: "hold" }, "holds");
  if (state.kind !== "queued" && state.kind !== "blocked") return undefined;
  if (state.kind === "blocked" && !isBlockedByUs(task)) return undefined;
  if ((request.after ?? []).length === 0 && task.children === undefined) return undefined;
  const why = whyBlocked(task, ledger);
  if (why !== undefined) return set(task, { kind: "block", why }, "blocks");
  return state.kind === "blocked" ? set(task, { kind: "unblock" }, "unblocks") : undefined;
}

function set(task: Task, asked: Move, verb: string): Change | undefined {
  const verdict = move(task, asked);
  if (verdict.kind === "refused") return undefined;
  const change = noChange();
  change.edits.push({ kind: "set", task: verdict.task });
  change.deeds.push(`${verb} ${task.id}`);
  return change;
}
