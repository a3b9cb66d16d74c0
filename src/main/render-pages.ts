import { chooseNext, obstacle } from "../core/choose.ts";
import { renderCurrent, type CurrentView } from "../format/current.ts";
import { parseHeartbeat, renderHeartbeat, type HeartbeatRow } from "../format/heartbeat.ts";
import { parseQueue } from "../format/queue.ts";
import { parseResult } from "../format/result.ts";
import { filesOf, isEmpty, noChange, type Change } from "../ledger/change.ts";
import { paths, resultPath, taskOfResult } from "../ledger/paths.ts";
import type { Ledger } from "../ledger/view.ts";
import type { Task } from "../core/task.ts";
import type { WorkerView } from "./workers.ts";

export type PageMatter = {
  workers: readonly WorkerView[];
  defaultExecutor: string;
  badInbox: readonly { name: string; reason: string }[];
  now: Date;
};

const shown = 10;

/** Brings CURRENT.md and HEARTBEAT.md up to what the ledger says once `change` is made; empty when they say it already. */
export async function renderPages(ledger: Ledger, change: Change, matter: PageMatter): Promise<Change> {
  const { snapshot } = ledger;
  const pages = noChange();
  const queue = filesOf(change, ledger).get(paths.queue);
  const after = typeof queue === "string" ? parseQueue(queue) : ledger.queue;
  const tasks = after.tasks.map(({ task }) => task);
  const view: CurrentView = {
    ...openTasks(tasks, ledger, matter),
    workers: matter.workers.map(({ name, health, beat }) => ({
      name,
      health: healthOf(health, beat),
      doing: doing(name, tasks),
    })),
    badSections: after.bad.map(({ line, reason }) => ({ line, reason })),
    badInbox: [...matter.badInbox],
    recent: await recentResults(ledger, change),
  };
  const current = (await snapshot.read(paths.current)) ?? "";
  const heartbeat = (await snapshot.read(paths.heartbeat)) ?? "";
  set(pages, paths.current, current, renderCurrent(current, view));
  const rows = matter.workers.map((worker) => row(worker, tasks));
  // A beat that only brings a newer time is worth no commit of its own.
  const nothingElse = isEmpty(change) && isEmpty(pages);
  if (!nothingElse || saysMore(rows, heartbeat)) {
    set(pages, paths.heartbeat, heartbeat, renderHeartbeat(heartbeat, rows));
  }
  return pages;
}

function saysMore(rows: readonly HeartbeatRow[], existing: string): boolean {
  const timeless = (all: readonly HeartbeatRow[]) => all.map((one) => ({ ...one, asOf: "" }));
  const rendered = parseHeartbeat(renderHeartbeat("", rows));
  return JSON.stringify(timeless(parseHeartbeat(existing))) !== JSON.stringify(timeless(rendered));
}

function set(pages: Change, path: string, before: string, after: string): void {
  if (after === before) return;
  pages.files.set(path, after);
  pages.deeds.push(`renders ${path}`);
}

function openTasks(tasks: readonly Task[], ledger: Ledger, matter: PageMatter) {
  const view: Pick<CurrentView, "needsPerson" | "running" | "queued" | "blocked"> = {
    needsPerson: [],
    running: [],
    queued: [],
    blocked: [],
  };
  for (const task of tasks) {
    const { id, title, state, attempt } = task;
    switch (state.kind) {
      case "needs-human":
        view.needsPerson.push({ id, title, why: state.why });
        break;
      case "needs-approval":
        view.needsPerson.push({ id, title, why: "waits for an approval" });
        break;
      case "running":
        view.running.push({ id, title, worker: state.by, attempt });
        break;
      case "queued":
        view.queued.push({ id, title, waitsFor: missing(task, ledger, matter) });
        break;
      case "blocked":
        view.blocked.push({ id, title, why: state.why });
        break;
      case "cancelled":
      case "closed":
        break;
      default:
        state satisfies never;
    }
  }
  return view;
}

/** What a queued task lacks that no living worker has; undefined when it only waits for its turn. */
function missing(
  task: Task,
  ledger: Ledger,
  { workers, defaultExecutor, now }: PageMatter,
): string | undefined {
  const around = {
    defaultExecutor,
    now,
    hasSucceeded: (id: Task["id"]) => ledger.outcomes.get(id) === "succeeded",
  };
  const living = workers.filter(
    ({ health, beat }) => health !== "silent" && beat && beat.state !== "stopped",
  );
  if (living.length === 0) return "a worker; none shows a sign of life";
  const able = living.some(({ beat }) => {
    if (!beat) return false;
    const executors = beat.executors.filter((executor) => !(executor in beat.unhealthy));
    return chooseNext([task], { executors, capabilities: beat.capabilities }, around, 1).length > 0;
  });
  if (able) return undefined;
  const executor = task.request.executor ?? defaultExecutor;
  const everything = { executors: [executor], capabilities: task.request.needs ?? [] };
  const other = obstacle(task, everything, around);
  if (other !== undefined) return other;
  const needs = task.request.needs ?? [];
  return `a worker that offers ${[executor, ...needs].join(" and ")}`;
}

async function recentResults(ledger: Ledger, change: Change): Promise<CurrentView["recent"]> {
  const fresh = Array.from(change.files).flatMap(([path, text]) => {
    const id = taskOfResult(path.slice(path.lastIndexOf("/") + 1));
    return id && text !== null && path === resultPath(id) ? [[id, text] as const] : [];
  });
  const texts = new Map(fresh);
  for (const id of ledger.results) {
    if (change.files.get(resultPath(id)) === null) continue;
    const text = await ledger.snapshot.read(resultPath(id));
    if (text !== undefined) texts.set(id, text);
  }
  return Array.from(texts.values(), (text) => parseResult(text))
    .flatMap((result) => ("problem" in result ? [] : [result]))
    .toSorted((a, b) => (a.ended < b.ended ? 1 : a.ended > b.ended ? -1 : a.id < b.id ? 1 : -1))
    .slice(0, shown)
    .map(({ id, title, outcome, lease }) => ({ id, title, outcome, by: lease?.by, path: resultPath(id) }));
}

function row({ name, health, beat }: WorkerView, tasks: readonly Task[]): HeartbeatRow {
  return {
    worker: name,
    health: healthOf(health, beat),
    running: tasks
      .flatMap(({ id, state, attempt }) =>
        state.kind === "running" && state.by === name
          ? [attempt > 1 ? `${id} (attempt ${attempt})` : id]
          : [],
      )
      .join(", "),
    slots: String(beat?.slots ?? ""),
    executors: (beat?.executors ?? [])
      .map((executor) => (executor in (beat?.unhealthy ?? {}) ? `${executor} (broken)` : executor))
      .join(", "),
    capabilities: (beat?.capabilities ?? []).join(", "),
    version: beat?.version ?? "",
    host: beat?.host ?? "",
    asOf: beat?.at ?? "",
  };
}

function healthOf(health: WorkerView["health"], beat: WorkerView["beat"]): string {
  return beat?.state === "stopped" || beat?.state === "draining" ? beat.state : health;
}

function doing(worker: string, tasks: readonly Task[]): string {
  const own = tasks.filter(({ state }) => state.kind === "running" && state.by === worker);
  return own.length === 0 ? "idle" : `running ${own.map(({ id }) => id).join(", ")}`;
}
