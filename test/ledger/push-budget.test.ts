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
  limit = 5;
  expect(budget.waitMs()).toBe(0);
});

test("in a busy minute there is time between two pushes for the others to see them", async () => {
  const clock = new HandClock();
  const budget = new PushBudget(clock, () => 5);
  budget.pushed();
  budget.pushed();
  expect(budget.waitMs()).toBe(0);
  budget.pushed();
  expect(budget.waitMs()).toBe(6000);
  await clock.advance(6000);
  expect(budget.waitMs()).toBe(0);
});

test("whoever goes ahead takes the gap that others wait for as well", async () => {
  const clock = new HandClock();
  const [main, worker] = [{ aheadMs: 5000 }, {}].map((how) => new PushBudget(clock, () => 1, how));
  for (const budget of [main, worker]) budget?.pushed();
  expect([main?.waitMs(), worker?.waitMs()]).toEqual([55_000, 60_000]);
});

test("a push that moved nothing here counts, and hides nobody's push to the ledger", () => {
  const budget = new PushBudget(new HandClock(), () => 2);
  budget.saw({ head: "a", beats: new Map() });
  budget.pushed();
  expect(budget.waitMs()).toBe(6000);
  budget.saw({ head: "b", beats: new Map() });
  expect(budget.waitMs()).toBe(60_000);
});

test("a life goes on counting where the one before it ended", async () => {
  const clock = new HandClock();
  let left: readonly number[] = [];
  const bequeath = (pushes: readonly number[]) => (left = pushes);
  const begin = () => new PushBudget(clock, () => 2, { legacy: { inherited: left, bequeath } });
  const first = begin();
  first.pushed();
  await clock.advance(10_000);
  first.pushed();
  await clock.advance(5000);
  const second = begin();
  expect(second.waitMs()).toBe(45_000);
  second.pushed();
  expect(left).toHaveLength(2);
  await clock.advance(60_000);
  expect(begin().waitMs()).toBe(0);
});

test("what was noted before the clock was put back is not taken for pushes of the last minute", () => {
  const clock = new HandClock();
  const inherited = [clock.now().getTime() + 30_000];
  const budget = new PushBudget(clock, () => 1, { legacy: { inherited, bequeath: () => {} } });
  expect(budget.waitMs()).toBe(0);
});

test("where pushes are not scarce nothing is left to the next life", () => {
  let isLeft = false;
  const legacy = { inherited: [], bequeath: () => (isLeft = true) };
  new PushBudget(new HandClock(), () => undefined, { legacy }).pushed();
  expect(isLeft).toBe(false);
});

test.each([
  ["one of our own that landed", (budget: PushBudget) => (budget.pushed(), budget.landed())],
  ["one of somebody who was faster", (budget: PushBudget) => budget.outrun()],
])("%s is not counted once more when it is seen", (_, happen) => {
  const budget = new PushBudget(new HandClock(), () => 2);
  budget.saw({ head: "a", beats: new Map() });
  happen(budget);
  budget.saw({ head: "b", beats: new Map() });
  expect(budget.waitMs()).toBe(6000);
  budget.saw({ head: "c", beats: new Map() });
  expect(budget.waitMs()).toBe(60_000);
});
