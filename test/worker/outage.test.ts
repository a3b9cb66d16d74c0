import { expect, test } from "vitest";

import { startWorker, workerSettings } from "../../bench/support/bench-worker.ts";
import { memorySpool } from "../../bench/support/memory-spool.ts";
import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import { NodeName, type TaskId } from "../../src/core/ids.ts";
import type { Ending } from "../../src/core/outcome.ts";
import { ownHub } from "../../src/core/pace.ts";
import type { Task } from "../../src/core/task.ts";
import { parseBeat } from "../../src/format/beat.ts";
import { parseQueue } from "../../src/format/queue.ts";
import type { AttemptRunner } from "../../src/ports/attempt-runner.ts";
import type { WorkerMemory } from "../../worker/memory.ts";
import { HandClock } from "../support/hand-clock.ts";
import { queueText } from "../support/ledgers.ts";
import { anId, aPastAttempt, aTask } from "../support/tasks.ts";

const minute = 60_000;
const hour = 60 * minute;

test("three workers that meet one rate limit wait for one another's troubles as for their own", async () => {
  await using site = atWork({ workers: 3, tasks: 1, slots: 1 });
  await site.advance(minute);
  // The waits are 5 to 10, 10 to 20, 20 to 40 seconds; an attempt in a minute more than that cannot be.
  expect(site.begun.length).toBeGreaterThan(1);
  expect(site.begun.length).toBeLessThanOrEqual(4);
  await site.advance(hour - minute);
  expect(site.begun.length).toBeLessThanOrEqual(30);
  expect(site.queue()).toMatchObject([{ state: { kind: "queued" } }]);

  site.isAway = false;
  await site.advance(6 * minute);
  expect(site.queue()).toEqual([]);
});

test("an outage of an hour costs each of ten tasks a few attempts, and asks no person", async () => {
  await using site = atWork({ workers: 1, tasks: 10, slots: 4 });
  await site.advance(hour);
  expect(site.begun.length).toBeLessThanOrEqual(45);
  expect(site.queue().map(({ state }) => state.kind)).toEqual(Array(10).fill("queued"));
  const attempts = site.queue().map(({ attempt }) => attempt);
  expect(Math.max(...attempts) - Math.min(...attempts), "they take turns").toBeLessThanOrEqual(2);
  expect(site.mostAtOnce.slice(4), "after the first four nobody is tried beside another").not.toContain(2);
  expect(site.beat()).toMatchObject({
    unhealthy: { openclaw: "HTTP 429" },
    resting: { openclaw: expect.any(Number) },
  });

  site.isAway = false;
  await site.advance(10 * minute);
  expect(site.queue()).toEqual([]);
  expect(site.beat()).toMatchObject({ unhealthy: {} });
  expect(site.beat()).not.toHaveProperty("resting");
});

test("a task that always meets trouble does not hold up the others", async () => {
  await using site = atWork({ workers: 1, tasks: 6, slots: 2 });
  site.isAway = false;
  site.poisoned = anId(1);
  await site.advance(5 * minute);
  expect(site.queue().map(({ id }) => id)).toEqual([anId(1)]);
});

test("a probe of hours does not keep the other slots empty, though the branch does not move", async () => {
  await using site = atWork({ workers: 1, tasks: 4, slots: 3 });
  await site.advance(5000);
  expect(site.begun).toHaveLength(3);
  site.isAway = false;
  site.lastsMs = 2 * hour;
  await site.advance(3 * minute);
  expect(site.begun, "one tries").toHaveLength(4);
  await site.advance(8 * minute);
  expect(site.begun, "nothing came of it, for better or worse").toHaveLength(6);
  site.lastsMs = 1000;
  await site.advance(3 * hour);
});

test("the wait for another worker's trouble ends without anything else that moves", async () => {
  const past = aPastAttempt({ end: "transient", ended: "2026-11-21T10:00:00Z", why: "HTTP 429" });
  await using site = atWork({ workers: 1, tasks: 1, slots: 1, about: { attempt: 1, tried: [past] } });
  await site.advance(4000);
  expect(site.begun).toEqual([]);
  await site.advance(minute);
  expect(site.begun.length).toBeGreaterThan(0);
});

test("a worker that begins anew waits no longer than there is left to wait", async () => {
  await using site = atWork({ workers: 1, tasks: 1, slots: 1 });
  await site.advance(5000);
  expect(site.begun).toHaveLength(1);
  await site.restart();
  await site.advance(minute);
  expect(site.begun.length).toBeGreaterThan(1);
});

/** Workers whose provider is away before tasks that take a second each. */
function atWork(given: { workers: number; tasks: number; slots: number; about?: Partial<Task> }) {
  const clock = new HandClock();
  const hub = new MemoryHub();
  const tasks = Array.from({ length: given.tasks }, (_, n) => aTask({ id: anId(n + 1), ...given.about }));
  const files = new Map([["worker/QUEUE.md", queueText(tasks)]]);
  hub.swap(undefined, { files, message: "begin", author: "x", at: "" });
  const site = {
    isAway: true,
    poisoned: undefined as TaskId | undefined,
    lastsMs: 1000,
    begun: [] as TaskId[],
    /** How many ran when each began, itself among them. */
    mostAtOnce: [] as number[],
    advance: (ms: number) => clock.advance(ms),
    queue: (): Task[] =>
      parseQueue(hub.commits.get(hub.head ?? "")?.files.get("worker/QUEUE.md") ?? "").tasks.map(
        ({ task }) => task,
      ),
    beat: () => parseBeat(hub.beats.get(NodeName.parse("worker-1"))?.text ?? ""),
    restart,
    [Symbol.asyncDispose]: end,
  };
  const spools = Array.from({ length: given.workers }, () => memorySpool<WorkerMemory>());
  let workers = start();
  return site;

  function start() {
    return spools.map((spool, n) => {
      const name = NodeName.parse(`worker-${n + 1}`);
      return startWorker(hub.open(name, clock), {
        spool: "",
        settings: workerSettings({ name, slots: given.slots, pollSeconds: 5, pace: ownHub }),
        runner: runner(),
        deps: { clock, spool, chance: countedChance() },
      });
    });
  }

  async function end(): Promise<void> {
    const gone = Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
    await clock.advance(minute);
    await gone;
  }

  async function restart(): Promise<void> {
    await end();
    workers = start();
  }

  function runner(): AttemptRunner {
    let running = 0;
    const run = async (id: TaskId) => {
      await clock.sleep(site.lastsMs);
      running--;
      const ending: Ending =
        site.isAway || id === site.poisoned
          ? { kind: "transient", why: "HTTP 429" }
          : { kind: "succeeded", text: "Done.", facts: {} };
      return { ending, facts: {} };
    };
    return {
      executors: ["openclaw"],
      start({ id }) {
        site.begun.push(id);
        site.mostAtOnce.push(++running);
        return { done: run(id), progress: () => undefined, stop: () => undefined };
      },
      sweep: async () => 0,
    };
  }
}

/** As good as chance, and the same in each run. */
function countedChance() {
  let drawn = 0;
  return () => (++drawn * 0.618_033_988_75) % 1;
}
