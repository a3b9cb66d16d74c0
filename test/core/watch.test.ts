import { describe, expect, test } from "vitest";

import type { NodeName } from "../../src/core/ids.ts";
import { healthOf, lostLeases, observe } from "../../src/core/watch.ts";
import { ada, adasTask, adasToken, anId, aTask, bobsToken } from "../support/tasks.ts";

const minute = 60_000;

describe("a lease", () => {
  test("is lost when neither token nor beat has moved for the whole time to live", () => {
    const first = observe(new Map(), [adasTask()], beat("one"), 0);
    const later = observe(first, [adasTask()], beat("one"), 6 * minute);
    expect(lostLeases(later, 6 * minute - 1, 6 * minute)).toEqual([]);
    expect(lostLeases(later, 6 * minute, 6 * minute)).toEqual([anId()]);
  });

  test("lives on with each new beat of its owner", () => {
    const first = observe(new Map(), [adasTask()], beat("one"), 0);
    const later = observe(first, [adasTask()], beat("two"), 5 * minute);
    expect(lostLeases(later, 10 * minute, 6 * minute)).toEqual([]);
  });

  test("is watched anew when the task was claimed again", () => {
    const first = observe(new Map(), [adasTask()], beat("one"), 0);
    const again = adasTask({ state: { kind: "running", by: ada, token: bobsToken } });
    const later = observe(first, [again], beat("one"), 5 * minute);
    expect(later.get(anId())).toMatchObject({ token: bobsToken, sinceMs: 5 * minute });
  });

  test("is watched from now on by a watcher that was started anew", () => {
    expect(observe(new Map(), [adasTask()], beat("one"), 90 * minute).get(anId())).toEqual({
      token: adasToken,
      beat: "one",
      sinceMs: 90 * minute,
    });
  });

  test("is watched on when its task is cancelled", () => {
    const first = observe(new Map(), [adasTask()], beat("one"), 0);
    const cancelled = adasTask({ state: { kind: "cancelled", lease: { by: ada, token: adasToken } } });
    const later = observe(first, [cancelled], beat("one"), 6 * minute);
    expect(lostLeases(later, 6 * minute, 6 * minute)).toEqual([anId()]);
  });

  test("whose owner never showed a beat is lost all the same", () => {
    const first = observe(new Map(), [adasTask()], new Map(), 0);
    expect(lostLeases(observe(first, [adasTask()], new Map(), minute), minute, minute)).toEqual([anId()]);
  });

  test("is forgotten when the task does not run any more", () => {
    const first = observe(new Map(), [adasTask()], beat("one"), 0);
    expect(observe(first, [aTask()], beat("one"), 1)).toEqual(new Map());
  });
});

test.each([
  [0, "alive"],
  [89_999, "alive"],
  [90_000, "late"],
  [179_999, "late"],
  [180_000, "silent"],
] as const)("a worker that beats each minute and was still for %d ms is %s", (ms, health) => {
  expect(healthOf(ms, 60)).toBe(health);
});

function beat(commit: string): Map<NodeName, string> {
  return new Map([[ada, commit]]);
}
