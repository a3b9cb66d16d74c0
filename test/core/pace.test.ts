import { describe, expect, test } from "vitest";

import { hosted, leaseFallsShortBy, ownHub, paceFor, type Workers } from "../../src/core/pace.ts";
import { rankFor } from "../../src/core/rank.ts";

describe("the pace of a set-up", () => {
  test.each([
    ["a hub of one's own", ownHub],
    ["a host with one worker", paceFor(hosted, all(1))],
    ["a host with thirty workers", paceFor(hosted, all(30))],
  ])("for %s has a lease that outlasts a cut-off worker", (_, pace) => {
    expect(leaseFallsShortBy(pace)).toBeUndefined();
  });

  test("is refused when the lease is too short, and says by how much", () => {
    // (180 s renewal + 60 s watchdog + 30 s grace) and one per cent
    expect(leaseFallsShortBy({ ...ownHub, lease: 270 })).toBeCloseTo(2.7);
    expect(leaseFallsShortBy({ ...ownHub, lease: 272.7 })).toBeCloseTo(0);
    expect(leaseFallsShortBy({ ...ownHub, lease: 273 })).toBeUndefined();
  });

  test.each([0, 1, 8, 30])(
    "on a host is safe when only %d of thirty workers live, whoever knows it",
    (living) => {
      const known = paceFor(hosted, { shown: 30, living });
      const { lease } = paceFor(hosted, all(30));
      expect(known.beat).toBe(Math.max(300, 40 * living));
      expect(leaseFallsShortBy({ ...known, lease })).toBeUndefined();
      expect(leaseFallsShortBy({ ...paceFor(hosted, all(30)), lease: known.lease })).toBeUndefined();
    },
  );

  test("on a host leaves most of six pushes a minute to the work", () => {
    for (const workers of [1, 8, 30, 100])
      expect((workers * 60) / paceFor(hosted, all(workers)).beat).toBeLessThanOrEqual(1.5);
  });
});

function all(count: number): Workers {
  return { shown: count, living: count };
}

test("a hub of one's own keeps its pace however many workers there are", () => {
  expect(paceFor(ownHub, all(100))).toEqual(ownHub);
});

describe("the rank of a worker for a task", () => {
  const workers = ["ada", "bob", "cy", "dee"];
  const tasks = Array.from({ length: 400 }, (_, n) => `T-20261121-${n.toString(36).padStart(5, "0")}`);

  test("is a different one for each worker, whoever computes it", () => {
    for (const task of tasks) {
      expect(workers.map((me) => rankFor(task, me, workers)).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
    }
  });

  test("puts each worker first about equally often", () => {
    for (const me of workers) {
      const first = tasks.filter((task) => rankFor(task, me, workers) === 0).length;
      expect(first).toBeGreaterThan(60);
      expect(first).toBeLessThan(140);
    }
  });

  test("moves up only when somebody before it is gone", () => {
    for (const task of tasks) {
      const before = rankFor(task, "ada", workers);
      const after = rankFor(
        task,
        "ada",
        workers.filter((worker) => worker !== "bob"),
      );
      expect(after).toBe(rankFor(task, "bob", workers) < before ? before - 1 : before);
    }
  });
});
