import type { TaskId } from "../core/ids.ts";
import { move } from "../core/move.ts";
import type { Result } from "../core/outcome.ts";
import { Fault } from "../fault.ts";
import { noChange } from "../ledger/change.ts";
import type { Decision } from "../ledger/update.ts";
import { taskIn, type Ledger } from "../ledger/view.ts";
import { whatHoldsBack } from "../ledger/after.ts";
import { refuseSpoilt } from "./refuse-spoilt.ts";
import type { Submission } from "./submit-task.ts";

export type Retried = { kind: "queued" };

/** Puts an open task that needs a person, or is blocked, back into the queue with its attempts forgotten. */
export function retryTask(ledger: Ledger, id: TaskId): Decision<Retried> {
  const change = noChange();
  refuseSpoilt(ledger, id);
  const task = taskIn(ledger, id);
  // Somebody else has put it back meanwhile, or an earlier push of ours did land.
  if (task?.state.kind === "queued") return { change, answer: { kind: "queued" } };
  const verdict = task && move(task, { kind: "retry" });
  if (verdict?.kind !== "moved") {
    throw new Fault("MOVE_REFUSED", verdict?.because ?? `${id} is no longer open`, {
      hint: `\`pawl show ${id}\` tells how it stands.`,
    });
  }
  const obstacle = whatHoldsBack(verdict.task, ledger);
  if (obstacle !== undefined) {
    throw new Fault("MOVE_REFUSED", `${id} would be blocked again: it ${obstacle}`, {
      hint: "Change its line `- after:` in worker/QUEUE.md, or cancel what it waits for; once nothing holds it back, main queues it by itself.",
    });
  }
  change.edits.push({ kind: "set", task: verdict.task });
  change.deeds.push(`queues ${id} again`);
  return { change, answer: { kind: "queued" } };
}

/** The key of the copy that answers a question: however often it is answered, there is one. */
export function retryKey(action: string): string {
  return `retry ${action}`;
}

/** An ended task stays ended; what is tried again is a copy. Its key, its deadline and its parent were the first one's. */
export function copyOf(
  result: Result,
  { prompt, created, by }: { prompt: string; created: string; by: string },
): Omit<Submission, "id"> {
  const { key: _key, expires: _expires, parent: _parent, ...request } = result.request;
  return { title: result.title, prompt, request: { ...request, by, created } };
}
