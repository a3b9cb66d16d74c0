import { expect, test } from "vitest";

import type { Beat } from "../../src/core/beat.ts";
import type { Task } from "../../src/core/task.ts";
import { whatQueuedWaitsFor } from "../../src/main/what-queued-waits-for.ts";
import { aBeat } from "../support/beats.ts";
import { aLedger } from "../support/ledgers.ts";
import { ada, aPastAttempt, aTask } from "../support/tasks.ts";

const unhealthy = { openclaw: "HTTP 429" };
const refused = aTask({ attempt: 1, tried: [aPastAttempt({ end: "transient", why: "HTTP 429" })] });

test.each<[string | undefined, Task, Partial<Beat>]>([
  [undefined, aTask(), {}],
  ["its next try", refused, {}],
  ["openclaw, which rests on ada", aTask(), { unhealthy, resting: { openclaw: 0 } }],
  ["a worker that offers openclaw", aTask(), { unhealthy }],
  ["a worker that offers openclaw and gpu", aTask({ request: { needs: ["gpu"] } }), {}],
  ["ada, standing still", aTask(), { trouble: "PUSH_DENIED", unhealthy, resting: { openclaw: 5 } }],
])("people read that a queued task waits for %s", async (what, task, about) => {
  const beat = aBeat({ executors: ["openclaw"], ...about });
  const worker = { name: ada, health: "alive", beat, silentSeconds: 0 } as const;
  const onlookers = { workers: [worker], defaultExecutor: "openclaw", now: new Date("2026-11-21T10:00:00Z") };
  expect(whatQueuedWaitsFor(task, await aLedger([task]), onlookers)).toBe(what);
});
