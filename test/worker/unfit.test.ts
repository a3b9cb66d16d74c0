import { beforeEach, describe, expect, test } from "vitest";

import { Unfit } from "../../worker/unfit.ts";
import { HandClock } from "../support/hand-clock.ts";
import { anId } from "../support/tasks.ts";

describe("what a worker leaves alone for a while", () => {
  let clock: HandClock;
  let unfit: Unfit;
  beforeEach(() => {
    clock = new HandClock();
    unfit = new Unfit(clock, () => 0.999);
  });

  test("is forgotten some time after it could be tried again, and not before somebody looked", async () => {
    unfit.executorFailed("openclaw", "no key");
    await clock.advance(15 * 60_000);
    expect(unfit.executors).toEqual({});
    expect([unfit.any, unfit.any]).toEqual([true, true]);
    await clock.advance(5 * 60_000);
    expect([unfit.any, unfit.any]).toEqual([true, false]);
  });

  test("waits longer after each trouble with the same task, although the waits between are forgotten", async () => {
    for (const waitMs of [10_000, 20_000, 40_000]) {
      unfit.taskMetTrouble(anId());
      await clock.advance(0.9 * waitMs);
      expect(unfit.tasks).toEqual(new Set([anId()]));
      await clock.advance(0.1 * waitMs);
      expect(unfit.tasks).toEqual(new Set());
      await clock.advance(5 * 60_000);
      expect([unfit.any, unfit.any]).toEqual([true, false]);
    }
  });

  test("is forgotten at once when the configuration may have mended it", () => {
    unfit.executorFailed("openclaw", "no key");
    unfit.taskMetTrouble(anId());
    unfit.forgetAll();
    expect(unfit.any).toBe(false);
  });
});
