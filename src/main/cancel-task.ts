import type { NodeName, TaskId } from "../core/ids.ts";
import { move } from "../core/move.ts";
import type { Outcome } from "../core/task.ts";
import { Fault } from "../fault.ts";
import { noChange } from "../ledger/change.ts";
import type { Decision } from "../ledger/update.ts";
import { readResult, taskIn, type Ledger } from "../ledger/view.ts";
import { refuseSpoilt } from "./refuse-spoilt.ts";

export type Cancelled =
  /** `stops` is the worker that has to stop it. */
  | { kind: "cancelled"; stops: NodeName | undefined }
  | { kind: "already" }
  | { kind: "ended"; outcome: Outcome };

/** What became of it, said behind the id of the task and without a full stop. */
export function cancelledText(answer: Cancelled): string {
  switch (answer.kind) {
    case "cancelled":
      return answer.stops ? `is cancelled; ${answer.stops} stops it as soon as it looks` : "is cancelled";
    case "already":
      return "is being cancelled already";
    case "ended":
      return answer.outcome === "cancelled" ? "was cancelled before" : `has ended already: ${answer.outcome}`;
    default:
      return answer satisfies never;
  }
}

/** Takes a task back. What has ended stays as it ended. */
export async function cancelTask(ledger: Ledger, id: TaskId): Promise<Decision<Cancelled>> {
  const change = noChange();
  const task = taskIn(ledger, id);
  if (!task) return { change, answer: await endedAs(ledger, id) };
  const verdict = move(task, { kind: "cancel" });
  if (verdict.kind === "refused") return { change, answer: { kind: "already" } };
  change.edits.push({ kind: "set", task: verdict.task });
  change.deeds.push(`cancels ${id}`);
  const stops = task.state.kind === "running" ? task.state.by : undefined;
  return { change, answer: { kind: "cancelled", stops } };
}

async function endedAs(ledger: Ledger, id: TaskId): Promise<Cancelled> {
  const result = await readResult(ledger.snapshot, id);
  if (result && !("problem" in result)) return { kind: "ended", outcome: result.outcome };
  refuseSpoilt(ledger, id);
  throw new Fault("TASK_NOT_FOUND", `There is no task ${id} any more`, {
    hint: "`pawl queue` and `pawl results` list the tasks there are.",
  });
}
