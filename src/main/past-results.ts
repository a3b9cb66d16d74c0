import { daysAfter } from "../core/local-day.ts";
import type { TaskId } from "../core/ids.ts";
import type { Result } from "../core/outcome.ts";
import { archivedTexts, dayPath } from "../format/archive.ts";
import { parseResult } from "../format/result.ts";
import { readResult, type Ledger } from "../ledger/view.ts";

/**
 * A result is archived under the day on which its task was made: a task may have waited so many days before the first day
 * that is asked for, and end within.
 */
const longestWaitDays = 7;

/** Clocks may be ahead of ours, and zones of UTC. */
const daysAhead = 1;

export type PastResults = { results: Result[]; unreadable: number };

/** The results of RESULTS/ and those that the archive has of the days from `since` to `today`, each once. */
export async function pastResults(
  ledger: Ledger,
  { since, today }: { since: string; today: string },
): Promise<PastResults> {
  const results = new Map<TaskId, Result>();
  let unreadable = 0;
  const note = (read: Result | { problem: string } | undefined) => {
    if (read && "problem" in read) unreadable += 1;
    else if (read && !results.has(read.id)) results.set(read.id, read);
  };
  for (const id of ledger.results) note(await readResult(ledger.snapshot, id));
  const last = daysAfter(today, daysAhead);
  for (let day = daysAfter(since, -longestWaitDays); day <= last; day = daysAfter(day, 1)) {
    for (let part = 1; ; part++) {
      const text = await ledger.snapshot.read(dayPath(day, part));
      if (text === undefined) break;
      for (const result of archivedTexts(text)) note(parseResult(result));
    }
  }
  return { results: [...results.values()], unreadable };
}
