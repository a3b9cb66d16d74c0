import { expect, test } from "vitest";

import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import { newTaskId, NodeName } from "../../src/core/ids.ts";
import { update } from "../../src/ledger/update.ts";
import { submitTask } from "../../src/main/submit-task.ts";
import { startWorker, workerSettings } from "../../bench/support/bench-worker.ts";
import { memorySpool } from "../../bench/support/memory-spool.ts";
import { TimedRepo } from "../../bench/support/timed-repo.ts";
import { HandClock } from "../support/hand-clock.ts";
import { queueText } from "../support/ledgers.ts";

test("a worker that is woken between two polls fetches without looking first", async () => {
  const clock = new HandClock();
  const hub = new MemoryHub();
  const begin = { "worker/QUEUE.md": queueText([]) };
  hub.swap(undefined, { files: new Map(Object.entries(begin)), message: "begin", author: "x", at: "" });
  const repo = new TimedRepo(hub.open("worker", clock));
  const worker = startWorker(repo, {
    spool: "",
    settings: workerSettings({ pollSeconds: 10 }),
    deps: { clock, spool: memorySpool() },
  });
  await clock.advance(100);
  expect(verbs(repo)).toEqual(["look", "fetch", "beat"]);

  await clock.advance(2000);
  await submit(hub, clock);
  worker.nudge.poke();
  await clock.advance(1000);
  expect(verbs(repo).slice(0, 3)).toEqual(["fetch", "publish", "publish"]);

  await clock.advance(15_000);
  expect(verbs(repo)).toContain("look");
  await worker[Symbol.asyncDispose]();
});

/** What was asked of the hub since the last time. */
function verbs(repo: TimedRepo): string[] {
  return repo.calls.splice(0).map(({ verb }) => verb);
}

async function submit(hub: MemoryHub, clock: HandClock): Promise<void> {
  const node = NodeName.parse("main");
  const task = { id: newTaskId(clock.now(), Math.random), title: "One", prompt: "Do it.", request: {} };
  await update({ repo: hub.open("main", clock), node, clock, chance: Math.random }, (ledger) =>
    submitTask(ledger, task),
  );
}
