import { describe, expect, test } from "vitest";

import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import type { Task } from "../../src/core/task.ts";
import { Fault } from "../../src/fault.ts";
import { atOneLook, Scrutiny, type Illegal } from "../../src/main/scrutiny.ts";
import type { SharedRepo } from "../../src/ports/shared-repo.ts";
import { HandClock } from "../support/hand-clock.ts";
import { queueText, resultOf } from "../support/ledgers.ts";
import { adasTask, anId, aTask } from "../support/tasks.ts";

const legalClaim = queue(adasTask());
const claimForAda = queue(adasTask({ id: anId(2) }));

describe("what is new in the history", () => {
  test("is legal, and nothing is told", async () => {
    const { commit, look, told } = aMain();
    await look();
    commit("ada", legalClaim);
    commit("", queue(adasTask({ title: "Renamed by a person" })));
    await look();
    expect(told).toEqual([]);
  });

  test("has an illegal commit between legal ones: it is told once, with author and rule", async () => {
    const { commit, look, told } = aMain();
    await look();
    commit("ada", legalClaim);
    const bad = commit("bob", queue(adasTask({ attempt: 9 })));
    commit("", queue(aTask({ attempt: 9 })));
    await look();
    await look();
    commit("", queue(aTask({ attempt: 9, title: "Renamed" })));
    await look();
    expect(told).toEqual([
      {
        kind: "commit-illegal",
        commit: bad,
        by: "bob",
        task: anId(),
        reason: expect.stringMatching(/attempt of .* rose/),
      },
    ]);
  });

  test("is not looked at twice, and asks nothing while the head stands still", async () => {
    const { hub, commit, look, asked } = aMain();
    await look();
    commit("ada", legalClaim);
    await look();
    const before = asked.length;
    await look();
    expect(asked.slice(before)).toEqual([]);
    commit("", queue(adasTask({ title: "Renamed" })));
    await look();
    expect(asked.slice(before), "both snapshots are known already").toEqual(["history"]);
    expect(hub.commits.size).toBe(3);
  });

  test("goes by a token that was used before, looks ago", async () => {
    const { commit, look, told } = aMain();
    await look();
    commit("ada", legalClaim);
    await look();
    commit("", queue(aTask({ attempt: 1 })));
    await look();
    commit("ada", queue(adasTask({ attempt: 2 })));
    await look();
    expect(told.map(({ reason }) => reason)).toEqual([expect.stringMatching(/token of an earlier claim/)]);
  });
});

describe("a result that the rules refuse", () => {
  test("is known as refused, and so is one that came with a worse offence", async () => {
    const { commit, look, told, scrutiny } = aMain();
    commit("", queue(aTask(), aTask({ id: anId(2) })));
    await look();
    commit("bob", { ...queue(aTask({ id: anId(2) })), ...resultOf(anId()) });
    await look();
    expect(told.map(({ task }) => task)).toEqual([anId()]);
    expect([...scrutiny().refused]).toEqual([anId()]);
    commit("bob", { ...queue(), ...resultOf(anId()), ...resultOf(anId(2)), "README.md": "bob was here" });
    await look();
    expect(told.map(({ reason }) => reason).at(-1)).toBe("a node touched README.md");
    expect([...scrutiny().refused]).toEqual([anId(), anId(2)]);
  });

  test("is forgotten when a person took it away and the task has ended as it should", async () => {
    const { commit, look, scrutiny } = aMain();
    const waiting = queue(aTask({ state: { kind: "cancelled" } }));
    await look();
    commit("bob", { ...queue(), ...resultOf(anId()) });
    commit("", waiting);
    await look();
    expect([...scrutiny().refused]).toEqual([anId()]);
    commit("bob", { ...queue(), ...resultOf(anId()) });
    await look();
    expect([...scrutiny().refused]).toEqual([]);
  });

  test("is a result all the same when only something else in its commit is refused", async () => {
    const { commit, look, told, scrutiny } = aMain();
    commit("", queue(aTask({ state: { kind: "cancelled" } })));
    await look();
    commit("bob", { ...queue(), ...resultOf(anId()), "README.md": "bob was here" });
    await look();
    expect(told.map(({ reason }) => reason)).toEqual(["a node touched README.md"]);
    expect([...scrutiny().refused]).toEqual([]);
  });
});

