import type { TaskId } from "../core/ids.ts";
import type { Request } from "../core/request.ts";
import type { OpenState, Outcome } from "../core/task.ts";
import { archivedWith, dayPath } from "../format/archive.ts";
import { writeFields } from "../format/front-matter.ts";
import { headerLine } from "../format/queue-header.ts";
import { parseResult } from "../format/result.ts";
import { readResult, type Ledger } from "./view.ts";

export type Found = {
  id: TaskId;
  title: string;
  state: OpenState["kind"] | Outcome;
  /** What a task that nobody can read now asked for is known only as far as it was searched for. */
  request: Pick<Request, "key" | "parent">;
};

/**
 * The tasks that ask for exactly this, open ones first, then ended ones, then those in the archive of these days.
 *
 * @param days as 2026-11-21; each may be a file to fetch
 */
export async function* tasksWith(
  ledger: Ledger,
  [key, value]: ["key" | "parent", string],
  days: readonly string[],
): AsyncGenerator<Found, void> {
  for (const { id, title, state, request } of ledger.tasks) {
    if (request[key] === value) yield { id, title, state: state.kind, request };
  }
  for (const { id } of ledger.queue.bad) {
    const spoilt = id && spoiltRequest(ledger.queue.text, id);
    if (spoilt && spoilt[key] === value) yield { id, title: "", state: "queued", request: spoilt };
  }
  for (const id of ledger.results) yield* ifAsked(await readResult(ledger.snapshot, id), key, value);
  const line = writeFields({ [key]: value });
  for (const day of days) {
    for (let part = 1; ; part++) {
      const text = await ledger.snapshot.read(dayPath(day, part));
      if (text === undefined) break;
      for (const result of archivedWith(text, line)) yield* ifAsked(parseResult(result), key, value);
    }
  }
}

/** What a section says that cannot be read; once it is mended its task goes on. */
function spoiltRequest(text: string, id: TaskId): { key?: string; parent?: TaskId } {
  const lines = text.split(/\r?\n/);
  const section = lines.slice(lines.findIndex((line) => new RegExp(`^##[ \\t]+${id}\\b`).test(line)) + 1);
  const end = section.findIndex((line) => /^##[ \t]/.test(line));
  const header = section.slice(0, end < 0 ? undefined : end).map((line) => headerLine(line));
  const [key, parent] = (["key", "parent"] as const).map(
    (wanted) => header.find((read) => read?.key === wanted)?.value,
  );
  return { ...(key !== undefined && { key }), ...(parent !== undefined && { parent: parent as TaskId }) };
}

function* ifAsked(
  result: Awaited<ReturnType<typeof readResult>>,
  key: "key" | "parent",
  value: string,
): Generator<Found, void> {
  if (!result || "problem" in result || result.request[key] !== value) return;
  const { id, title, outcome, request } = result;
  yield { id, title, state: outcome, request };
}
