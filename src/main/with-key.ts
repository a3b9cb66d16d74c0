import type { TaskId } from "../core/ids.ts";
import type { OpenState, Outcome } from "../core/task.ts";
import { readResult, type Ledger } from "../ledger/view.ts";

export type Keyed = { id: TaskId; state: OpenState["kind"] | Outcome };

/**
 * The task of an earlier request with the same key, which is the answer to a later one. A cancelled one is it only when
 * there is no other: it may be what became of a later request.
 */
export async function withKey(ledger: Ledger, key: string | undefined): Promise<Keyed | undefined> {
  if (key === undefined) return undefined;
  let cancelled: Keyed | undefined;
  for (const { id, state, request } of ledger.tasks) {
    if (request.key !== key) continue;
    if (state.kind !== "cancelled") return { id, state: state.kind };
    cancelled ??= { id, state: state.kind };
  }
  for (const id of ledger.results) {
    const result = await readResult(ledger.snapshot, id);
    if (!result || "problem" in result || result.request.key !== key) continue;
    if (result.outcome !== "cancelled") return { id, state: result.outcome };
    cancelled ??= { id, state: result.outcome };
  }
  return cancelled;
}