describe("where it begins", () => {
  test("is the head that is found, when nothing was checked before", async () => {
    const { commit, look, told, scrutiny } = aMain();
    const head = commit("bob", claimForAda);
    await look();
    expect(told).toEqual([]);
    expect(scrutiny().isWorthNoting).toBe(true);
    expect(scrutiny().note()).toBe(head);
    expect(scrutiny().isWorthNoting).toBe(false);
  });

  test("is the last commit that an earlier life has noted", async () => {
    const { commit, look, told, restart } = aMain();
    await look();
    restart();
    const bad = commit("bob", claimForAda);
    commit("", queue());
    await look();
    expect(told.map((one) => one.commit)).toEqual([bad]);
    restart();
    await look();
    expect(told).toHaveLength(1);
  });

  test.each([
    ["put back to what is older", false],
    ["replaced", true],
  ])("is the head once more, when history was %s and a person has accepted it", async (_, goesOn) => {
    const { hub, repo, commit, look, told } = aMain();
    const old = hub.head;
    commit("ada", legalClaim);
    await look();
    hub.head = old;
    if (goesOn) commit("bob", claimForAda);
    await repo.accept();
    await look();
    expect(told).toEqual([]);
    const bad = commit("bob", queue(adasTask({ attempt: 7 })));
    await look();
    expect(told.map((one) => one.commit)).toEqual([bad]);
  });

  test("is the head, when the commit that was noted is nowhere", async () => {
    const { commit, look, told, restart } = aMain();
    restart("0123456789".repeat(4));
    commit("bob", claimForAda);
    await look();
    expect(told).toEqual([]);
  });
});

test("a fault in the middle: what was checked is not checked again, and nothing is left out", async () => {
  const { commit, look, told, fail } = aMain();
  await look();
  commit("ada", legalClaim);
  const first = commit("bob", queue(adasTask({ attempt: 5 })));
  const unread = commit("", queue(adasTask({ attempt: 5, title: "Renamed" })));
  const second = commit("bob", queue(adasTask({ attempt: 6, title: "Renamed" })));
  commit("", queue());
  fail.at = unread;
  await expect(look()).rejects.toMatchObject({ code: "REMOTE_TIMEOUT" });
  expect(told.map((one) => one.commit)).toEqual([first]);
  fail.at = undefined;
  await look();
  expect(told.map((one) => one.commit)).toEqual([first, second]);
});

test("a long absence is caught up with look by look", async () => {
  const { commit, look, told, scrutiny } = aMain();
  await look();
  for (let n = 0; n < atOneLook; n++) commit("", queue(aTask({ title: `Version ${n}` })));
  const bad = commit("bob", claimForAda);
  await look();
  expect(told).toEqual([]);
  expect(scrutiny().isBehind).toBe(true);
  await look();
  expect(told.map((one) => one.commit)).toEqual([bad]);
  expect(scrutiny().isBehind).toBe(false);
});

/** A hub with one open task, and a main that looks at it. */
function aMain() {
  const hub = new MemoryHub();
  const commit = (author: string, files: Record<string, string>) => {
    const message = author === "" ? "by hand" : `a step\n\nNode: ${author}`;
    const at = "2026-11-21T10:00:00.000Z";
    hub.swap(hub.head, { files: new Map(Object.entries(files)), message, author, at });
    return hub.head;
  };
  commit("", queue(aTask()));
  const told: Illegal[] = [];
  const asked: string[] = [];
  const fail: { at: string | undefined } = { at: undefined };
  const repo = hub.open("main", new HandClock());
  const watched = watchedRepo(repo, { hub, asked, fail });
  let scrutiny = new Scrutiny(watched, (event) => told.push(event), undefined);
  return {
    hub,
    repo,
    commit,
    told,
    asked,
    fail,
    scrutiny: () => scrutiny,
    look: async () => scrutiny.check(await repo.fetch()),
    restart: (checked = scrutiny.note()) => {
      scrutiny = new Scrutiny(watched, (event) => told.push(event), checked);
    },
  };
}

type Watch = { hub: MemoryHub; asked: string[]; fail: { at: string | undefined } };

/** Notes what is asked of it, cannot read one of the commits, and like git still knows what a history has lost. */
function watchedRepo(repo: SharedRepo, { hub, asked, fail }: Watch): SharedRepo {
  return new Proxy(repo, {
    get(target, name: keyof SharedRepo) {
      if (name === "history") {
        return async function* (since: string) {
          asked.push("history");
          const { commit: head } = await target.fetch();
          if (!hub.commits.has(since)) return yield* target.history(since);
          const old = new Set(Array.from(hub.ancestry(since), ({ commit }) => commit));
          for (const entry of hub.ancestry(head)) if (!old.has(entry.commit)) yield entry;
        };
      }
      if (name !== "at") return target[name];
      return async (commit: string) => {
        asked.push(`at ${commit}`);
        if (commit === fail.at) throw new Fault("REMOTE_TIMEOUT", "No answer", { hint: "Wait." });
        return target.at(commit);
      };
    },
  });
}

function queue(...tasks: Task[]): Record<string, string> {
  return { "worker/QUEUE.md": queueText(tasks) };
}
