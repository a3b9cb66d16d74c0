import { expect, test } from "vitest";

import { HandClock } from "./hand-clock.ts";

test("a clock turned by hand wakes sleepers in the order of their times, each at his own", async () => {
  const clock = new HandClock("2026-11-21T10:00:00Z");
  const woken: string[] = [];
  const nap = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woken.push(`${name} at ${clock.monotonicMs()}`);
  };
  void nap("late", 300);
  void nap("twice", 100).then(() => nap("twice", 100));
  void nap("never", 10_000);
  await clock.advance(1000);
  expect(woken).toEqual(["twice at 100", "twice at 200", "late at 300"]);
  expect(clock.now().toISOString()).toBe("2026-11-21T10:00:01.000Z");
  expect(clock.sleepers).toBe(1);
});

test("a clock turned by hand lets go of a sleeper whose signal is aborted", async () => {
  const clock = new HandClock();
  const waking = new AbortController();
  const asleep = clock.sleep(1000, waking.signal);
  await clock.untilSomeoneSleeps();
  waking.abort();
  await asleep;
  expect(clock.sleepers).toBe(0);
});
