import { expect, test } from "vitest";

import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import type { Event } from "../../src/core/event.ts";
import { ownHub } from "../../src/core/pace.ts";
import { Nudge } from "../../src/every.ts";
import { budgetOfMain } from "../../src/main/budget-of-main.ts";
import type { MainMemory } from "../../src/main/memory.ts";
import { atOneLook } from "../../src/main/scrutiny.ts";
import { Tending } from "../../src/main/tending.ts";
import { HandClock } from "../support/hand-clock.ts";
import { queueText, resultOf } from "../support/ledgers.ts";
import { ada, anId, aTask } from "../support/tasks.ts";

const cancelled = aTask({ state: { kind: "cancelled" } });

test("tells of an illegal commit, and not of the result that came with it", async () => {
  const { commit, open, told } = aMain();
  const main = await open();
  await main.once();
  commit("bob", { "worker/QUEUE.md": queueText([]), ...resultOf(anId()) });
  await main.once();
  await main.once();
  expect(told("commit-illegal", "task-ended")).toEqual(["commit-illegal"]);
});

test("after its death tells neither once more", async () => {
  const { commit, open, told } = aMain();
  await (await open()).once();
  commit("bob", { "worker/QUEUE.md": queueText([]), ...resultOf(anId()) });
  await (await open()).once();
  await (await open()).once();
  expect(told("commit-illegal", "task-ended")).toEqual(["commit-illegal"]);
});

test("tells of no result before it has caught up with the commit that brought it", async () => {
  const { commit, open, told } = aMain();
  const main = await open();
  await main.once();
  for (let n = 0; n < 2 * atOneLook; n++)
    commit("", { "worker/QUEUE.md": queueText([{ ...cancelled, title: `${n}` }]) });
  commit("bob", { "worker/QUEUE.md": queueText([]), ...resultOf(anId()) });
  await main.once();
  expect(told("commit-illegal", "task-ended")).toEqual([]);
  for (let looks = 0; looks < 3; looks++) await main.once();
  expect(told("commit-illegal", "task-ended")).toEqual(["task-ended"]);
});

test("sees a rewind to the head with which it began an update that was put off", async () => {
  const { clock, hub, commit, open } = aMain();
  const repo = hub.open("main", clock);
  const publish = repo.publish.bind(repo);
  const before = hub.head;
  let isFaster = true;
  repo.publish = (proposal) => {
    if (isFaster) commit("", { "NOTE.md": "somebody was faster" });
    isFaster = false;
    return publish(proposal);
  };
  const main = await open(repo, 2);
  expect(await main.once()).toBe("held");
  hub.head = before;
  await clock.advance(60_000);
  await expect(main.once()).rejects.toMatchObject({ code: "REMOTE_REWOUND" });
});

/** A hub with one open task, and the lives of the main that looks at it. */
function aMain() {
  const hub = new MemoryHub();
  const clock = new HandClock();
  const commit = (author: string, files: Record<string, string>) => {
    const message = author === "" ? "by hand" : `a step\n\nNode: ${author}`;
    const all = new Map([...(hub.commits.get(hub.head ?? "")?.files ?? []), ...Object.entries(files)]);
    hub.swap(hub.head, { files: all, message, author, at: clock.now().toISOString() });
  };
  commit("", { "worker/QUEUE.md": queueText([aTask()]) });
  const events: Event[] = [];
  let disk: MainMemory | undefined;
  const open = (repo = hub.open("main", clock), perMinute?: number) => {
    const pushes = budgetOfMain(clock, () => perMinute);
    const deps = {
      repo,
      clock,
      chance: () => 0.5,
      announce: (event: Event) => events.push(event),
      spool: { read: async () => disk, write: async (memory: MainMemory) => void (disk = memory) },
      nudge: new Nudge(),
      pushes,
    };
    const settings = {
      name: ada,
      pollSeconds: 5,
      pace: ownHub,
      keepResults: 200,
      defaults: {},
      remote: "hub",
      version: "0",
    };
    return Tending.open(deps, () => settings);
  };
  return {
    clock,
    hub,
    commit,
    open,
    told: (...kinds: Event["kind"][]) => events.flatMap(({ kind }) => (kinds.includes(kind) ? kind : [])),
  };
}
