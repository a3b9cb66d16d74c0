import { expect, test } from "vitest";

import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import type { Event } from "../../src/core/event.ts";
import { Fault } from "../../src/fault.ts";
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

test("pushes nothing over a fork, and puts back what was seen when that is gone again", async () => {
  const { hub, repo, commit } = await seenTwo();
  const newest = hub.head;
  fork(hub, commit);
  let pushes = 0;
  const forward = hub.forward.bind(hub);
  hub.forward = (onto) => {
    pushes++;
    return forward(onto);
  };
  await expect(repo.fetch()).rejects.toMatchObject({ code: "HISTORY_FORKED" });
  plant(hub, "more\n");
  await expect(repo.fetch()).rejects.toMatchObject({ code: "HISTORY_FORKED" });
  expect(pushes).toBe(0);
  hub.head = commit;
  expect((await repo.fetch()).commit).toBe(newest);
});

test("leaves word why it stands still, until it does no longer", async () => {
  const { hub, repo, commit, acceptance } = await seenTwo();
  const newest = hub.head;
  fork(hub, commit);
  await expect(repo.fetch()).rejects.toMatchObject({ code: "HISTORY_FORKED" });
  expect(acceptance.forked).toMatch(/does not descend/);
  hub.head = newest;
  await repo.fetch();
  expect(acceptance.forked).toBeUndefined();
});

test("goes on with another history when a person has accepted it, this once", async () => {
  const { hub, repo, told, commit, acceptance } = await seenTwo();
  const head = fork(hub, commit);
  acceptance.head = head;
  expect((await repo.fetch()).commit).toBe(head);
  expect(told.at(-1)).toEqual({ kind: "history-accepted", node: ada, commit: head });
  expect(acceptance.head).toBeUndefined();
  fork(hub, commit);
  await expect(repo.fetch()).rejects.toMatchObject({ code: "HISTORY_FORKED" });
});

test("tells what keeps it from putting back what it saw, but goes on with what a person has accepted", async () => {
  const { hub, repo, commit, acceptance } = await seenTwo();
  const busy = new Fault("BUSY", "The hub refuses", { hint: "Wait." });
  hub.forward = () => {
    throw busy;
  };
  hub.head = commit;
  await expect(repo.fetch()).rejects.toBe(busy);
  acceptance.head = commit;
  expect((await repo.fetch()).commit).toBe(commit);
  expect(acceptance.head).toBeUndefined();
});

test("goes on with what came on top of the history that a person has accepted", async () => {
  const { hub, repo, commit, acceptance } = await seenTwo();
  acceptance.head = fork(hub, commit);
  const newest = plant(hub, "more\n");
  expect((await repo.fetch()).commit).toBe(newest);
});

test("stands still when history was replaced once more since a person has accepted it, and tells of it", async () => {
  const { hub, repo, told, commit, acceptance } = await seenTwo();
  acceptance.head = fork(hub, commit);
  fork(hub, commit);
  await expect(repo.fetch()).rejects.toMatchObject({ code: "HISTORY_FORKED" });
  expect(told.at(-1)?.kind).toBe("history-forked");
  expect(acceptance.head).toBeUndefined();
});

test.each([
  ["fetch", async ({ repo }: Seen) => void (await repo.fetch())],
  [
    "publication",
    async ({ repo, hub }: Seen) => {
      const parent = await repo.at(hub.head ?? "");
      await repo.publish({ parent, message: "mine", files: new Map([["NOTE.md", "three\n"]]) });
    },
  ],
])("forgets at the next %s an acceptance for which it had no need", async (_, next) => {
  const seen = await seenTwo();
  seen.acceptance.head = seen.hub.head;
  await next(seen);
  expect(seen.acceptance.head).toBeUndefined();
});

type Seen = Awaited<ReturnType<typeof seenTwo>>;

/** A node that has seen two commits, and the first of them. */
async function seenTwo() {
  const hub = new MemoryHub();
  const commit = plant(hub, "one\n");
  plant(hub, "two\n");
  const told: Event[] = [];
  const acceptance: Acceptance = {};
  const repo = new SteadyRepo(hub.open("ada", new HandClock()), {
    node: () => ada,
    clock: new HandClock(),
    announce: (event) => told.push(event),
    acceptance: {
      read: async () => acceptance,
      write: async ({ head, forked }) => void Object.assign(acceptance, { head, forked }),
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
  const commit = hub.swap(hub.head, {
    files,
    message: text,
    author: "somebody",
    at: "2026-11-21T10:00:00.000Z",
  });
  if (commit === undefined) throw new Error("the hub did not take it");
  return commit;
}
