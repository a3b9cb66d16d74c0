import type { TaskId } from "../core/ids.ts";
import type { Result } from "../core/outcome.ts";
import type { OpenState, Outcome } from "../core/task.ts";
import { archivedWith, dayPath, daysAround } from "../format/archive.ts";
import { writeFields } from "../format/front-matter.ts";
import { headerLine } from "../format/queue-header.ts";
import { parseResult } from "../format/result.ts";
import { readResult, type Ledger } from "../ledger/view.ts";

export type Keyed = { id: TaskId; state: OpenState["kind"] | Outcome };

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
  for await (const keyed of allWithKey(ledger, key, id)) {
    if (keyed.state !== "cancelled") return keyed;
    cancelled ??= keyed;
  }
  return cancelled;
}

async function* allWithKey(ledger: Ledger, key: string, newborn: TaskId): AsyncGenerator<Keyed, void> {
  for (const { id, state, request } of ledger.tasks) {
    if (request.key === key) yield { id, state: state.kind };
  }
  for (const { id } of ledger.queue.bad) {
    if (id && spoiltKey(ledger.queue.text, id) === key) yield { id, state: "queued" };
  }
  for (const id of ledger.results) {
    yield* ifKeyed(await readResult(ledger.snapshot, id), key);
  }
  const line = writeFields({ key });
  for (const day of daysAround(newborn, remembered)) {
    for (let part = 1; ; part++) {
      const text = await ledger.snapshot.read(dayPath(day, part));
      if (text === undefined) break;
      for (const result of archivedWith(text, line)) yield* ifKeyed(parseResult(result), key);
    }
  }
}

/** The key of a section that cannot be read; once it is mended its task goes on. */
function spoiltKey(text: string, id: TaskId): string | undefined {
  const lines = text.split(/\r?\n/);
  const section = lines.slice(lines.findIndex((line) => new RegExp(`^##[ \\t]+${id}\\b`).test(line)) + 1);
  const end = section.findIndex((line) => /^##[ \t]/.test(line));
  const header = section.slice(0, end < 0 ? undefined : end).map((line) => headerLine(line));
  return header.find((read) => read?.key === "key")?.value;
}

function* ifKeyed(result: Result | { problem: string } | undefined, key: string): Generator<Keyed, void> {
  if (!result || "problem" in result || result.request.key !== key) return;
  yield { id: result.id, state: result.outcome };
}
