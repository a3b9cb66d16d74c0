import { expect, test } from "vitest";

import { noopRunner, startWorker, workerSettings } from "../../bench/support/bench-worker.ts";
import { memorySpool } from "../../bench/support/memory-spool.ts";
import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import { hosted } from "../../src/core/pace.ts";
import { parseQueue } from "../../src/format/queue.ts";
import { HandClock } from "../support/hand-clock.ts";
import { queueText } from "../support/ledgers.ts";
import { aTask } from "../support/tasks.ts";

test("a rewind to the head with which a worker began an update that was put off does not go unseen", async () => {
  const { clock, hub, repo, plant, start } = aPlace(queueText([aTask()]));
  const [publish, fetch] = [repo.publish.bind(repo), repo.fetch.bind(repo)];
  let faster: { before: string | undefined; commit: string } | undefined;
  let isRewound = false;
  repo.publish = (proposal) => {
    faster ??= { before: hub.head, commit: plant("other.md", "somebody was faster\n") };
    return publish(proposal);
  };
  repo.fetch = async () => {
    const snapshot = await fetch();
    if (faster && !isRewound) hub.head = faster.before;
    isRewound = faster !== undefined;
    return snapshot;
  };
  await using _ = start();
  await clock.advance(300_000);
  expect(isRewound).toBe(true);
  expect(hub.descends(hub.head ?? "", faster?.commit ?? "")).toBe(true);
});

test("a task whose time ran out while its claim was under way is not begun, and given back", async () => {
  const { clock, hub, repo, start } = aPlace(
    queueText([aTask({ request: { expires: "2026-11-21T10:00:30Z" } })]),
  );
  const publish = repo.publish.bind(repo);
  repo.publish = async (proposal) => {
    await clock.sleep(60_000);
    return publish(proposal);
  };
  let begun = 0;
  await using _ = start(() => begun++);
  await clock.advance(600_000);
  expect(begun).toBe(0);
  const queue = parseQueue(hub.commits.get(hub.head ?? "")?.files.get("worker/QUEUE.md") ?? "");
  expect(queue.tasks).toMatchObject([{ task: { state: { kind: "queued" }, tried: [{ end: "released" }] } }]);
});

/** A hub that allows two pushes a minute, and a worker of it. */
function aPlace(queue: string) {
  const clock = new HandClock();
  const hub = new MemoryHub();
  const plant = (name: string, text: string): string => {
    const files = new Map(hub.commits.get(hub.head ?? "")?.files).set(name, text);
    const draft = { files, message: name, author: "x", at: clock.now().toISOString() };
    return hub.swap(hub.head, draft) ?? "";
  };
  plant("worker/QUEUE.md", queue);
  const repo = hub.open("worker", clock);
  const start = (begun: () => void = () => undefined) =>
    startWorker(repo, {
      spool: "",
      settings: workerSettings({ pollSeconds: 5, pace: { ...hosted, pushesPerMinute: 2 } }),
      runner: noopRunner(begun),
      deps: { clock, spool: memorySpool(), chance: () => 0.5 },
    });
  return { clock, hub, repo, plant, start };
}
