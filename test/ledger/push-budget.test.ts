import { expect, test } from "vitest";

import { PushBudget } from "../../src/ledger/push-budget.ts";
import { HandClock } from "../support/hand-clock.ts";

test("a limit that comes later counts the pushes of the last minute, and none of before", async () => {
  const clock = new HandClock();
  let limit: number | undefined;
  const budget = new PushBudget(clock, () => limit);
  budget.pushed();
  await clock.advance(59_000);
  budget.pushed();
  await clock.advance(1000);
  budget.pushed();
  limit = 2;
  expect(budget.waitMs()).toBe(59_000);
  limit = 3;
  expect(budget.waitMs()).toBe(0);
});
