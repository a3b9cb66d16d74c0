import { expect, test } from "vitest";

import { startWorker, workerSettings } from "../../bench/support/bench-worker.ts";
import { memorySpool } from "../../bench/support/memory-spool.ts";
import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import type { Event } from "../../src/core/event.ts";
import { hosted } from "../../src/core/pace.ts";
import { Fault } from "../../src/fault.ts";
import type { Receipt } from "../../src/ports/shared-repo.ts";
import { HandClock } from "../support/hand-clock.ts";
import { queueText } from "../support/ledgers.ts";
import { anId, aTask } from "../support/tasks.ts";

const unclear: Receipt = { kind: "unknown", why: "RPC failed; HTTP 429" };
const isProtected = new Fault("BRANCH_PROTECTED", "the branch is protected", { hint: "-" });

/** What becomes of a push instead of what should. */
const troubles: [string, (verb: "publish" | "beat", push: () => Promise<unknown>) => Promise<unknown>][] = [
  ["no beat gets an answer", async (verb, push) => (verb === "beat" ? "unknown" : push())],
  ["only beats get an answer", async (verb, push) => (verb === "beat" ? push() : unclear)],
  ["nothing gets an answer", async (verb) => (verb === "beat" ? "unknown" : unclear)],
  ["the branch is protected", async (verb, push) => (verb === "beat" ? push() : Promise.reject(isProtected))],
  ["others are always faster", async (verb, push) => (verb === "beat" ? push() : { kind: "outdated" })],
];

test.each(troubles)(
  "where five pushes a minute are allowed a worker makes no more when %s",
  async (_, fate) => {
    const { pushes, events } = await anHourUnder(fate);
    // A beat that is due waits for nothing.
    expect(most(pushes)).toBeLessThanOrEqual(5 + 1);
    expect(pushes.length).toBeGreaterThan(10);
    expect(events.filter(({ kind }) => kind === "remote-back")).toEqual([]);
  },
);

test("a worker whose pushes are refused tells it once", async () => {
  const { events } = await anHourUnder((verb, push) =>
    verb === "beat" ? push() : Promise.reject(isProtected),
  );
  expect(events.filter(({ kind }) => kind === "remote-trouble")).toHaveLength(1);
});

/** When a worker pushed, in milliseconds, while there was work for it that it could not claim. */
async function anHourUnder(fate: (typeof troubles)[number][1]) {
  const clock = new HandClock();
  const hub = new MemoryHub();
  const queue = queueText([aTask({ id: anId(1) }), aTask({ id: anId(2) })]);
  const files = new Map([["worker/QUEUE.md", queue]]);
  hub.swap(undefined, { files, message: "begin", author: "x", at: clock.now().toISOString() });
  const pushes: number[] = [];
  const events: Event[] = [];
  const repo = hub.open("worker", clock);
  const meet = (verb: "publish" | "beat", push: () => Promise<unknown>) => {
    pushes.push(clock.monotonicMs());
    return fate(verb, push);
  };
  const [publish, beat] = [repo.publish.bind(repo), repo.beat.bind(repo)];
  repo.publish = (proposal) => meet("publish", () => publish(proposal)) as ReturnType<typeof publish>;
  repo.beat = (worker, text) => meet("beat", () => beat(worker, text)) as ReturnType<typeof beat>;
  await using _ = startWorker(repo, {
    spool: "",
    settings: workerSettings({ pollSeconds: 5, pace: hosted }),
    announce: (event) => void events.push(event),
    deps: { clock, spool: memorySpool(), chance: () => 0.5 },
  });
  await clock.advance(3_600_000);
  return { pushes: [...pushes], events: [...events] };
}

/** The most of them within one minute. */
function most(pushes: readonly number[]): number {
  return Math.max(...pushes.map((from) => pushes.filter((at) => at >= from && at < from + 60_000).length));
}
