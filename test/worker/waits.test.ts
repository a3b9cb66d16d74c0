import { beforeEach, describe, expect, test } from "vitest";

import { restAfter } from "../../src/core/retry.ts";
import type { Task } from "../../src/core/task.ts";
import { Waits } from "../../worker/waits.ts";
import { HandClock } from "../support/hand-clock.ts";
import { adasTask, anId, aPastAttempt, aTask } from "../support/tasks.ts";

const justNow = "2026-11-21T10:00:00Z";

describe("a task whose last attempt met a passing trouble", () => {
  let clock: HandClock;
  let waits: Waits;
  beforeEach(() => {
    clock = new HandClock(justNow);
    waits = new Waits(clock);
  });

  test.each([
    ["a moment ago", justNow],
    ["in a future that our clock does not know yet", "2026-11-21T11:00:00Z"],
    ["at a time that cannot be read", "-"],
  ])("%s waits for as long as the ledger says, from when it was seen", async (_, ended) => {
    const task = aRefused({ ended });
    expect(waits.among([task])).toEqual([anId()]);
    await clock.advance(restAfter(task) - 1);
    expect(waits.among([task])).toEqual([anId()]);
    expect(waits.someAreOver).toBe(false);
    await clock.advance(1);
    expect(waits.someAreOver).toBe(true);
    expect(waits.among([task])).toEqual([]);
  });

  test("long ago waits no longer, whoever sees it for the first time", () => {
    expect(waits.among([aRefused({ ended: "2026-11-21T09:55:00Z" })])).toEqual([]);
  });

  test("waits anew after its next attempt", async () => {
    const task = aRefused({});
    waits.among([task]);
    await clock.advance(restAfter(task));
    const again = aRefused({ attempt: 2, ended: clock.now().toISOString() });
    expect(waits.among([again])).toEqual([anId()]);
  });

  test("is news for some time after its wait, as long as it is there to be taken", async () => {
    const task = aRefused({});
    waits.among([task]);
    await clock.advance(restAfter(task) + 4 * 60_000);
    expect([waits.someAreOver, waits.someAreOver]).toEqual([true, true]);
    await clock.advance(60_000);
    expect(waits.someAreOver).toBe(false);
  });

  test("is nobody's to leave alone while somebody runs it", () => {
    const running = adasTask({ attempt: 2, tried: aRefused({}).tried });
    expect(waits.among([running, aTask({ id: anId(2) })])).toEqual([]);
  });
});

function aRefused({ attempt = 1, ended = justNow }): Task {
  const tried = Array.from({ length: attempt }, (_, n) =>
    aPastAttempt({ attempt: n + 1, end: "transient", ended }),
  );
  return aTask({ attempt, tried });
}
