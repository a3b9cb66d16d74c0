import type { TaskId } from "../core/ids.ts";
import type { Request } from "../core/request.ts";
import type { OpenState, Outcome } from "../core/task.ts";
import { Fault } from "../fault.ts";
import { didYouMean } from "../format/nearest.ts";
import { noChange } from "../ledger/change.ts";
import type { Decision } from "../ledger/update.ts";
import { readResult, taskIn, withOutcomes, type Ledger } from "../ledger/view.ts";
import { firstState } from "../ledger/after.ts";
import { freeId } from "../ledger/free-id.ts";
import { withKey } from "../ledger/with-key.ts";

export type Submission = { id: TaskId; title: string; prompt: string; request: Request };

export type Submitted = {
  id: TaskId;
  state: OpenState["kind"] | Outcome;
  /** An earlier request had the same key; its task is the answer. */
  existing: boolean;
};

/**
 * Decides on a new task as often as its push takes; draws its id, and another when somebody else has that one.
 *
 * @param taken ids of others in the same push; its own is added
 */
export function submission(
  asked: Omit<Submission, "id">,
  { taken, ...draw }: { today: Date; chance: () => number; taken?: Set<TaskId> },
): (ledger: Ledger) => Promise<Decision<Submitted>> {
  let drawn: Submission | undefined;
  return async (ledger) => {
    if (!drawn || (await isAnothers(ledger, drawn))) {
      drawn = { ...asked, id: await freeId(ledger, draw, taken) };
      taken?.add(drawn.id);
    }
    return submitTask(ledger, drawn);
  };
}

/**
 * When in doubt it is ours: a person may have changed the words since, and to take our own task for another's would run
 * it twice.
 */
async function isAnothers(ledger: Ledger, { id, request }: Submission): Promise<boolean> {
  const landed = taskIn(ledger, id) ?? (await readResult(ledger.snapshot, id));
  return landed !== undefined && "request" in landed && landed.request.created !== request.created;
}

/** Puts a task into the queue, once: by its id when the push has to be repeated, by its key when the person repeats. */
export async function submitTask(ledger: Ledger, asked: Submission): Promise<Decision<Submitted>> {
  const { id, title, prompt, request } = asked;
  const landed = taskIn(ledger, id);
  if (landed) return same(id, landed.state.kind, false);
  // It landed, and a person has spoilt its section since.
  if (ledger.queue.bad.some((section) => section.id === id)) return same(id, "queued", false);
  const ended = await readResult(ledger.snapshot, id);
  if (ended) return same(id, "problem" in ended ? "failed" : ended.outcome, false);
  const earlier = await withKey(ledger, request.key, id);
  if (earlier) return same(earlier.id, earlier.state, true);

  const after = request.after ?? [];
  const informed = await withOutcomes(ledger, after);
  for (const before of after) refuseUnknown(before, informed);
  const state = firstState(request, informed);
  const change = noChange();
  change.edits.push({ kind: "add", task: { id, title, prompt, request, state } });
  change.deeds.push(`queues ${id} ${title}`);
  return { change, answer: { id, state: state.kind, existing: false } };
}

function refuseUnknown(id: TaskId, ledger: Ledger): void {
  if (taskIn(ledger, id) || ledger.outcomes.has(id) || ledger.results.has(id)) return;
  if (ledger.queue.bad.some((section) => section.id === id)) return;
  const known = [...ledger.tasks.map((task) => task.id), ...ledger.results];
  throw new Fault("TASK_NOT_FOUND", `There is no task ${id} to come after${didYouMean(id, known)}`, {
    hint: "`pawl queue` and `pawl results` list the tasks there are.",
  });
}

function same(id: TaskId, state: Submitted["state"], existing: boolean): Decision<Submitted> {
  return { change: noChange(), answer: { id, state, existing } };
}
