import type { TaskId } from "../core/ids.ts";
import { appendResults, archivePath } from "../format/archive.ts";
import { parseResult } from "../format/result.ts";
import { noChange, type Change } from "../ledger/change.ts";
import { resultPath } from "../ledger/paths.ts";
import type { Ledger } from "../ledger/view.ts";

/** Hosts advise objects under 1 MB. */
const dayFileLimit = 900_000;

/** How many results one commit moves: the host's page of a commit still shows all of them. */
const batch = 50;

/**
 * Moves the oldest results into day files once there are more than `keep`, never one that nobody was told of: whoever
 * looks for news does not look into the archive. Each push makes the hub walk every file of
 * the branch, so their number decides how long a push takes; the number of tasks ever done does not.
 */
export async function archiveResults(
  ledger: Ledger,
  keep: number,
  reported: ReadonlySet<TaskId>,
): Promise<Change | undefined> {
  if (ledger.results.size <= keep) return undefined;
  const oldest = await oldestResults(ledger, reported);
  if (oldest.length === 0) return undefined;
  const days = new Map<string, { id: TaskId; text: string }[]>();
  for (const entry of oldest) {
    const first = archivePath(entry.id, 1);
    days.set(first, [...(days.get(first) ?? []), entry]);
  }
  const change = noChange();
  for (const entries of days.values()) await appendToDay(ledger, change, entries);
  for (const { id } of oldest) change.files.set(resultPath(id), null);
  change.deeds.push(`archives ${oldest.length} results`);
  return change;
}

async function oldestResults(
  ledger: Ledger,
  reported: ReadonlySet<TaskId>,
): Promise<{ id: TaskId; text: string }[]> {
  const all: { id: TaskId; text: string; ended: string }[] = [];
  for (const id of ledger.results) {
    const text = reported.has(id) ? await ledger.snapshot.read(resultPath(id)) : undefined;
    if (text === undefined) continue;
    const result = parseResult(text);
    all.push({ id, text, ended: "problem" in result ? "" : result.ended });
  }
  return all.toSorted((a, b) => (a.ended < b.ended ? -1 : a.ended > b.ended ? 1 : 0)).slice(0, batch);
}

async function appendToDay(
  ledger: Ledger,
  change: Change,
  entries: { id: TaskId; text: string }[],
): Promise<void> {
  for (const entry of entries) {
    for (let part = 1; ; part++) {
      const path = archivePath(entry.id, part);
      const day = change.files.get(path) ?? (await ledger.snapshot.read(path));
      if (day !== undefined && Buffer.byteLength(day) > dayFileLimit) continue;
      change.files.set(path, appendResults(day, [entry]));
      break;
    }
  }
}
