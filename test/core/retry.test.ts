import { describe, expect, test } from "vitest";

import { afterAttempt, backoff, mayFailAgain, restAfter } from "../../src/core/retry.ts";
import type { PastAttempt } from "../../src/core/task.ts";
import { ada, anId, aPastAttempt, bob } from "../support/tasks.ts";

const hour = 3_600_000;

describe("after an attempt without a result", () => {
  test.each([
    ["lost", 3],
    ["misconfigured", 6],
  ] as const)("that ended as %s a person is asked at the %d. time", (end, limit) => {
    const tried = (count: number) => Array.from({ length: count }, () => aPastAttempt({ end }));
    expect(afterAttempt(tried(limit - 1), undefined)).toEqual({ kind: "again" });
    expect(afterAttempt(tried(limit), undefined)).toMatchObject({ kind: "ask-person" });
  });

  test("a task that allows more attempts is also lost more often before a person is asked", () => {
    const tried = Array.from({ length: 4 }, () => aPastAttempt());
    expect(afterAttempt(tried, 5)).toEqual({ kind: "again" });
  });

  test("a failure is final unless the task allows more attempts", () => {
    expect(mayFailAgain([], undefined)).toBe(false);
    expect(mayFailAgain([], 2)).toBe(true);
    expect(mayFailAgain([aPastAttempt({ end: "failed" })], 2)).toBe(false);
    expect(mayFailAgain([aPastAttempt({ end: "transient" }), aPastAttempt()], 2)).toBe(true);
  });

  test("the pause is random under a ceiling that doubles up to a limit", () => {
    const most = [1, 2, 3, 10].map((failures) => backoff(failures, 1, { firstMs: 100, ceilingMs: 1000 }));
    expect(most).toEqual([100, 200, 400, 1000]);
    expect(backoff(5, 0)).toBe(0);
  });
});

describe("an outage of what all workers need", () => {
  test("of an hour asks no person, however many attempts met it", () => {
    expect(afterAttempt(spread(20, hour), undefined)).toEqual({ kind: "again" });
  });

  test("of two hours does, at the first attempt that meets it then, and not if that is one of a few", () => {
    expect(afterAttempt(spread(20, 2 * hour), undefined)).toEqual({
      kind: "ask-person",
      why: "20 attempts ended as transient, the last one: HTTP 429",
    });
    expect(afterAttempt(spread(5, 2 * hour), undefined)).toEqual({ kind: "again" });
  });

  test("is over when an attempt got further: what came before that is not counted", () => {
    const tried = [...spread(20, 2 * hour), aPastAttempt({ end: "waiting" }), ...spread(5, hour)];
    expect(afterAttempt(tried, undefined)).toEqual({ kind: "again" });
    expect(restAfter({ id: anId(), tried: tried.slice(0, 22) })).toBeLessThanOrEqual(10_000);
  });

  test("goes on for those who lost a worker or sent it home in between", () => {
    const tried = spread(20, 2 * hour).toSpliced(9, 0, aPastAttempt({ end: "released" }));
    expect(afterAttempt(tried, undefined)).toMatchObject({ kind: "ask-person" });
  });

  test("does not fill a section without end where clocks disagree or a stamp cannot be read", () => {
    const backwards = spread(50, -10 * hour);
    expect(afterAttempt(backwards.slice(0, 49), undefined)).toEqual({ kind: "again" });
    expect(afterAttempt(backwards, undefined)).toMatchObject({ kind: "ask-person" });
    const unreadable = spread(6, hour).map((past) => ({ ...past, ended: "-" }));
    expect(afterAttempt(unreadable, undefined)).toMatchObject({ kind: "ask-person" });
  });

  test("leaves a task alone for half of a doubling ceiling at least, up to five minutes", () => {
    for (const [n, ceiling] of [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000].entries()) {
      const rests = [1, 2, 3, 4, 5].map((id) => restAfter({ id: anId(id), tried: spread(n + 1, hour) }));
      expect(Math.min(...rests)).toBeGreaterThanOrEqual(ceiling / 2);
      expect(Math.max(...rests)).toBeLessThan(ceiling);
      expect(new Set(rests).size, "tasks that ended together do not return together").toBe(5);
    }
  });

  test("lets no other end of an attempt keep a task waiting", () => {
    expect(restAfter({ id: anId(), tried: [] })).toBe(0);
    expect(restAfter({ id: anId(), tried: [...spread(3, hour), aPastAttempt({ end: "released" })] })).toBe(0);
  });
});

/** So many attempts that met a rate limit, on two workers in turn, over a time. */
function spread(count: number, overMs: number): PastAttempt[] {
  const beganMs = Date.parse("2026-11-21T10:00:00Z");
  return Array.from({ length: count }, (_, n) =>
    aPastAttempt({
      attempt: n + 1,
      by: n % 2 === 0 ? ada : bob,
      end: "transient",
      ended: new Date(beganMs + (overMs * n) / Math.max(1, count - 1)).toISOString(),
      why: "HTTP 429",
    }),
  );
}
