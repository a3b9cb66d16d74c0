import { TaskId } from "../core/ids.ts";
import { Fault } from "../fault.ts";
import { nearest } from "../format/nearest.ts";
import { readResultText, type Ledger } from "../ledger/view.ts";

/**
 * The task that a person means: by its id, by the beginning of it, or by the beginning of its random tail.
 *
 * @throws TASK_NOT_FOUND or TASK_AMBIGUOUS
 */
export async function resolveId(ledger: Ledger, given: string): Promise<TaskId> {
  const text = given.trim().replace(/^t-/, "T-").replace(/\.md$/, "");
  const known = idsIn(ledger);
  const exact = TaskId.safeParse(text).data;
  if (exact && (known.includes(exact) || (await isArchived(ledger, exact)))) return exact;

  const meant = known.filter((id) => id.startsWith(text) || tailOf(id).startsWith(text.toLowerCase()));
  const [only, ...others] = text === "" ? [] : meant;
  if (only && others.length === 0) return only;
  if (only) {
    const some = meant.slice(0, 8).join(", ");
    throw new Fault("TASK_AMBIGUOUS", `${given} may be any of ${meant.length} tasks`, {
      hint: `Write more of the id: ${some}${meant.length > 8 ? ", …" : ""}.`,
    });
  }
  const near = nearest(text, known) ?? known.find((id) => tailOf(id) === nearest(text, known.map(tailOf)));
  throw new Fault("TASK_NOT_FOUND", `There is no task ${given}${near ? `; did you mean ${near}?` : ""}`, {
    hint: "`pawl queue` lists the open tasks, `pawl results` those that have ended.",
  });
}

function idsIn(ledger: Ledger): TaskId[] {
  const bad = ledger.queue.bad.flatMap(({ id }) => id ?? []);
  return [...new Set([...ledger.tasks.map(({ id }) => id), ...bad, ...ledger.results])];
}

function tailOf(id: string): string {
  return id.slice(id.lastIndexOf("-") + 1);
}

async function isArchived({ snapshot }: Ledger, id: TaskId): Promise<boolean> {
  return (await readResultText(snapshot, id)) !== undefined;
}
