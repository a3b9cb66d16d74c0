import { expect, test } from "vitest";

import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import type { Task } from "../../src/core/task.ts";
import { auditHistory } from "../../src/ledger/audit.ts";
import { HandClock } from "../support/hand-clock.ts";
import { queueText } from "../support/ledgers.ts";
import { adasTask, anId, aTask } from "../support/tasks.ts";

test("counts the commits of a legal history, and the claims in it", async () => {
  const hub = ledger(["", aTask()], ["Node: ada", adasTask()], ["", adasTask({ title: "Renamed" })]);
  expect(await audited(hub)).toEqual({ commits: 3, claims: 1, illegal: undefined });
});

test("names the first illegal commit, its author and the rule", async () => {
  const hub = ledger(["", aTask()], ["Node: bob", adasTask()], ["Node: bob", adasTask({ attempt: 9 })]);
  const { commits, illegal } = await audited(hub);
  expect(commits).toBe(2);
  expect(illegal).toMatchObject({ author: "bob", task: anId() });
  expect(illegal?.reason).toMatch(/bob claimed .* for ada/);
});

test("looks only at what came after a commit", async () => {
  const hub = ledger(["", aTask()], ["Node: bob", adasTask()], ["", adasTask()]);
  const [newest, bad] = [...hub.ancestry(hub.head)];
  expect(newest).toBeDefined();
  expect(await audited(hub, bad?.commit)).toMatchObject({ commits: 1, illegal: undefined });
});

test("finds a token that was used before, however long ago", async () => {
  const again = adasTask({ attempt: 2 });
  const hub = ledger(
    ["", aTask()],
    ["Node: ada", adasTask()],
    ["", aTask({ attempt: 1 })],
    ["Node: ada", again],
  );
  expect((await audited(hub)).illegal?.reason).toMatch(/token of an earlier claim/);
});

function ledger(...commits: [trailer: string, task: Task][]): MemoryHub {
  const hub = new MemoryHub();
  for (const [trailer, task] of commits) {
    const files = new Map([["worker/QUEUE.md", queueText([task])]]);
    hub.swap(hub.head, {
      files,
      message: `a step\n\n${trailer}`,
      author: "somebody",
      at: "2026-11-21T10:00:00.000Z",
    });
  }
  return hub;
}

async function audited(hub: MemoryHub, since?: string) {
  const repo = hub.open("auditor", new HandClock());
  await repo.fetch();
  return auditHistory(repo, since);
}
