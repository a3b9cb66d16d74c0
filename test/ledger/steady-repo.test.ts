import { expect, test } from "vitest";

import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import type { Event } from "../../src/core/event.ts";
import { SteadyRepo, type Acceptance } from "../../src/ledger/steady-repo.ts";
import { HandClock } from "../support/hand-clock.ts";
import { ada } from "../support/tasks.ts";

test("puts back what a rewind took, and tells of it", async () => {
  const { hub, repo, told, commit } = await seenTwo();
  const newest = hub.head;
  hub.head = commit;
  expect((await repo.fetch()).commit).toBe(newest);
  expect(hub.head).toBe(newest);
  expect(told.map(({ kind }) => kind)).toEqual(["history-rewound", "history-restored"]);
});

test("stands still at a fork, and tells of it once", async () => {
  const { hub, repo, told, commit } = await seenTwo();
  fork(hub, commit);
  await expect(repo.fetch()).rejects.toMatchObject({ code: "HISTORY_FORKED", hint: /accept-history/ });
  await expect(repo.fetch()).rejects.toMatchObject({ code: "HISTORY_FORKED" });
  expect(told.map(({ kind }) => kind)).toEqual(["history-rewound", "history-forked"]);
});

test("goes on with another history when a person has accepted it, this once", async () => {
  const { hub, repo, told, commit, acceptance } = await seenTwo();
  acceptance.wanted = true;
  const head = fork(hub, commit);
  expect((await repo.fetch()).commit).toBe(head);
  expect(told.at(-1)).toEqual({ kind: "history-accepted", node: ada, commit: head });
  expect(acceptance.wanted).toBe(false);
  fork(hub, commit);
  await expect(repo.fetch()).rejects.toMatchObject({ code: "HISTORY_FORKED" });
});

/** A node that has seen two commits, and the first of them. */
async function seenTwo() {
  const hub = new MemoryHub();
  const commit = plant(hub, "one\n");
  plant(hub, "two\n");
  const told: Event[] = [];
  const acceptance: Acceptance = { wanted: false };
  const repo = new SteadyRepo(hub.open("ada", new HandClock()), {
    node: () => ada,
    announce: (event) => told.push(event),
    acceptance: {
      read: async () => acceptance,
      write: async ({ wanted }) => void (acceptance.wanted = wanted),
    },
  });
  await repo.fetch();
  return { hub, repo, told, commit, acceptance };
}

/** Somebody goes on from an older commit. */
function fork(hub: MemoryHub, from: string): string {
  hub.head = from;
  return plant(hub, "other\n");
}

function plant(hub: MemoryHub, text: string): string {
  const files = new Map([["NOTE.md", text]]);
  const commit = hub.swap(hub.head, { files, message: text, author: "somebody", at: "2026-11-21T10:00:00.000Z" });
  if (commit === undefined) throw new Error("the hub did not take it");
  return commit;
}
