import { expect, test } from "vitest";

import type { Event } from "../../src/core/event.ts";
import type { Ending, Facts } from "../../src/core/outcome.ts";
import { Nudge } from "../../src/every.ts";
import type { Spool } from "../../src/ports/spool.ts";
import { Attempts } from "../../worker/attempts.ts";
import { stopWhenCutOff } from "../../worker/cut-off.ts";
import type { Exchange } from "../../worker/exchange.ts";
import { Remembering, type WorkerMemory } from "../../worker/memory.ts";
import type { WorkerSettings } from "../../worker/run-worker.ts";
import { HandClock } from "../support/hand-clock.ts";
import { ada, adasTask, adasToken } from "../support/tasks.ts";

test("an attempt is among those that run before anybody is told that it started", async () => {
  const seen: number[] = [];
  const { attempts } = await attemptsTold(() => seen.push(attempts.count));
  await attempts.start(adasTask(), adasToken);
  expect(seen).toEqual([1]);
});

test("an attempt is seen out although nobody can be told and nothing can be kept", async () => {
  const { attempts, end } = await attemptsTold(() => {
    throw new Error("the screen is gone");
  }, diskThatIsFullAfter(1));
  await attempts.start(adasTask(), adasToken);
  const allDone = attempts.allDone();
  end({ kind: "failed", why: "no sheep", text: "", facts: {} });
  await expect(allDone).resolves.toBeUndefined();
  expect(attempts.count).toBe(0);
});

test("what is cut off is stopped before anybody is told of it", async () => {
  const happened: string[] = [];
  const over = new AbortController();
  const exchange = {
    running: 1,
    silentMs: 91_000,
    stopAll: (because: string) => void happened.push(because),
  } as unknown as Exchange;
  await stopWhenCutOff(exchange, {
    clock: new HandClock(),
    announce({ kind }) {
      happened.push(kind);
      over.abort();
    },
    settings: () => ({ name: ada, pace: { renew: 90 } }) as WorkerSettings,
    over: over.signal,
  });
  expect(happened).toEqual(["lease-lost", "worker-cut-off"]);
});

async function attemptsTold(announce: (event: Event) => void, spool = diskThatIsFullAfter(Infinity)) {
  const { promise: done, resolve } = Promise.withResolvers<{ ending: Ending; facts: Facts }>();
  const attempts = new Attempts({
    runner: {
      executors: [],
      start: () => ({ done, progress: () => undefined, stop: () => undefined }),
      sweep: async () => 0,
    },
    memory: await Remembering.open(spool),
    clock: new HandClock(),
    announce,
    nudge: new Nudge(),
    me: () => ada,
    today: () => "2026-11-21",
  });
  return { attempts, end: (ending: Ending) => resolve({ ending, facts: {} }) };
}

function diskThatIsFullAfter(writes: number): Spool<WorkerMemory> {
  let left = writes;
  return {
    read: async () => undefined,
    async write() {
      if (left-- <= 0) throw new Error("There is no room");
    },
  };
}
