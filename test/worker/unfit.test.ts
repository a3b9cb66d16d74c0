import { beforeEach, describe, expect, test } from "vitest";

import { Unfit } from "../../worker/unfit.ts";
import { HandClock } from "../support/hand-clock.ts";

describe("what a worker leaves alone for a while", () => {
  let clock: HandClock;
  let unfit: Unfit;
  beforeEach(() => {
    clock = new HandClock();
    unfit = new Unfit(clock, () => 0.999);
  });

  test("is forgotten some time after it could be tried again, and not before somebody looked", async () => {
    unfit.executorFailed("openclaw", "no key");
    expect([offered(), unfit.executors]).toEqual([["claude"], { openclaw: "no key" }]);
    await clock.advance(15 * 60_000);
    expect([offered(), unfit.executors]).toEqual([["openclaw", "claude"], {}]);
    expect([unfit.any, unfit.any]).toEqual([true, true]);
    await clock.advance(5 * 60_000);
    expect([unfit.any, unfit.any]).toEqual([true, false]);
  });

  test("is forgotten at once when the configuration may have mended it", () => {
    unfit.executorFailed("openclaw", "no key");
    unfit.forgetAll();
    expect(unfit.any).toBe(false);
  });

  function offered(): readonly string[] {
    const all = { executors: ["openclaw", "claude", "codex"], capabilities: [] };
    return unfit.offer(all, { codex: "the day's budget is spent" }).executors;
  }
});
