import { describe, expect, test } from "vitest";

import { chooseNext, obstacle, type Circumstances, type Offer } from "../../src/core/choose.ts";
import { adasTask, anId, aPastAttempt, aTask } from "../support/tasks.ts";

const offer: Offer = { executors: ["openclaw", "command"], capabilities: ["gpu", "linux"] };
const around: Circumstances = {
  defaultExecutor: "openclaw",
  hasSucceeded: (id) => id === anId(9),
  now: new Date("2026-11-21T12:00:00Z"),
};

describe("the choice of the next tasks", () => {
  test("takes a higher priority first, then what stands higher in the file", () => {
    const tasks = [
      aTask({ id: anId(1) }),
      aTask({ id: anId(2), request: { priority: "low" } }),
      aTask({ id: anId(3), request: { priority: "urgent" } }),
      aTask({ id: anId(4), request: { priority: "high" } }),
      aTask({ id: anId(5), request: { priority: "normal" } }),
    ];
    const chosen = chooseNext(tasks, offer, around, 5).map(({ id }) => id);
    expect(chosen).toEqual([anId(3), anId(4), anId(1), anId(5), anId(2)]);
  });

  test("takes no more than there is room for", () => {
    const tasks = [aTask({ id: anId(1) }), aTask({ id: anId(2) })];
    expect(chooseNext(tasks, offer, around, 1)).toHaveLength(1);
    expect(chooseNext(tasks, offer, around, 0)).toHaveLength(0);
  });

  test("takes one task for an executor on probation, of those that met the fewest troubles, and more for others", () => {
    const met = (count: number) =>
      Array.from({ length: count }, () => aPastAttempt({ end: "transient", why: "HTTP 429" }));
    const tasks = [
      aTask({ id: anId(1), tried: met(2), request: { priority: "urgent" } }),
      aTask({ id: anId(2), tried: met(1) }),
      aTask({ id: anId(3), tried: met(1) }),
      aTask({ id: anId(4), request: { executor: "command" } }),
      aTask({ id: anId(5), request: { executor: "command" } }),
    ];
    const chosen = (probing: string[]) =>
      chooseNext(tasks, { ...offer, probing }, around, 5).map(({ id }) => id);
    expect(chosen(["openclaw"])).toEqual([anId(2), anId(4), anId(5)]);
    expect(chosen(["claude"])).toHaveLength(5);
  });

  test("leaves alone what is not for this worker", () => {
    expect(chooseNext([aTask({ request: { executor: "claude" } })], offer, around, 1)).toEqual([]);
  });
});

describe("what keeps a task from a worker", () => {
  test.each([
    [
      "an executor it does not offer",
      aTask({ request: { executor: "claude" } }),
      "it wants the executor claude",
    ],
    ["a capability it lacks", aTask({ request: { needs: ["gpu", "macos"] } }), "it needs macos"],
    [
      "a task that has not succeeded",
      aTask({ request: { after: [anId(8), anId(9)] } }),
      `it comes after ${anId(8)}`,
    ],
    ["a deadline that has passed", aTask({ request: { expires: "2026-11-21T12:00:00Z" } }), "it has expired"],
    ["a missing approval", aTask({ request: { approval: "required" } }), "it waits for an approval"],
    ["another worker", adasTask(), "it is running"],
  ])("is %s", (_, task, reason) => {
    expect(obstacle(task, offer, around)).toBe(reason);
  });

  test("is no deadline for one that has waited for its children: it did begin in time", () => {
    const request = { expires: "2026-11-21T12:00:00Z" };
    const waited = aTask({ attempt: 1, tried: [aPastAttempt({ end: "waiting" })], request });
    expect(obstacle(waited, offer, around)).toBeUndefined();
    const lost = aTask({ ...waited, tried: [...waited.tried, aPastAttempt({ attempt: 2 })] });
    expect(obstacle(lost, offer, around)).toBe("it has expired");
  });

  test("is nothing when all of it fits", () => {
    const request = {
      needs: ["gpu"],
      after: [anId(9)],
      expires: "2026-11-21T12:00:01Z",
      executor: "command",
    };
    expect(obstacle(aTask({ request }), offer, around)).toBeUndefined();
  });
});
