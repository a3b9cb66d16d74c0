import type { TaskId } from "../core/ids.ts";
import type { Outcome } from "../core/task.ts";
import { parseResult } from "../format/result.ts";
import type { Change } from "../ledger/change.ts";
import { resultPath } from "../ledger/paths.ts";
import type { Ledger } from "../ledger/view.ts";

export type RecentResult = {
  id: TaskId;
  title: string;
  outcome: Outcome;
  by: string | undefined;
  path: string;
  ended: string;
};

/** The results in RESULTS/ in short. A result never changes once it is there, so each file is read once. */
export class RecentResults {
  #known = new Map<TaskId, RecentResult>();

  /** Newest first, as it will be once `change` is made. */
  async after(ledger: Ledger, change: Change, count: number): Promise<RecentResult[]> {
    const ids = new Set(ledger.results);
    for (const task of ledger.tasks) if (change.files.get(resultPath(task.id))) ids.add(task.id);
    const known = new Map<TaskId, RecentResult>();
    for (const id of ids) {
      const written = change.files.get(resultPath(id));
      if (written === null) continue;
      const result = this.#known.get(id) ?? read(written ?? (await ledger.snapshot.read(resultPath(id))));
      if (result) known.set(id, result);
    }
    // Only of what the branch holds already it is certain that it stays so.
    this.#known = new Map(Array.from(known).filter(([id]) => ledger.results.has(id)));
    return Array.from(known.values()).toSorted(newestFirst).slice(0, count);
  }
}

function read(text: string | undefined): RecentResult | undefined {
  const result = parseResult(text ?? "");
  if ("problem" in result) return undefined;
  const { id, title, outcome, lease, ended } = result;
  return { id, title, outcome, by: lease?.by, path: resultPath(id), ended };
}

function newestFirst(a: RecentResult, b: RecentResult): number {
  if (a.ended !== b.ended) return a.ended < b.ended ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}
