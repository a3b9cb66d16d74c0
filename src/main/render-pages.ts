import { rests } from "../core/beat.ts";
import { troubleOf } from "../core/event.ts";
import type { Task } from "../core/task.ts";
import { renderCurrent, type CurrentView } from "../format/current.ts";
import { parseHeartbeat, renderHeartbeat, type HeartbeatRow } from "../format/heartbeat.ts";
import { parseQueue } from "../format/queue.ts";
import { filesOf, isEmpty, noChange, type Change } from "../ledger/change.ts";
import { paths } from "../ledger/paths.ts";
import type { Ledger } from "../ledger/view.ts";
import type { RecentResults } from "./recent-results.ts";
import { whatQueuedWaitsFor, type Onlookers } from "./what-queued-waits-for.ts";
import { condition, type WorkerView } from "./workers.ts";

export type PageMatter = Onlookers & {
  badInbox: readonly { name: string; reason: string }[];
  recent: RecentResults;
};

const resultsShown = 10;

/** Brings CURRENT.md and HEARTBEAT.md up to what the ledger says once `change` is made; empty when they say it already. */
export async function renderPages(ledger: Ledger, change: Change, matter: PageMatter): Promise<Change> {
  const { snapshot } = ledger;
  const pages = noChange();
  const queue = filesOf(change, ledger).get(paths.queue);
  const after = typeof queue === "string" ? parseQueue(queue) : ledger.queue;
  const tasks = after.tasks.map(({ task }) => task);
  const view: CurrentView = {
    ...openTasks(tasks, ledger, matter),
    workers: matter.workers.map((worker) => workerIn(worker, tasks)),
    badSections: after.bad.map(({ line, reason }) => ({ line, reason })),
    badInbox: [...matter.badInbox],
    recent: await matter.recent.after(ledger, change, resultsShown),
  };
  const current = (await snapshot.read(paths.current)) ?? "";
  const heartbeat = (await snapshot.read(paths.heartbeat)) ?? "";
  set(pages, paths.current, current, renderCurrent(current, view));
  const rows = matter.workers.map((worker) => row(worker, tasks));
  // A beat that only brings a newer time is worth no commit of its own.
  if (!isEmpty(change) || !isEmpty(pages) || saysMore(rows, heartbeat)) {
    set(pages, paths.heartbeat, heartbeat, renderHeartbeat(heartbeat, rows));
  }
  if (!isEmpty(pages)) pages.deeds.push("renders the pages");
  return pages;
}

function set(pages: Change, path: string, before: string, after: string): void {
  if (after === before) return;
  pages.files.set(path, after);
}

function saysMore(rows: readonly HeartbeatRow[], existing: string): boolean {
  const timeless = (text: string) =>
    JSON.stringify(parseHeartbeat(text).map((one) => ({ ...one, asOf: "" })));
  return timeless(existing) !== timeless(renderHeartbeat("", rows));
}

type OpenTasks = Pick<CurrentView, "needsPerson" | "running" | "queued" | "blocked">;

function openTasks(tasks: readonly Task[], ledger: Ledger, onlookers: Onlookers): OpenTasks {
  const say = <Kind extends Task["state"]["kind"], Line>(
    kind: Kind,
    line: (task: Task, state: Extract<Task["state"], { kind: Kind }>) => Line,
  ) =>
    tasks.flatMap((task) => {
      const { state } = task;
      return state.kind === kind ? [line(task, state as Extract<Task["state"], { kind: Kind }>)] : [];
    });
  return {
    needsPerson: [
      ...say("needs-approval", ({ id, title, approved }) => ({
        id,
        title,
        why: approved
          ? "waits for a new approval: it was edited after the last one"
          : "waits for an approval",
      })),
      ...say("needs-human", ({ id, title }, { why }) => ({ id, title, why })),
    ],
    running: say("running", ({ id, title, attempt }, { by }) => ({ id, title, worker: by, attempt })),
    queued: say("queued", (task) => ({
      id: task.id,
      title: task.title,
      waitsFor: whatQueuedWaitsFor(task, ledger, onlookers),
    })),
    blocked: say("blocked", ({ id, title }, { why }) => ({ id, title, why })),
  };
}

function workerIn(worker: WorkerView, tasks: readonly Task[]): CurrentView["workers"][number] {
  const running = runningOn(worker.name, tasks);
  const { beat } = worker;
  const broken = Object.entries(beat?.unhealthy ?? {}).map(([executor, why]) =>
    rests(executor, beat ?? {}) ? `${executor} rests (${why})` : `cannot run ${executor} (${why})`,
  );
  const trouble = beat?.trouble === undefined ? [] : [troubleOf(beat.trouble)];
  const doing = running.length === 0 ? "idle" : `runs ${running.join(", ")}`;
  return { name: worker.name, health: condition(worker), doing: [doing, ...trouble, ...broken].join("; ") };
}

function row(worker: WorkerView, tasks: readonly Task[]): HeartbeatRow {
  const { name, beat } = worker;
  const broken = beat?.unhealthy ?? {};
  return {
    worker: name,
    health: condition(worker),
    running: runningOn(name, tasks).join(", "),
    slots: String(beat?.slots ?? ""),
    executors: (beat?.executors ?? []).filter((executor) => !(executor in broken)).join(", "),
    capabilities: (beat?.capabilities ?? []).join(", "),
    version: beat?.version ?? "",
    host: beat?.host ?? "",
    asOf: beat?.at ?? "",
  };
}

function runningOn(worker: string, tasks: readonly Task[]): string[] {
  return tasks.flatMap(({ id, state, attempt }) => {
    if (state.kind !== "running" || state.by !== worker) return [];
    return attempt > 1 ? [`${id} (attempt ${attempt})`] : [id];
  });
}
