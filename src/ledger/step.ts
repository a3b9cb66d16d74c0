import { NodeName, type TaskId, type Token } from "../core/ids.ts";
import { nodeOf } from "../format/commit-message.ts";
import type { Snapshot } from "../ports/shared-repo.ts";
import { readLedger, readResult, readResultText, taskIn, type Ledger } from "./view.ts";
import { paths, taskOfResult } from "./paths.ts";

/** One commit beside its parent, and whatever else is needed to say whether it was legal. */
export type Step = {
  before: Ledger;
  after: Ledger;
  /** Each path that is not what it was; undefined where there is no regular file. */
  files: ReadonlyMap<string, FileChange>;
  /** Those of the tasks that come, go or end here that had a result before, archived ones among them. */
  hadResult: ReadonlySet<TaskId>;
  /** Of the ended tasks that one waits for from here on, those that it has handed out. */
  endedChildren: ReadonlySet<TaskId>;
};

export type FileChange = { before: string | undefined; after: string | undefined };

export async function readStep(before: Snapshot, after: Snapshot): Promise<Step> {
  const files = new Map<string, FileChange>();
  for (const path of await after.differs(before)) {
    files.set(path, { before: await before.read(path), after: await after.read(path) });
  }
  const step = { before: await readLedger(before), after: await readLedger(after), files };
  const endedChildren = await readChildren(step);
  const hadResult = new Set<TaskId>();
  for (const id of [...newTasks(step), ...goneTasks(step), ...newResults(step)]) {
    if ((await readResultText(before, id)) !== undefined) hadResult.add(id);
  }
  return { ...step, hadResult, endedChildren };
}

async function readChildren({ before, after }: Pick<Step, "before" | "after">): Promise<Set<TaskId>> {
  const found = new Set<TaskId>();
  if (before.queue === after.queue) return found;
  const known = new Set(before.tasks.flatMap(({ children = [] }) => children));
  for (const { id: parent, children = [] } of after.tasks) {
    for (const id of children) {
      if (known.has(id) || taskIn(after, id)) continue;
      const result = await readResult(after.snapshot, id);
      if (result && !("problem" in result) && result.request.parent === parent) found.add(id);
    }
  }
  return found;
}

/** Who made a commit, by its trailer; undefined for a person. */
export function authorOf(message: string): NodeName | undefined {
  return NodeName.safeParse(nodeOf(message)).data;
}

export function newTasks({ before, after }: Pick<Step, "before" | "after">): TaskId[] {
  if (before.queue === after.queue) return [];
  const known = new Set(before.tasks.map(({ id }) => id));
  return after.tasks.flatMap(({ id }) => (known.has(id) ? [] : id));
}

/** Leases that begin here. */
export function claimsIn({
  before,
  after,
}: Pick<Step, "before" | "after">): { task: TaskId; token: Token }[] {
  const old = new Map(before.tasks.map(({ id, state }) => [id, state]));
  return after.tasks.flatMap(({ id, state }) => {
    if (state.kind !== "running") return [];
    const was = old.get(id);
    return was?.kind === "running" && was.token === state.token ? [] : [{ task: id, token: state.token }];
  });
}

function goneTasks({ before, after }: Pick<Step, "before" | "after">): TaskId[] {
  return newTasks({ before: after, after: before });
}

/** Tasks whose result was not at its place before. */
export function newResults({ files }: Pick<Step, "files">): TaskId[] {
  return Array.from(files).flatMap(([path, change]) => {
    const id = resultIn(path);
    return id !== undefined && change.before === undefined && change.after !== undefined ? id : [];
  });
}

/** The task whose accepted result stands at this path. */
export function resultIn(path: string): TaskId | undefined {
  if (!path.startsWith(`${paths.results}/`)) return undefined;
  return taskOfResult(path.slice(paths.results.length + 1));
}
