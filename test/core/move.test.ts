import { describe, expect, test } from "vitest";

import { move, type Move } from "../../src/core/move.ts";
import { ada, adasTask, adasToken, aPastAttempt, aTask, bob, bobsToken } from "../support/tasks.ts";

const claim: Move = { kind: "claim", by: bob, token: bobsToken };

describe("a queued task", () => {
  test("can be claimed, which counts one attempt more", () => {
    expect(move(aTask({ attempt: 2 }), claim)).toMatchObject({
      kind: "moved",
      task: { attempt: 3, state: { kind: "running", by: "bob", token: bobsToken } },
    });
  });

  test("waits for a person when it needs an approval", () => {
    expect(move(aTask(), { kind: "hold" })).toMatchObject({ task: { state: { kind: "needs-approval" } } });
  });
});

describe("a running task", () => {
  test("cannot be claimed by anyone else", () => {
    expect(move(adasTask(), claim)).toEqual({
      kind: "refused",
      because: "T-20261121-00001 is running on ada",
    });
  });

  test.each([
    ["another worker", { by: bob, token: adasToken }],
    ["a former lease of the same worker", { by: ada, token: bobsToken }],
  ])("is not given up by %s", (_, lease) => {
    const end = { end: "lost", why: "", ended: "" } as const;
    expect(move(adasTask(), { kind: "give-up", ...lease, ...end }).kind).toBe("refused");
  });

  test("goes back to the queue and keeps count of its attempts", () => {
    const verdict = move(adasTask(), giveUp("lost"));
    expect(verdict).toMatchObject({
      task: { state: { kind: "queued" }, attempt: 1, tried: [{ attempt: 1, by: "ada", end: "lost" }] },
    });
  });

  test("goes to a person when it was lost three times", () => {
    const tried = [aPastAttempt(), aPastAttempt({ attempt: 2 })];
    expect(move(adasTask({ attempt: 3, tried }), giveUp("lost"))).toMatchObject({
      task: { state: { kind: "needs-human", why: "3 attempts ended as lost, the last one: silent" } },
    });
  });

  test("may be given back by a worker that goes away as often as it likes", () => {
    const tried = Array.from({ length: 30 }, () => aPastAttempt({ end: "released" }));
    expect(move(adasTask({ tried }), giveUp("released"))).toMatchObject({
      task: { state: { kind: "queued" } },
    });
  });

  test("can be cancelled, and its worker is still known then", () => {
    const lease = { by: ada, token: adasToken };
    expect(move(adasTask(), { kind: "cancel" })).toMatchObject({
      task: { state: { kind: "cancelled", lease } },
    });
  });
});

describe("a task that needs a person", () => {
  const stuck = aTask({ state: { kind: "needs-human", why: "lost" }, attempt: 3, tried: [aPastAttempt()] });

  test("starts afresh when it is retried, with the attempts still counted", () => {
    expect(move(stuck, { kind: "retry" })).toMatchObject({
      task: { state: { kind: "queued" }, tried: [], attempt: 3 },
    });
  });

  test("is not claimed before", () => {
    expect(move(stuck, claim).kind).toBe("refused");
  });
});

describe("a blocked task", () => {
  const blocked = aTask({ state: { kind: "blocked", why: "comes after another" } });

  test("is queued again when nothing holds it back", () => {
    expect(move(blocked, { kind: "unblock" })).toMatchObject({ task: { state: { kind: "queued" } } });
  });

  test("is not blocked twice for the same reason", () => {
    expect(move(blocked, { kind: "block", why: "comes after another" }).kind).toBe("refused");
  });
});

function giveUp(end: "lost" | "released"): Move {
  return { kind: "give-up", by: ada, token: adasToken, end, why: "silent", ended: "2026-11-21T10:00:00Z" };
}
