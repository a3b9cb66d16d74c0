import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";

import { wakeFile } from "../src/adapters/git/hub.ts";
import { MemoryHub } from "../src/adapters/memory/memory-hub.ts";
import { NodeName } from "../src/core/ids.ts";
import { hosted } from "../src/core/pace.ts";
import { Nudge } from "../src/every.ts";
import { runMain } from "../src/main/run-main.ts";
import { HandClock } from "../test/support/hand-clock.ts";
import { Repos } from "../test/support/repos.ts";
import { aTask, anId } from "../test/support/tasks.ts";
import { queueText } from "../test/support/ledgers.ts";
import { startWorker, workerSettings } from "./support/bench-worker.ts";
import { least, median, round } from "./support/figures.ts";
import { openFloor } from "./support/floor-pair.ts";
import { memorySpool } from "./support/memory-spool.ts";
import type { Report, Row } from "./support/report.ts";
import { TimedRepo } from "./support/timed-repo.ts";

const slots = 16;

/** How many no-op tasks one worker with 16 slots gets done: on a hub of our own, and where pushes are scarce. */
export async function throughput(tasks: number, runs: number, minutes: number): Promise<Report> {
  const ownHubRows: Row[] = [];
  for (let n = 0; n < runs; n++) ownHubRows.push(await onOwnHub(tasks));
  const rates = ownHubRows.map((row) => Number(row["tasks a second"]));
  return {
    bench: "throughput",
    tables: [
      { title: `${tasks} tasks, ${slots} slots, hub reached by a file path`, rows: ownHubRows },
      {
        title: "Of these runs",
        rows: [{ "median tasks a second": median(rates), slowest: least(rates) }],
      },
      {
        title: `Hosted profile, ${slots} slots, ${minutes} minutes of virtual time`,
        rows: [await onHost(minutes, false), await onHost(minutes, true)],
      },
    ],
    notes: [
      "tasks are no-ops in the worker's process; hub, git processes, cache and spool are real on the own hub",
      "floor: as many rounds of build and push as the worker pushed, by git alone, at the pace of that run's floor beside it",
      "the hosted profile runs the same worker (and main) on a hub in memory with a clock turned by hand: it shows what the push budget lets through, not how fast the machine is",
    ],
  };
}

async function onOwnHub(tasks: number): Promise<Row> {
  await using repos = await Repos.make({ "worker/QUEUE.md": queueText(someTasks(tasks)) });
  await using floor = await openFloor(repos, { name: "file", to: (hub) => ({ remote: hub }) });
  const repo = new TimedRepo(await repos.open("worker"));
  const done = Promise.withResolvers<void>();
  let ended = 0;
  let [endedMs, pushes] = [0, 0];
  repo.onAccepted = () => pushes++;
  await floor.round();
  const floors = [await floor.round(), await floor.round()];
  await mkdir(join(repos.folder, "spool"));
  const startMs = performance.now();
  {
    await using _worker = startWorker(repo, {
      spool: join(repos.folder, "spool", "spool.json"),
      settings: workerSettings({ slots }),
      wakeFile: join(repos.hub, wakeFile),
      announce: ({ kind }) => {
        if (kind !== "task-ended" || ++ended < tasks) return;
        endedMs = performance.now();
        done.resolve();
      },
    });
    await done.promise;
  }
  floors.push(await floor.round(), await floor.round());
  const seconds = (endedMs - startMs) / 1000;
  const push = median(floors.map((one) => (one.dispatch - one.pushes / 3) / 2));
  const gitSeconds = repo.calls.reduce((sum, call) => sum + call.endMs - call.startMs, 0) / 1000;
  return {
    seconds: round(seconds, 2),
    "tasks a second": round(tasks / seconds),
    pushes,
    "ms a push, all in all": round((seconds * 1000) / pushes),
    "of it in git": round((gitSeconds * 1000) / pushes),
    "floor of a push": round(push),
    "x floor": round((seconds * 1000) / pushes / push, 2),
  };
}

async function onHost(minutes: number, withMain: boolean): Promise<Row> {
  const clock = new HandClock();
  const hub = new MemoryHub();
  const queue = queueText(someTasks(minutes * 100));
  hub.swap(undefined, {
    files: new Map([["worker/QUEUE.md", queue]]),
    message: "begin",
    author: "bench",
    at: clock.now().toISOString(),
  });
  const repo = new TimedRepo(hub.open("worker", clock));
  const mains = new TimedRepo(hub.open("main", clock));
  const pushedAt: number[] = [];
  for (const one of [repo, mains]) one.onAccepted = () => pushedAt.push(clock.monotonicMs());
  let ended = 0;
  const settings = workerSettings({ slots, pollSeconds: 5, pace: hosted });
  const worker = startWorker(repo, {
    spool: "",
    settings,
    announce: ({ kind }) => (ended += kind === "task-ended" ? 1 : 0),
    deps: { clock, spool: memorySpool() },
  });
  const stop = new AbortController();
  const main = withMain
    ? runMain(
        {
          repo: mains,
          clock,
          chance: Math.random,
          announce: () => undefined,
          spool: memorySpool(),
          nudge: new Nudge(),
        },
        () => ({ ...settings, name: NodeName.parse("main"), keepResults: 150, defaults: {} }),
        stop.signal,
      )
    : undefined;
  for (let second = 0; second < minutes * 60; second++) {
    await clock.advance(1000);
    await settled();
  }
  const endedInTime = ended;
  stop.abort();
  const leaving = worker[Symbol.asyncDispose]();
  // What waits for the next push goes with it.
  await clock.advance(120_000);
  await settled();
  await Promise.all([leaving, main]);
  const beats = repo.calls.filter(({ verb }) => verb === "beat").length;
  return {
    nodes: withMain ? "worker and main" : "worker",
    "tasks a minute": round(endedInTime / minutes),
    "pushes a minute": round(pushedAt.length / minutes, 2),
    "most pushes in any 60 s": mostWithin(pushedAt, 60_000),
    "beats beside them": beats,
  };
}

/** Lets everything run that waits for nothing but its turn. */
async function settled(): Promise<void> {
  for (let n = 0; n < 10; n++) await setImmediate();
}

function mostWithin(times: readonly number[], ms: number): number {
  return Math.max(...times.map((start) => times.filter((at) => at >= start && at < start + ms).length));
}

function someTasks(count: number) {
  return Array.from({ length: count }, (_, n) => aTask({ id: anId(n) }));
}
