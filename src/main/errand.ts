import { TaskId } from "../core/ids.ts";
import { stamp } from "../core/stamp.ts";
import { Fault, mayPass } from "../fault.ts";
import { update, type Updating } from "../ledger/update.ts";
import { readLedger, readResult, taskIn } from "../ledger/view.ts";
import type { CarriedOut, Errand } from "../ports/carry-out.ts";
import { approveTask } from "./approve-task.ts";
import { cancelledText, cancelTask } from "./cancel-task.ts";
import { copyOf, retryKey, retryTask } from "./retry-task.ts";
import { submission } from "./submit-task.ts";

export type ErrandTools = Updating & {
  /** The prompt with which an ended task was submitted. */
  pastPrompt(id: string): Promise<string | undefined>;
};

/** Makes a person's answer true in the ledger. Done twice it is the same as done once. */
export async function runErrand(tools: ErrandTools, errand: Errand): Promise<CarriedOut> {
  try {
    return { kind: "done", how: await run(tools, errand) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kind: mayPass(error) && !isFinal(error) ? "later" : "refused", how: error.message };
  }
}

/** What the ledger says will not change by asking again. */
function isFinal({ code }: Fault): boolean {
  return ["TASK_NOT_FOUND", "MOVE_REFUSED", "APPROVAL_STALE"].includes(code);
}

function run(tools: ErrandTools, errand: Errand): Promise<string> {
  const id = TaskId.parse(errand.task);
  switch (`${errand.kind} ${errand.verb}`) {
    case "approve-task ok":
      return approve(tools, id, errand as Errand & { kind: "approve-task" });
    case "approve-task no":
    case "failed-task ca":
      return cancel(tools, id);
    case "failed-task rt":
      return retry(tools, id, { by: errand.by, key: retryKey(errand.action) });
    default:
      return Promise.resolve(`${id} stays as it is`);
  }
}

async function approve(
  tools: ErrandTools,
  id: TaskId,
  { by, digest: seen }: { by: string; digest: string },
): Promise<string> {
  const { answer } = await update(tools, (ledger) =>
    approveTask(ledger, id, { by, seen, now: tools.clock.now() }),
  );
  return answer.kind === "already" ? `${id} was approved by ${answer.by} before` : `${id} may run`;
}

async function cancel(tools: ErrandTools, id: TaskId): Promise<string> {
  const { answer } = await update(tools, (ledger) => cancelTask(ledger, id));
  return `${id} ${cancelledText(answer)}`;
}

/** Queues an open task again, or a copy of one that has ended; the key makes sure that there is one copy only. */
export async function retry(
  tools: ErrandTools,
  id: TaskId,
  { by, key }: { by: string; key: string },
): Promise<string> {
  const { repo, clock, chance } = tools;
  const ledger = await readLedger(await repo.fetch());
  if (taskIn(ledger, id)) {
    await update(tools, (newest) => retryTask(newest, id), { from: ledger.snapshot });
    return `${id} is queued again`;
  }
  const result = await readResult(ledger.snapshot, id);
  const prompt = await tools.pastPrompt(id);
  if (!result || "problem" in result || prompt === undefined) {
    throw new Fault("TASK_NOT_FOUND", `The prompt of ${id} is not to be found any more`, {
      hint: "Submit it anew.",
    });
  }
  const copy = copyOf(result, { prompt, created: stamp(clock.now()), by });
  const request = { ...copy.request, key };
  const { answer } = await update(tools, submission({ ...copy, request }, { today: clock.now(), chance }), {
    from: ledger.snapshot,
  });
  return `${answer.id} tries ${id} again`;
}
