import type { TaskId } from "../core/ids.ts";
import { daysAround } from "../format/archive.ts";
import { tasksWith, type Found } from "./tasks-with.ts";
import type { Ledger } from "./view.ts";

export type Keyed = Pick<Found, "id" | "state">;

/**
 * For so many days before that of the new task the archive is asked for a key. Each day more may be a file more to fetch,
 * and who asks again asks soon. The day after is for clocks that are ahead of ours.
 */
const remembered = { before: 7, after: 1 };

/**
 * The task of an earlier request with the same key, which is the answer to a later one. A cancelled one is it only when
 * there is no other: it may be what became of a later request.
 *
 * @param id of the task that the later request would become
 */
export async function withKey(
  ledger: Ledger,
  key: string | undefined,
  id: TaskId,
): Promise<Keyed | undefined> {
  if (key === undefined) return undefined;
  let cancelled: Keyed | undefined;
  for await (const { id: known, state } of tasksWith(ledger, ["key", key], daysAround(id, remembered))) {
    if (state !== "cancelled") return { id: known, state };
    cancelled ??= { id: known, state };
  }
  return cancelled;
}
