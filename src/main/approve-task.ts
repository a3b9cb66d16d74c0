import type { TaskId } from "../core/ids.ts";
import { move } from "../core/move.ts";
import { stamp } from "../core/stamp.ts";
import { Fault } from "../fault.ts";
import { approvalDigest } from "../format/approval.ts";
import { noChange } from "../ledger/change.ts";
import type { Decision } from "../ledger/update.ts";
import { taskIn, type Ledger } from "../ledger/view.ts";
import { refuseSpoilt } from "./refuse-spoilt.ts";

export type Approved = { kind: "approved" } | { kind: "already"; by: string };

/**
 * Lets a task run that waits for a person's consent.
 *
 * @param seen the digest of what that person was shown; a task that says something else by now is not approved
 */
export function approveTask(
  ledger: Ledger,
  id: TaskId,
  { by, seen, now }: { by: string; seen: string; now: Date },
): Decision<Approved> {
  const change = noChange();
  const task = taskIn(ledger, id);
  if (!task) {
    refuseSpoilt(ledger, id);
    throw new Fault("TASK_NOT_FOUND", `${id} is not in the queue any more`, {
      hint: `\`pawl show ${id}\` tells how it ended.`,
    });
  }
  if (approvalDigest(task) !== seen) {
    throw new Fault("APPROVAL_STALE", `${id} was edited after it was shown, and is not approved`, {
      hint: `Look at it again with \`pawl show ${id}\`, then \`pawl approve ${id}\`.`,
    });
  }
  if (task.approved?.stands && task.state.kind !== "needs-approval") {
    return { change, answer: { kind: "already", by: task.approved.by } };
  }
  const approval = { by: by.replace(/\s+/g, "-"), at: stamp(now), digest: seen, stands: true };
  const verdict = move(task, { kind: "approve", approval });
  if (verdict.kind === "refused") {
    throw new Fault("MOVE_REFUSED", verdict.because, {
      hint: "Only a task that waits for an approval can be approved.",
    });
  }
  change.edits.push({ kind: "set", task: verdict.task });
  change.deeds.push(`approves ${id}`);
  return { change, answer: { kind: "approved" } };
}
