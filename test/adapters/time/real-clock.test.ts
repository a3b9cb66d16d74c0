import { expect, test } from "vitest";

import { realClock } from "../../../src/adapters/time/real-clock.ts";

test("a sleep ends at once when its signal is aborted, before or while it lasts", async () => {
  await realClock.sleep(3_600_000, AbortSignal.abort());
  const waking = new AbortController();
  const asleep = realClock.sleep(3_600_000, waking.signal);
  waking.abort();
  expect(await asleep).toBeUndefined();
});

test("a sleep of months does not end at once", async () => {
  const waking = new AbortController();
  const asleep = realClock.sleep(2 ** 32, waking.signal).then(() => "awake");
  expect(await Promise.race([asleep, realClock.sleep(5).then(() => "asleep")])).toBe("asleep");
  waking.abort();
  expect(await asleep).toBe("awake");
});

test("the stopwatch does not go backwards", async () => {
  const before = realClock.monotonicMs();
  await realClock.sleep(2);
  expect(realClock.monotonicMs()).toBeGreaterThan(before);
});
