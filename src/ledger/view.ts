import type { TaskId } from "../core/ids.ts";
import type { Result } from "../core/outcome.ts";
import type { Outcome, Task } from "../core/task.ts";
import { archivedIds, archivePath, findArchived } from "../format/archive.ts";
import { parseQueue, type Queue } from "../format/queue.ts";
import { parseResult } from "../format/result.ts";
import type { Snapshot } from "../ports/shared-repo.ts";
import { paths, resultPath, taskOfResult } from "./paths.ts";

/** What the files of one commit say. Every decision is made on one of these. */
export type Ledger = {
  snapshot: Snapshot;
  queue: Queue;
  tasks: readonly Task[];
  /** Tasks with a file in RESULTS/; archived ones are not in it. */
  results: ReadonlySet<TaskId>;
  /** Open tasks that have a result all the same, be it archived: a bad merge brought their sections back. */
  finished: ReadonlySet<TaskId>;
  /** How the tasks ended that open ones come after or wait for, as far as they have ended. */
  outcomes: ReadonlyMap<TaskId, Outcome>;
};

const read = new WeakMap<Snapshot, Promise<Ledger>>();

/** A snapshot never changes, so it is read once however often it is asked for. */
export function readLedger(snapshot: Snapshot): Promise<Ledger> {
  const known = read.get(snapshot);
  if (known) return known;
  const reading = parseLedger(snapshot);
  read.set(snapshot, reading);
  // A read that failed may work the next time.
  reading.catch(() => read.delete(snapshot));
  return reading;
}

async function parseLedger(snapshot: Snapshot): Promise<Ledger> {
  const queue = queueOf((await snapshot.read(paths.queue)) ?? "");
  const tasks = queue.tasks.map(({ task }) => task);
  const names = await snapshot.list(paths.results);
  const results = new Set(names.flatMap((name) => taskOfResult(name) ?? []));
  const finished = await finishedOf(snapshot, tasks, results);
  const ledger = { snapshot, queue, tasks, results, finished, outcomes: new Map() };
  return withOutcomes(
    ledger,
    tasks.flatMap(({ request, children }) => [...(request.after ?? []), ...(children ?? [])]),
  );
}

let lastQueue: Queue | undefined;

/** Many commits leave the queue as it is; then it is the same object too. */
function queueOf(text: string): Queue {
  if (lastQueue?.text !== text) lastQueue = parseQueue(text);
  return lastQueue;
}

/** The same ledger, which also knows how these tasks ended, as far as they have. */
export async function withOutcomes(ledger: Ledger, ids: Iterable<TaskId>): Promise<Ledger> {
  const outcomes = new Map(ledger.outcomes);
  for (const id of new Set(ids)) {
    if (outcomes.has(id)) continue;
    const result = await readResult(ledger.snapshot, id);
    if (result && !("problem" in result)) outcomes.set(id, result.outcome);
  }
  return { ...ledger, outcomes };
}

/** Of these tasks those that have a result, the archived ones among them: a bad merge may have brought one back. */
async function finishedOf(
  snapshot: Snapshot,
  tasks: readonly Task[],
  results: ReadonlySet<TaskId>,
): Promise<Set<TaskId>> {
  const finished = new Set(tasks.flatMap(({ id }) => (results.has(id) ? id : [])));
  const days = Map.groupBy(tasks, ({ id }) => archivePath(id, 1));
  for (const ofDay of days.values()) {
    for (let part = 1; ; part++) {
      const [first] = ofDay;
      const path = first && archivePath(first.id, part);
      const day = path && (await snapshot.read(path));
      if (!path || day === undefined) break;
      const archived = idsOfDay(path, day);
      for (const { id } of ofDay) if (archived.has(id)) finished.add(id);
    }
  }
  return finished;
}

const knownDays = new Map<string, { text: string; ids: ReadonlySet<TaskId> }>();

/** A day file changes once in fifty results, and is asked for with each new head. */
function idsOfDay(path: string, text: string): ReadonlySet<TaskId> {
  const known = knownDays.get(path);
  if (known?.text === text) return known.ids;
  const ids = new Set(archivedIds(text));
  if (knownDays.size >= 16) knownDays.clear();
  knownDays.set(path, { text, ids });
  return ids;
}

export function taskIn(ledger: Ledger, id: TaskId): Task | undefined {
  return ledger.tasks.find((task) => task.id === id);
}

/** A finished task's result, from RESULTS/ or from the archive. */
export async function readResult(
  snapshot: Snapshot,
  id: TaskId,
): Promise<Result | { problem: string } | undefined> {
  const text = await readResultText(snapshot, id);
  return text === undefined ? undefined : parseResult(text);
}

export async function readResultText(snapshot: Snapshot, id: TaskId): Promise<string | undefined> {
  const fresh = await snapshot.read(resultPath(id));
  if (fresh !== undefined) return fresh;
  for (let part = 1; ; part++) {
    const day = await snapshot.read(archivePath(id, part));
    if (day === undefined) return undefined;
    const found = findArchived(day, id);
    if (found !== undefined) return found;
  }
}
