import { expect, test } from "vitest";

import { startWorker, workerSettings } from "../../bench/support/bench-worker.ts";
import { memorySpool } from "../../bench/support/memory-spool.ts";
import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import type { Event } from "../../src/core/event.ts";
import type { TaskId } from "../../src/core/ids.ts";
import { parseBeat } from "../../src/format/beat.ts";
import type { AttemptRunner } from "../../src/ports/attempt-runner.ts";
import type { WorkerMemory } from "../../worker/memory.ts";
import { HandClock } from "../support/hand-clock.ts";
import { queueText } from "../support/ledgers.ts";
import { anId, aTask } from "../support/tasks.ts";

const budget = { perDay: 5, timezone: "Europe/Berlin", paid: ["openclaw"] };

test("a worker that has spent its budget takes no paid work until midnight where its owner lives", async () => {
  await using site = atWork();
  await site.advance(60_000);
  expect(site.begun, "each costs $3, and the second one could not know").toEqual([anId(1), anId(2), anId(4)]);
  expect(site.beat()).toMatchObject({
    unhealthy: { openclaw: "the day's budget of $5.00 is spent" },
    budget: { day: "2026-11-21", spentUsd: 6, perDayUsd: 5, executors: ["openclaw"] },
  });

  // 22:59 in Berlin, and 23:59, and past midnight.
  await site.advance(12 * 3_600_000 - 120_000);
  await site.advance(3_600_000);
  expect(site.begun).toHaveLength(3);
  await site.advance(600_000);
  expect(site.begun).toEqual([anId(1), anId(2), anId(4), anId(3)]);
  expect(site.beat()).toMatchObject({ unhealthy: {} });
  expect(site.beat()).not.toHaveProperty("budget");
});

test("what was spent, and that it was told, outlives the worker", async () => {
  await using site = atWork();
  await site.advance(60_000);
  expect(site.told()).toEqual([
    { kind: "budget-spent", worker: "worker", day: "2026-11-21", spentUsd: 6, perDayUsd: 5 },
  ]);
  await site.restart();
  await site.advance(60_000);
  expect(site.begun).toHaveLength(3);
  expect(site.beat()).toMatchObject({ budget: { spentUsd: 6 } });
  expect(site.told()).toHaveLength(1);
});

test("a budget that is raised on the way is there at once", async () => {
  await using site = atWork();
  await site.advance(60_000);
  site.settings.budget = { ...budget, perDay: 50 };
  await site.advance(600_000);
  expect(site.begun).toContain(anId(3));
});

/** A worker with one slot before three tasks of $3 each, and one that costs nothing. */
function atWork() {
  const clock = new HandClock();
  const hub = new MemoryHub();
  const tasks = [1, 2, 3, 4].map((n) =>
    aTask({ id: anId(n), ...(n === 4 && { request: { executor: "command" } }) }),
  );
  const files = new Map([["worker/QUEUE.md", queueText(tasks)]]);
  hub.swap(undefined, { files, message: "begin", author: "x", at: "" });
  const begun: TaskId[] = [];
  const events: Event[] = [];
  const spool = memorySpool<WorkerMemory>();
  const settings = workerSettings({ pollSeconds: 300, budget });
  const start = () =>
    startWorker(hub.open("w1", clock), {
      spool: "",
      settings,
      runner: runnerThatCosts(3, begun),
      announce: (event) => void events.push(event),
      deps: { clock, spool },
    });
  let worker = start();
  const end = async () => {
    const gone = worker[Symbol.asyncDispose]();
    await clock.advance(60_000);
    await gone;
  };
  return {
    begun,
    settings,
    advance: (ms: number) => clock.advance(ms),
    beat: () => parseBeat(hub.beats.get(settings.name)?.text ?? ""),
    told: () => events.filter(({ kind }) => kind === "budget-spent"),
    async restart() {
      await end();
      worker = start();
    },
    [Symbol.asyncDispose]: end,
  };
}

function runnerThatCosts(usd: number, begun: TaskId[]): AttemptRunner {
  return {
    executors: ["openclaw", "command"],
    start({ id, request }) {
      begun.push(id);
      const facts = request.executor === "command" ? {} : { "cost-usd": usd };
      const done = Promise.resolve({ ending: { kind: "succeeded", text: "Done.", facts } as const, facts });
      return { done, progress: () => undefined, stop: () => undefined };
    },
    sweep: async () => 0,
  };
}
