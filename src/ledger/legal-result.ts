import type { NodeName, TaskId } from "../core/ids.ts";
import { holds, windsUp } from "../core/move.ts";
import type { Result } from "../core/outcome.ts";
import type { Lease, Task } from "../core/task.ts";
import { archivedIds, findArchived } from "../format/archive.ts";
import { parseResult } from "../format/result.ts";
import { neverSucceeds } from "./after.ts";
import type { Breach } from "./legal.ts";
import { resultIn, type FileChange, type Step } from "./step.ts";
import { taskIn, type Ledger } from "./view.ts";

/** Results are added once, under the lease of the parent, and leave only for the archive, word for word. */
export function illegalResult(step: Step, author: NodeName): Breach | undefined {
  for (const [path, change] of step.files) {
    const task = resultIn(path);
    if (task !== undefined) {
      const reason = change.before === undefined ? unearned(step, task, change, author) : undefined;
      if (reason !== undefined) return { reason, task };
    } else if (path.includes(".late-") && change.before !== undefined) {
      return { reason: `a node changed ${path}, which is written once` };
    } else if (isArchive(path)) {
      const breach = illegalDayFile(step, path, change);
      if (breach) return breach;
    }
  }
  return lostResult(step);
}

/** The tasks that got a result here to which its author had no right. */
export function refusedResults(step: Step, author: NodeName): TaskId[] {
  return Array.from(step.files).flatMap(([path, change]) => {
    const task = resultIn(path);
    if (task === undefined || change.before !== undefined) return [];
    return unearned(step, task, change, author) === undefined ? [] : task;
  });
}

/** An accepted result that is neither where it was nor, with the same words, in the archive or back from it. */
export function lostResult({ files }: Step): Breach | undefined {
  const now = new Map(
    Array.from(files, ([path, change]) => [path, isArchive(path) ? gained(change) : change.after]),
  );
  for (const [path, { before, after }] of files) {
    if (before === undefined || (isArchive(path) && after?.startsWith(before))) continue;
    const held = isArchive(path) ? archived(before) : results(path, before);
    for (const [task, text] of held) {
      if (after !== undefined && (isArchive(path) ? findArchived(after, task) === text : after === text))
        continue;
      if (movedElsewhere(now, path, task, text)) continue;
      const changed = after !== undefined && !isArchive(path);
      return { reason: `the accepted result of ${task} was ${changed ? "changed" : "removed"}`, task };
    }
  }
  return undefined;
}

function results(path: string, text: string): [TaskId, string][] {
  const id = resultIn(path);
  return id === undefined ? [] : [[id, text]];
}

function archived(day: string): [TaskId, string][] {
  return archivedIds(day).map((id) => [id, findArchived(day, id) ?? ""]);
}

function movedElsewhere(
  now: ReadonlyMap<string, string | undefined>,
  from: string,
  task: TaskId,
  text: string,
): boolean {
  return Array.from(now).some(([path, present]) => {
    if (path === from || present === undefined) return false;
    return isArchive(path)
      ? findArchived(present, task) === text
      : present === text && resultIn(path) === task;
  });
}

/** What a day file has more than before. */
function gained({ before = "", after = "" }: FileChange): string {
  return after.startsWith(before) ? after.slice(before.length) : after;
}

function isArchive(path: string): boolean {
  return path.startsWith("worker/ARCHIVE/");
}

function illegalDayFile(
  { files }: Step,
  path: string,
  { before = "", after }: FileChange,
): Breach | undefined {
  if (!after?.startsWith(before)) return { reason: `${path} was changed, it may only grow` };
  const added = after.slice(before.length);
  for (const task of archivedIds(added)) {
    const left = Array.from(files).some(
      ([one, change]) => resultIn(one) === task && change.before === findArchived(added, task),
    );
    if (!left) return { reason: `${path} got a result of ${task} that did not come from RESULTS`, task };
  }
  return undefined;
}

/** Why a new result must not be accepted. */
function unearned(
  { before, after, hadResult }: Step,
  id: TaskId,
  { after: text = "" }: FileChange,
  author: NodeName,
): string | undefined {
  const result = parseResult(text);
  if ("problem" in result) return `the result of ${id} cannot be read: ${result.problem}`;
  if (result.id !== id) return `the result of ${id} says that it is that of ${result.id}`;
  if (hadResult.has(id)) return `${id} got a second result`;
  const task = taskIn(before, id);
  if (!task) return `${id} got a result, but it was not in the queue`;
  if (taskIn(after, id)) return `${id} got a result and is in the queue still`;
  if (result.attempt !== task.attempt) {
    return `the result of ${id} is that of attempt ${result.attempt}, not ${task.attempt}`;
  }
  return result.lease === undefined
    ? notOver(task, result, before)
    : notHeld(task, result, result.lease, author);
}

function notHeld(task: Task, { outcome }: Result, lease: Lease, author: NodeName): string | undefined {
  const mayEnd = outcome === "cancelled" ? windsUp : holds;
  if (!mayEnd(task.state, lease))
    return `the result of ${task.id} came under a lease that was not the task's`;
  if (lease.by !== author) return `${author} published a result of ${lease.by} for ${task.id}`;
  return undefined;
}

/** Without a lease a task ends only because somebody cancelled it, its time has passed, or a child of another cannot begin. */
function notOver(task: Task, { outcome }: Result, before: Ledger): string | undefined {
  const { id, state, request } = task;
  if (outcome === "cancelled" && state.kind === "cancelled") return undefined;
  const isHopeless = request.parent !== undefined && neverSucceeds(task, before) !== undefined;
  if (outcome === "cancelled" && state.kind !== "running" && isHopeless) return undefined;
  if (outcome === "expired" && state.kind !== "running" && request.expires !== undefined) return undefined;
  return `${id} was ${state.kind}, and ended as ${outcome} without a lease`;
}
