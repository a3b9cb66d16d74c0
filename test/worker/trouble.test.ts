import { expect, test } from "vitest";

import { startWorker, workerSettings } from "../../bench/support/bench-worker.ts";
import { memorySpool } from "../../bench/support/memory-spool.ts";
import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import { ownHub } from "../../src/core/pace.ts";
import { parseBeat } from "../../src/format/beat.ts";
import { HandClock } from "../support/hand-clock.ts";
import { queueText } from "../support/ledgers.ts";

test("the beats of a worker say that it stands still over a fork, and that it goes on", async () => {
  const clock = new HandClock();
  const hub = new MemoryHub();
  const first = plant(hub, "begin");
  const newest = plant(hub, "more");
  const settings = workerSettings({ pollSeconds: 5, pace: ownHub });
  const worker = startWorker(hub.open("w1", clock), {
    spool: "",
    settings,
    deps: { clock, spool: memorySpool() },
  });
  const trouble = () => parseBeat(hub.beats.get(settings.name)?.text ?? "")?.trouble;
  await clock.advance(10_000);
  expect(trouble()).toBeUndefined();

  hub.head = first;
  plant(hub, "something else");
  await clock.advance(10_000);
  expect(trouble()).toBe("HISTORY_FORKED");

  hub.head = newest;
  await clock.advance(70_000);
  expect(trouble()).toBeUndefined();
  const gone = worker[Symbol.asyncDispose]();
  await clock.advance(10_000);
  await gone;
});

function plant(hub: MemoryHub, message: string): string | undefined {
  const files = new Map([["worker/QUEUE.md", queueText([])]]);
  return hub.swap(hub.head, { files, message, author: "x", at: "" });
}
